/* test_cdr_reader.c
 * The walk over charging data records: every family, other domains, and records that are broken or cut short.
 *
 * Each record's report is compared as one line of text: "field=value" for what was read, "!text" for what was not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ber.h"
#include "cdr/cdr_reader.h"

#include <wsutil/inet_addr.h>

#include <inttypes.h>
#include <string.h>

typedef struct {
    const uint8_t *octets;
    GString *text;
} report_t;

static void take_item(void *user, const cdr_item_t *item)
{
    const report_t *const to = (const report_t *)user;
    GString *const report = to->text;
    char address[WS_INET6_ADDRSTRLEN];

    g_string_append_printf(report, "%s=", cdr_name_field(item->field));
    switch (item->field) {
    case CDR_IMSI:
    case CDR_MSISDN:
    case CDR_IMEI:
        g_string_append(report, item->digits);
        break;
    case CDR_APN:
    case CDR_NODE_ID:
    case CDR_SESSION_ID:
    case CDR_CALLING:
    case CDR_CALLED:
        g_string_append_len(report, (const char *)item->octets, (gssize)item->num_octets);
        break;
    case CDR_OPENING_TIME:
        g_string_append_printf(report, "%" PRId64, (int64_t)item->time.secs);
        break;
    case CDR_NODE_ADDRESS:
    case CDR_PDP_ADDRESS:
        g_string_append(report, item->address.is_ipv6 ? ws_inet_ntop6(item->address.octets, address, sizeof(address))
                                                      : ws_inet_ntop4(item->address.octets, address, sizeof(address)));
        break;
    case CDR_UPLINK:
    case CDR_DOWNLINK:
        g_string_append_printf(report, "%" PRIu64 "(%s%u", item->number, item->in_service ? "s" : "t", item->container);
        if (item->has_rating_group) {
            g_string_append_printf(report, ",%" PRIu64, item->rating_group);
        }
        g_string_append(report, ")");
        break;
    default:
        g_string_append_printf(report, "%" PRIu64, item->number);
        break;
    }
    g_string_append(report, "; ");
}

static void take_fault(void *user, cdr_fault_t fault, uint32_t offset, uint32_t length, const char *text)
{
    GString *const report = ((const report_t *)user)->text;

    (void)fault;
    (void)offset;
    (void)length;
    g_string_append_printf(report, "!%s; ", text);
}

static const cdr_sink_t sink = { .item = take_item, .fault = take_fault };

/* The octets of a hex string that may hold blanks. In memory of their own, so that a sanitizer sees every step beyond
 * the last one. */
