/* cdr_values.h
 * Values inside a charging data record, 3GPP TS 32.298: digits, times, integers, addresses.
 *
 * Pure functions over octets, so that they can be tested alone. Each returns NULL when the octets are good, and
 * otherwise says in plain words what is wrong with them; the result is then not to be used.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_VALUES_H
#define PORTLORE_CDR_VALUES_H

#include <wireshark.h>
#include <wsutil/nstime.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Digits of the longest number read, and its end. */
#define CDR_DIGITS_SIZE 33

typedef struct {
    bool is_ipv6;
    uint8_t octets[16]; /* network order; an IPv4 address fills the first four */
} cdr_address_t;

/* A BER INTEGER that counts or numbers something. Every such field of a record is unsigned by its definition, yet
 * encoders exist that leave out the leading zero octet which BER wants when the top bit is set: the octets are read
 * as they stand, and READS_NEGATIVE tells that a strict reader would see a negative number. */
const char *cdr_read_integer(const uint8_t *data, size_t length, uint64_t *value, bool *reads_negative);

/* IMSI and IMEI: TBCD, low nibble first, filler nibbles F at the end only. */
const char *cdr_read_imsi(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE]);
const char *cdr_read_imei(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE]);

/* MSISDN: an octet of number type and plan, perhaps one more that extends it, which are left out, then TBCD. */
const char *cdr_read_msisdn(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE]);

/* Any other number: AddressString and BCDDirectoryNumber. Octets of type and plan may be more than one. */
const char *cdr_read_number(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE]);

/* The digits in a text; a word and a hyphen may be in front of them (imsi-, msisdn-), and a +. */
const char *cdr_read_subscriber(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE]);

/* TimeStamp: nine octets, the local time YY MM DD hh mm ss in BCD, a sign character, and hh mm of the offset from
 * UTC, which ends up in OFFSET_MINUTES. */
const char *cdr_read_time(const uint8_t *data, size_t length, nstime_t *utc, int *offset_minutes);

/* IP addresses, as octets and as text (a prefix length after a slash is left out). */
const char *cdr_read_ipv4(const uint8_t *data, size_t length, cdr_address_t *address);
const char *cdr_read_ipv6(const uint8_t *data, size_t length, cdr_address_t *address);
const char *cdr_read_ip_text(const uint8_t *data, size_t length, cdr_address_t *address);

#endif