static uint8_t *read_hex(const char *hex, size_t *length)
{
    uint8_t *octets = (uint8_t *)g_malloc(strlen(hex) / 2 + 1);

    *length = 0;
    for (; *hex != '\0'; hex++) {
        if (*hex != ' ') {
            octets[(*length)++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
            hex++;
        }
    }
    return (uint8_t *)g_realloc(octets, MAX(*length, 1));
}

static GString *walk(const uint8_t *octets, size_t captured, size_t reported)
{
    cdr_summary_t summary;
    GString *report = g_string_new(NULL);
    GString *items = g_string_new(NULL);
    report_t to = { octets, items };

    cdr_read_fields(NULL, octets, (uint32_t)captured, (uint32_t)reported, &summary, &sink, &to);
    if (summary.has_tag) {
        g_string_append_printf(report, "tag %u ", summary.tag);
    }
    if (summary.has_type) {
        g_string_append_printf(report, "type %u ", summary.type);
    }
    g_string_append_printf(report, "%s: %s", summary.record != NULL ? cdr_schema_text + summary.record->called : "?",
                           items->str);
    g_string_free(items, TRUE);
    return report;
}

static void check(const char *hex, const char *expected)
{
    size_t length;
    uint8_t *octets = read_hex(hex, &length);
    GString *report = walk(octets, length, length);

    g_assert_cmpstr(g_strstrip(report->str), ==, expected);
    g_string_free(report, TRUE);
    g_free(octets);
}

/* Puts the outermost element around fields: TAG is the identifier in hex. */
static void check_fields(const char *tag, const char *fields, const char *expected)
{
    size_t length;
    char *hex;

    g_free(read_hex(fields, &length));
    g_assert_cmpuint(length, <, 256);
    hex = g_strdup_printf("%s 81%02zx %s", tag, length, fields);
    check(hex, expected);
    g_free(hex);
}

#define IMSI "08 00010100000000f1 "
#define STAMP "09 2401020304052b0200 "
#define IPV4 "80 04 c0000201 "
#define IPV6 "81 10 20010db8000000000000000000000001 "
#define VOLUMES "22 30 11 83 02 0348 84 02 0349 85 01 02 86 04 24010203 30 0d 83 05 0100000000 84 01 00 85 01 02 "

/* A string may be sent in pieces, which may be in pieces themselves, and end anywhere. */
static void test_pieces(void)
{
    /* IMSI, a PDP address, APN, node, and the MSISDN in three pieces of which two are one. */
    check_fields("bf4f",
                 "80 01 55 a3 80 04 03 000101 04 05 00000000f1 0000 a9 0c a0 0a a0 08 04 02 c633 04 02 6401 "
                 "a7 80 24 80 16 02 6170 16 00 0000 16 01 61 0000 b2 06 16 04 50475731 "
                 "b6 0e 04 01 91 24 80 04 01 94 04 02 7100 0000 ad 0d 04 08 2401020304052b02 04 01 00",
                 "tag 79 type 85 PGW: recordType=85; servedIMSI=001010000000001; served PDP/PDN address=198.51.100.1; "
                 "accessPointNameNI=apa; nodeID=PGW1; servedMSISDN=491700; recordOpeningTime=1704157445;");
    /* An eGSN's IMSI tells its record from an E-CSCF's also in pieces. */
    check_fields("bf46", "80 01 46 a3 80 04 03 000101 04 05 00000000f1 0000",
                 "tag 70 type 70 eGSN: recordType=70; servedIMSI=001010000000001;");
    /* No piece, a number in pieces, and a piece that is too long. */
    check_fields("bf4f", "80 01 55 a3 03 80 01 01 a5 03 02 01 07 b2 02 04 05",
                 "tag 79 type 85 PGW: recordType=85; !At octet 7 of the record, servedIMSI cannot be read: something "
                 "else than pieces of a string.; !At octet 12 of the record, chargingID cannot be read: elements "
                 "inside what should be a plain value.; !At octet 17 of the record, nodeID cannot be read: something "
                 "else than pieces of a string.;");
    check_fields("bf4f", "80 01 55 a7 00",
                 "tag 79 type 85 PGW: recordType=85; !At octet 9 of the record, accessPointNameNI cannot be read: a "
                 "text without characters.;");
}

static void test_families(void)
{
    /* Everything that a PGW's record has, service data included. */
    check_fields("bf4f",
                 "80 01 55 83 " IMSI "a4 06 " IPV4 "85 05 00ffffffff a6 06 80 04 c0000263 87 03 617061 "
                 "a9 08 a0 06 80 04 c6336401 ac " VOLUMES "8d " STAMP "8e 01 2b 8f 01 10 91 01 02 92 04 50475731 "
                 "94 03 010000 96 04 91947100 9d 08 53214365870921f3 9e 01 06 "
                 "bf22 12 30 10 81 01 0a 85 02 2401 8c 02 0100 8d 03 010000 "
                 "bf2d 14 a0 12 " IPV6 "bf32 12 " IPV6,
                 "tag 79 type 85 PGW: recordType=85; servedIMSI=001010000000001; node address=192.0.2.1; "
                 "chargingID=4294967295; accessPointNameNI=apa; served PDP/PDN address=198.51.100.1; "
                 "uplink volume=840(t1); downlink volume=841(t1); uplink volume=4294967296(t2); "
                 "downlink volume=0(t2); recordOpeningTime=1704157445; duration=43; causeForRecClosing=16; "
                 "recordSequenceNumber=2; nodeID=PGW1; localSequenceNumber=65536; servedMSISDN=491700; "
                 "servedIMEI=351234567890123; rATType=6; ratingGroup=10; uplink volume=256(s1,10); downlink "
                 "volume=65536(s1,10); "
                 "served PDP/PDN address=2001:db8::1; node address=2001:db8::1;");
    /* Tag 34 is no service data in these. */
    check_fields("bf4e", "80 01 54 9f22 01 ff bf30 12 " IPV6 "bf2b 14 a0 12 " IPV6,
                 "tag 78 type 84 SGW: recordType=84; node address=2001:db8::1; served PDP/PDN address=2001:db8::1;");
    check_fields("bf61", "80 01 61 85 01 07", "tag 97 type 97 TWAG: recordType=97; chargingID=7;");
    check_fields("b5", "80 01 13 83 " IMSI "a4 06 " IPV4 "94 01 05",
                 "tag 21 type 19 GGSN: recordType=19; servedIMSI=001010000000001; node address=192.0.2.1; "
                 "localSequenceNumber=5;");
    check_fields("bc", "80 01 46 bf22 08 30 06 8c 01 01 8d 01 02",
                 "tag 28 type 70 eGSN: recordType=70; uplink volume=1(s1); downlink volume=2(s1);");
    check_fields("bf46", "80 01 46 83 " IMSI, "tag 70 type 70 eGSN: recordType=70; servedIMSI=001010000000001;");
    check_fields("bf46", "80 01 46 85 04 00000009", "tag 70 type 70 eGSN: recordType=70; chargingID=9;");
    check_fields("b4",
                 "80 01 12 83 " IMSI "84 08 53214365870921f3 a5 06 " IPV4 "8a 01 09 ab 06 80 04 c0000263 8c 01 61 "
                 "ae 08 a0 06 80 04 c6336401 af " VOLUMES "90 " STAMP "91 01 01 93 01 00 95 01 03 96 01 53 98 01 04 "
                 "9b 02 9121 9d 01 02",
                 "tag 20 type 18 SGSN-PDP: recordType=18; servedIMSI=001010000000001; servedIMEI=351234567890123; "
                 "node address=192.0.2.1; chargingID=9; accessPointNameNI=a; "
                 "served PDP/PDN address=198.51.100.1; uplink volume=840(t1); downlink volume=841(t1); "
                 "uplink volume=4294967296(t2); downlink volume=0(t2); recordOpeningTime=1704157445; duration=1; "
                 "causeForRecClosing=0; recordSequenceNumber=3; nodeID=S; localSequenceNumber=4; "
                 "servedMSISDN=12; rATType=2;");
    check_fields("b6",
                 "80 01 14 81 " IMSI "82 08 53214365870921f3 a3 06 " IPV4 "89 " STAMP
                 "8a 01 01 8c 01 00 8e 01 02 8f 01 53 91 01 03 92 02 9121 95 01 02",
                 "tag 22 type 20 SGSN-MM: recordType=20; servedIMSI=001010000000001; servedIMEI=351234567890123; "
                 "node address=192.0.2.1; recordOpeningTime=1704157445; duration=1; causeForRecClosing=0; "
                 "recordSequenceNumber=2; nodeID=S; localSequenceNumber=3; servedMSISDN=12; rATType=2;");
    check_fields("b7", "80 01 15 81 " IMSI "83 02 9121 8b " STAMP "8e 01 53 8f 01 07 91 01 02",
                 "tag 23 type 21 SGSN-SMO: recordType=21; servedIMSI=001010000000001; servedMSISDN=12; "
                 "recordOpeningTime=1704157445; nodeID=S; localSequenceNumber=7; rATType=2;");
    check_fields("b8", "80 01 16 81 " IMSI "83 02 9121 8a " STAMP "8d 01 53 8e 01 07 90 01 02",
                 "tag 24 type 22 SGSN-SMT: recordType=22; servedIMSI=001010000000001; servedMSISDN=12; "
                 "recordOpeningTime=1704157445; nodeID=S; localSequenceNumber=7; rATType=2;");
    check_fields("bf5c", "80 01 5c a4 06 " IPV4 "bf35 06 80 04 c0000202",
                 "tag 92 type 92 TDF: recordType=92; node address=192.0.2.2;");
}

static void test_other_domains(void)
{
    /* The same outermost tags as records of the packet-switched domain. */
    check_fields("bf4e", "80 01 4e 83 01 41", "tag 78 type 78 BM-SC subscriber: recordType=78; accessPointNameNI=A;");
    check_fields("bf46", "80 01 46 83 01 00 85 0a 61626364656667686970",
                 "tag 70 type 70 E-CSCF: recordType=70; session-Id=abcdefghip;");
    check_fields("b4", "80 01 57 83 02 9121", "tag 20 type 87 MSC-SRVCC: recordType=87; servedMSISDN=12;");
    check_fields("bf3f", "80 01 3f 83 01 00", "tag 63 type 63 S-CSCF: recordType=63;");
    check_fields("bf8148", "80 02 00c8 83 01 00", "tag 200 type 200 CHF: recordType=200;");
    /* IMS: the node in a choice with names of domains, and digits that their type tells. */
    check_fields("bf3f",
                 "80 01 3f a4 08 a0 06 80 04 c0000201 8f 01 07 bf1f 2e 310e 80 01 01 81 09 303031303130303031"
                 "310d 80 01 00 81 08 2b39393937303030 310d 80 01 02 81 08 3030313031303030",
                 "tag 63 type 63 S-CSCF: recordType=63; node address=192.0.2.1; localSequenceNumber=7; "
                 "servedIMSI=001010001; servedMSISDN=9997000;");
    check_fields("bf3f", "80 01 3f a4 06 81 04 74657374 91 01 00",
                 "tag 63 type 63 S-CSCF: recordType=63; causeForRecClosing=0;");
    /* CHF: SUPI, the volumes of each used unit, the PDU session. */
    check_fields("bf8148",
                 "80 02 00c8 a2 13 80 01 01 81 0e 696d73692d303031303130303031 8b 01 09 "
                 "a5 1c 30 0d 80 01 07 a1 08 30 06 85 01 0a 86 01 14 30 0b 80 01 08 a1 06 30 04 85 02 0100 "
                 "ad 10 80 01 03 86 01 05 ae 08 a0 06 80 04 c0000202",
                 "tag 200 type 200 CHF: recordType=200; servedIMSI=001010001; localSequenceNumber=9; ratingGroup=7; "
                 "uplink volume=10(s1,7); downlink volume=20(s1,7); ratingGroup=8; uplink volume=256(s2,8); "
                 "chargingID=3; pDUSessionId=5; served PDP/PDN address=192.0.2.2;");
    check_fields("a0", "80 01 00", "tag 0 type 0 MO call: recordType=0;");
    check_fields("bf63", "80 01 7f", "tag 99 type 127 ?: recordType=127;");
    check_fields("bf63", "80 05 00fffffffe", "tag 99 type 4294967294 ?: recordType=4294967294;");
}

static void test_order_and_forms(void)
{
    /* A SET has no order. */
    check_fields("bf60", "85 01 07 80 01 60", "tag 96 type 96 ePDG: chargingID=7; recordType=96;");
    /* Text addresses, an IPv6 address with its prefix length, an X.121 address. */
    check_fields("bf60", "80 01 60 a4 0b 82 09 3139322e302e322e31 a9 0f a0 0d 83 0b 323030313a6462383a3a31",
                 "tag 96 type 96 ePDG: recordType=96; node address=192.0.2.1; served PDP/PDN address=2001:db8::1;");
    check_fields("bf60", "80 01 60 a9 19 a0 17 a4 15 04 10 20010db8000000000000000000000001 02 01 40",
                 "tag 96 type 96 ePDG: recordType=96; served PDP/PDN address=2001:db8::1;");
    check_fields("bf60", "80 01 60 a9 05 a1 03 80 01 00 85 01 07", "tag 96 type 96 ePDG: recordType=96; chargingID=7;");
    /* Lengths that are longer than they need be. */
    check("bf60 82 0008 80 83 000001 60 05 00", "tag 96 type 96 ePDG: recordType=96;");
    check("bf60 88 0000000000000003 80 01 60", "tag 96 type 96 ePDG: recordType=96;");
    /* Tags of other classes, and private ones, are not fields. */
    check_fields("bf60", "80 01 60 05 00 c5 01 07 45 01 07 df8f7f 01 00", "tag 96 type 96 ePDG: recordType=96;");
}

static void test_indefinite(void)
{
    check("bf60 80 80 01 60 a4 80 80 04 c0000201 0000 ac 80 30 80 83 01 05 0000 0000 85 01 07 0000",
          "tag 96 type 96 ePDG: recordType=96; node address=192.0.2.1; uplink volume=5(t1); chargingID=7;");
    check("bf60 80 80 01 60 85 01 07", "tag 96 type 96 ePDG: !At octet 0 of the record, the outermost element [96] "
                                       "cannot be read: its end-of-contents is missing.; "
                                       "recordType=96; chargingID=7;");
    check_fields("bf60", "80 01 60 85 80 07 0000",
                 "tag 96 type 96 ePDG: recordType=96; !At octet 7 of the record, an element cannot be read: "
                 "it is primitive and of indefinite length.;");
}

static void test_nesting(void)
{
    GString *hex = g_string_new("bf60 80 80 01 60 b3 80 ");
    size_t length;
    uint8_t *octets;
    GString *report;

    for (int i = 0; i < 20000; i++) {
        g_string_append(hex, "3080");
    }
    octets = read_hex(hex->str, &length);
    report = walk(octets, length, length);
    g_assert_nonnull(strstr(report->str, "it is nested too deeply"));
    g_assert_nonnull(strstr(report->str, "recordType=96"));
    g_string_free(report, TRUE);
    g_free(octets);
    g_string_free(hex, TRUE);
}

static void test_broken_values(void)
{
    /* A bad value costs that value only. */
    check_fields(
        "bf60",
        "80 01 60 83 02 0001 a4 05 80 03 c00002 85 06 010000000000 8d 09 2413020304052b0200 8e 00 92 00 "
        "94 01 07",
        "tag 96 type 96 ePDG: recordType=96; "
        "!At octet 9 of the record, servedIMSI cannot be read: an IMSI has 3 to 8 octets.; "
        "!At octet 15 of the record, ePDGAddressUsed cannot be read: an IPv4 address has 4 octets.; "
        "!At octet 20 of the record, chargingID cannot be read: an integer of more than 32 bits.; "
        "!At octet 28 of the record, recordOpeningTime cannot be read: a month that does not exist.; "
        "!At octet 39 of the record, duration cannot be read: an integer without octets.; "
        "!At octet 41 of the record, nodeID cannot be read: a text without characters.; localSequenceNumber=7;");
    check_fields("bf60", "80 01 60 85 04 f0000001",
                 "tag 96 type 96 ePDG: recordType=96; chargingID=4026531841; "
                 "!At octet 9 of the record, chargingID is negative in BER; it is read as unsigned.;");
    check_fields(
        "bf60", "80 01 60 84 04 c0000201 a4 00 a9 02 a0 00 a3 03 02 01 01 8c 01 00 ac 03 02 01 05",
        "tag 96 type 96 ePDG: recordType=96; "
        "!At octet 9 of the record, ePDGAddressUsed cannot be read: an address without its form.; "
        "!At octet 13 of the record, ePDGAddressUsed cannot be read: an address without octets.; "
        "!At octet 15 of the record, servedPDPPDNAddress cannot be read: an address without octets.; "
        "!At octet 21 of the record, servedIMSI cannot be read: an IMSI has 3 to 8 octets.; "
        "!At octet 26 of the record, listOfTrafficVolumes cannot be read: a plain value where a list should be.; "
        "!At octet 29 of the record, listOfTrafficVolumes cannot be read: something else than a container in the "
        "list.;");
    /* A vendor's element in a list, and a container that is sent as a SET, cost none of the others. */
    check_fields("bf60", "80 01 60 ac 1a 30 03 83 01 01 9f8148 01 05 31 03 83 01 02 41 01 00 02 01 05 30 03 84 01 03",
                 "tag 96 type 96 ePDG: recordType=96; uplink volume=1(t1); uplink volume=2(t3); !At octet 27 of the "
                 "record, listOfTrafficVolumes cannot be read: something else than a container in the list.; downlink "
                 "volume=3(t6);");
    check_fields("bf60", "80 01 60 ac 0e 30 0c 83 09 010000000000000000 85",
                 "tag 96 type 96 ePDG: recordType=96; "
                 "!At octet 13 of the record, uplink volume cannot be read: an integer of more than 64 bits.; "
                 "!At octet 22 of the record, an element of listOfTrafficVolumes[1] cannot be read: its identifier or "
                 "length is incomplete.;");
}

static void test_broken_lengths(void)
{
    check_fields(
        "bf60", "80 01 60 85 01 07 83 7f 0001",
        "tag 96 type 96 ePDG: recordType=96; chargingID=7; !At octet 10 of the record, servedIMSI [3] cannot be read: "
        "its length runs past the end of what contains it.;");
    check_fields(
        "bf60", "80 01 60 ac 7f 30 03 83 01 05 85 01 07",
        "tag 96 type 96 ePDG: recordType=96; !At octet 7 of the record, listOfTrafficVolumes [12] cannot be read: "
        "its length runs past the end of what contains it.; uplink volume=5(t1);");
    /* Lengths whose low bits alone would fit. */
    check_fields("bf60", "80 01 60 85 85 0100000001 07",
                 "tag 96 type 96 ePDG: recordType=96; !At octet 7 of the record, chargingID [5] cannot be read: "
                 "its length runs past the end of what contains it.;");
    check_fields("bf60", "80 01 60 85 89 010000000000000001 07",
                 "tag 96 type 96 ePDG: recordType=96; !At octet 7 of the record, chargingID [5] cannot be read: "
                 "its length runs past the end of what contains it.;");
    check_fields("bf60", "80 01 60 85 ff 07",
                 "tag 96 type 96 ePDG: recordType=96; !At octet 7 of the record, an element cannot be read: "
                 "its length octet is FF, which is reserved.;");
    check_fields("bf60", "80 01 60 9f ffffffffff7f 01 00",
                 "tag 96 type 96 ePDG: recordType=96; !At octet 7 of the record, an element cannot be read: "
                 "its tag number is too long.;");
    check("bf60 10 80 01 60 85 01 07",
          "tag 96 type 96 ePDG: !At octet 0 of the record, the outermost element [96] cannot be read: "
          "its length runs past the end of what contains it.; recordType=96; chargingID=7;");
    check("bf60 03 80 01 60 0001", "tag 96 type 96 ePDG: recordType=96; !At octet 6 of the record, what follows the "
                                   "outermost element cannot be read: "
                                   "octets that belong to no element.;");
    check("bf60 03 80 01 60 0000",
          "tag 96 type 96 ePDG: recordType=96; !2 octets 00 fill the room behind the record.;");
    check("bf60 03 80 01 60 ff", "tag 96 type 96 ePDG: recordType=96; !1 octet FF fills the room behind the record.;");
}

static void test_broken_records(void)
{
    check("", "?: !The record is empty.;");
    check(
        "bf",
        "?: !At octet 0 of the record, the outermost element cannot be read: its identifier or length is incomplete.;");
    check(
        "bf60",
        "?: !At octet 0 of the record, the outermost element cannot be read: its identifier or length is incomplete.;");
    check("04 03 80 01 60", "?: !At octet 0 of the record, the outermost element cannot be read: "
                            "a plain value where a record's fields should be.;");
    check("31 03 80 01 60", "tag 17 type 96 ePDG: !At octet 0 of the record, the outermost element cannot be read: "
                            "its tag is not a context tag, as a record's is.; recordType=96;");
    check("bf60 03 85 01 07", "tag 96 ePDG: chargingID=7; !There is no recordType [0] that can be read: the fields are "
                              "named as those of ePDG, by the outermost tag.;");
    /* Two records have this tag. */
    check("bf4f 03 85 01 07", "tag 79 ?: !The record has no recordType [0], so that its fields cannot be told apart.;");
    /* Some of the digits are another number. */
    check("a0 08 80 01 00 89 05 919990",
          "tag 0 type 0 MO call: recordType=0; !At octet 5 of the record, recordingEntity [9] "
          "cannot be read: its length runs past the end of what contains it.;");
    check("bf60 03 80 01 55",
          "tag 96 type 85 PGW: !recordType says PGW, whose outermost tag is 79, but the tag is 96.; "
          "recordType=85;");
    check("bf60 07 80 05 0100000000",
          "tag 96 ePDG: !At octet 5 of the record, recordType cannot be read: an integer of more than 32 bits.; !There "
          "is "
          "no recordType [0] that can be read: the fields are named as those of ePDG, by the outermost tag.;");
}

static void test_many_faults(void)
{
    GString *hex = g_string_new("80 01 60 ");
    GString *report;
    size_t length;
    uint8_t *octets;
    unsigned faults = 0;

    for (int i = 0; i < 40; i++) {
        g_string_append(hex, "83 01 00 ");
    }
    char *record = g_strdup_printf("bf60 81%02x %s", 3 + 40 * 3, hex->str);

    octets = read_hex(record, &length);
    report = walk(octets, length, length);
    for (const char *at = strchr(report->str, '!'); at != NULL; at = strchr(at + 1, '!')) {
        faults++;
    }
    g_assert_cmpuint(faults, ==, CDR_MAX_FAULTS);
    g_assert_nonnull(strstr(report->str, "!The record has more faults than are listed.; "));
    g_string_free(report, TRUE);
    g_free(octets);
    g_free(record);
    g_string_free(hex, TRUE);
}

static const char whole_record[] = "bf4f 818b 80 01 55 83 " IMSI "a4 06 " IPV4 "85 05 00ffffffff 87 03 617061 "
                                   "a9 80 a0 06 80 04 c6336401 0000 ac " VOLUMES "8d " STAMP
                                   "8e 01 2b 8f 01 10 92 04 50475731 94 03 010000 96 04 91947100 "
                                   "bf22 12 30 10 81 01 0a 85 02 2401 8c 02 0100 8d 03 010000 9e 01 06";

/* A record of which the capture holds less and less: no fault is the sender's, and nothing is read beyond. */
static void test_cut_short(void)
{
    size_t length;
    uint8_t *octets = read_hex(whole_record, &length);
    GString *whole = walk(octets, length, length);

    g_assert_null(strchr(whole->str, '!'));
    for (size_t captured = 0; captured < length; captured++) {
        uint8_t *part = (uint8_t *)g_malloc(MAX(captured, 1));

        memcpy(part, octets, captured);
        GString *report = walk(part, captured, length);

        g_assert_null(strchr(report->str, '!'));
        if (captured > 7) {
            g_assert_true(g_str_has_prefix(whole->str, report->str));
        }
        g_string_free(report, TRUE);
        g_free(part);
    }
    g_string_free(whole, TRUE);
    g_free(octets);
}

/* A record that ends too early by its sender's fault says so. */
static void test_short_record(void)
{
    size_t length;
    uint8_t *octets = read_hex(whole_record, &length);

    for (size_t shorter = 0; shorter < length; shorter++) {
        uint8_t *part = (uint8_t *)g_malloc(MAX(shorter, 1));

        memcpy(part, octets, shorter);
        GString *report = walk(part, shorter, shorter);

        g_assert_nonnull(strchr(report->str, '!'));
        g_string_free(report, TRUE);
        g_free(part);
    }
    g_free(octets);
}

/* Any octet may be anything: for a sanitizer to watch. */
static void test_any_octet(void)
{
    size_t length;
    uint8_t *octets = read_hex(whole_record, &length);

    for (size_t at = 0; at < length; at++) {
        const uint8_t was = octets[at];

        for (unsigned octet = 0; octet < 256; octet++) {
            octets[at] = (uint8_t)octet;
            g_string_free(walk(octets, length, length), TRUE);
            g_string_free(walk(octets, length, length + 50), TRUE);
        }
        octets[at] = was;
    }
    g_free(octets);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gtpp/cdr/families", test_families);
    g_test_add_func("/gtpp/cdr/pieces", test_pieces);
    g_test_add_func("/gtpp/cdr/other-domains", test_other_domains);
    g_test_add_func("/gtpp/cdr/order-and-forms", test_order_and_forms);
    g_test_add_func("/gtpp/cdr/indefinite", test_indefinite);
    g_test_add_func("/gtpp/cdr/nesting", test_nesting);
    g_test_add_func("/gtpp/cdr/broken-values", test_broken_values);
    g_test_add_func("/gtpp/cdr/broken-lengths", test_broken_lengths);
    g_test_add_func("/gtpp/cdr/broken-records", test_broken_records);
    g_test_add_func("/gtpp/cdr/many-faults", test_many_faults);
    g_test_add_func("/gtpp/cdr/cut-short", test_cut_short);
    g_test_add_func("/gtpp/cdr/short-record", test_short_record);
    g_test_add_func("/gtpp/cdr/any-octet", test_any_octet);
    return g_test_run();
}
