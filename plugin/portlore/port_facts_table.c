/* port_facts_table.c
 * The facts about ports.
 * Generated from data/ports.json by data/generate.py: change the facts there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "port_facts_table.h"

/* clang-format off */
static const char *const expected_3311_tcp[] = {NULL};
static const char *const expected_3311_udp[] = {NULL};
static const port_claim_t claims_3311[] = {
    {"The name mcns-tel-ret stands for MCNS Telephony Return.",
     PORT_CLAIM_UNVERIFIED,
     "The registry says only \"MCNS Tel Ret\"; the long form is a likely reading, as MCNS published a Telephony Return specification in 1997.",
     "IANA registry, row 3311; MCNS SP-CMTRI-I01-970804"},
    {"MCNS telephony return sent voice calls back over the cable.",
     PORT_CLAIM_CONTRADICTED,
     "It carried data, not voice: data came down the cable and went back by telephone line, through a dial-up modem.",
     "Cisco IOS 12.0(5)T, Telco Return for the uBR7200; MCNS SP-CMTRI-I01-970804"},
    {"Messages of MCNS telephony return travel on port 3311.",
     PORT_CLAIM_UNVERIFIED,
     "No text that we could read shows what was sent on this port.",
     "no source found; IANA registry, row 3311, gives only the name"},
    {"Telephony return was never widely deployed.",
     PORT_CLAIM_UNVERIFIED,
     "It was sold and had paying subscribers, but no source says how many.",
     "Cisco document 12214 (2006), on moving telco-return networks to two-way cable"},
    {"Comcast, Cox, TCI and Time Warner formed MCNS, and its work became DOCSIS.",
     PORT_CLAIM_CONFIRMED,
     "The group was announced in November 1995 and existed by April 1996.",
     "CableLabs press releases of 1995 and 1996 (mirror at cablevision.co.cr)"},
    {"The worm W32.Ranetif used port 3311 as a backdoor in 2007.",
     PORT_CLAIM_UNVERIFIED,
     "No report by an antivirus maker was found, and the one other mention of the worm names port 3310.",
     "no primary source found"},
    {"Port 3311 is reserved for its old protocol.",
     PORT_CLAIM_CONTRADICTED,
     "Its status is Assigned; Reserved means something else, namely a number that is held back and given to nobody.",
     "RFC 6335 section 6"},
    {"IANA does not take unused ports back.",
     PORT_CLAIM_CONTRADICTED,
     "An owner can return a port and IANA can start to revoke it, though this is rare; port 3404 is marked Removed.",
     "RFC 6335 sections 8.2 and 8.4; IANA registry, row 3404"},
};

static const char *const expected_3386_tcp[] = {"gtpp", "gtpprime", "gtp", NULL};
static const char *const expected_3386_udp[] = {"gtpp", "gtpprime", "gtp", NULL};
static const port_claim_t claims_3386[] = {
    {"IANA lists port 3386 as unassigned.",
     PORT_CLAIM_CONTRADICTED,
     "It is assigned: gprs-data on TCP and gprs-sig on UDP, with a contact at ETSI, the home of the GPRS standards.",
     "IANA registry, rows 3386/tcp and 3386/udp"},
    {"GTP' on port 3386 carries charging records (CDRs) from the SGSN and the GGSN to the Charging Gateway Function.",
     PORT_CLAIM_CONFIRMED,
     "Requests go to port 3386 unless the operator sets another one, and both nodes produce records in the same network.",
     "3GPP TS 32.295, as cited in Cisco's knowledge base for ucc-5g-smf (2023-03); ETSI TS 101 393 section 7"},
    {"GTP version 0 shares port 3386 with GTP'.",
     PORT_CLAIM_CONFIRMED,
     "GSM 09.60 put both signalling and user tunnels of GTPv0 on this one port.",
     "Linux include/net/gtp.h (GTP0_PORT); osmo-ggsn gtp.h (GTP0_PORT)"},
    {"Modern equipment should no longer listen for GTPv0 on port 3386.",
     PORT_CLAIM_CONFIRMED,
     "The standard says so from Release 8 on: GTPv0 user packets are silently discarded.",
     "3GPP TS 29.281, scope"},
    {"GTP' tunnels nothing: it has GTP's message format without the tunnels.",
     PORT_CLAIM_CONFIRMED,
     "Its messages carry and acknowledge records; the tunnels that one may meet on port 3386 are those of GTPv0.",
     "ETSI TS 101 393 section 7; Wikipedia, GTP'"},
    {"GTP' uses port 3386 on both UDP and TCP.",
     PORT_CLAIM_CONFIRMED,
     "Both are in use, but UDP is the usual one: some products have no TCP at all.",
     "Wikipedia, GTP'; Cisco's knowledge base for ucc-5g-smf (2023-03); tshark -G decodes"},
    {"GTP' was a mere convention until 3GPP wrote TS 32.295.",
     PORT_CLAIM_CONTRADICTED,
     "It was already a standard in GSM 12.15, published in October 1998; TS 32.295 only gave it a new home.",
     "ETSI TS 101 393 V6.1.0 (1998-10), section 7.2"},
    {"Outside a mobile carrier, traffic on port 3386 is malware or a mistake.",
     PORT_CLAIM_UNVERIFIED,
     "No source was found for either, and a port number alone does not tell what the traffic is.",
     "no source found; RFC 6335 sections 7.2 and 9"},
    {"The command ss -tlnp shows all that listens on port 3386.",
     PORT_CLAIM_CONTRADICTED,
     "It lists TCP only, and GTP' is mostly on UDP, which ss -ulnp lists.",
     "manual page ss(8), options -t and -u"},
};

static const char *const expected_3391_tcp[] = {NULL};
static const char *const expected_3391_udp[] = {"rdgudp", "dtls", NULL};
static const port_claim_t claims_3391[] = {
    {"Port 3391 is unassigned and belongs to no one.",
     PORT_CLAIM_CONTRADICTED,
     "It is assigned to savant, on TCP and on UDP; Microsoft's use of it is not recorded there.",
     "IANA registry, rows 3391/tcp and 3391/udp"},
    {"Remote Desktop Gateway uses UDP 3391 by default since Windows Server 2012.",
     PORT_CLAIM_CONFIRMED,
     "The defaults are TCP 443 for HTTP and UDP 3391 for UDP, and both can be changed.",
     "Microsoft, What's new in Windows Server 2012 Remote Desktop Gateway (2013-03-14)"},
    {"The gateway's traffic on UDP 3391 is encrypted with DTLS.",
     PORT_CLAIM_CONFIRMED,
     "The gateway decrypts each datagram with DTLS before it passes the data on.",
     "MS-TSGU section 3.4.3.3"},
    {"A session has up to two UDP channels beside its connection on TCP 443.",
     PORT_CLAIM_CONFIRMED,
     "UDP never stands alone: a session has one HTTP connection and two UDP connections, one reliable and one lossy.",
     "Microsoft, What's new in Windows Server 2012 Remote Desktop Gateway (2013-03-14); MS-RDPEMT section 1.4"},
    {"Without UDP 3391 the session still works, over TCP 443 alone.",
     PORT_CLAIM_CONFIRMED,
     "UDP is an addition to the HTTP connection, which carries everything where UDP is not supported.",
     "Microsoft TechNet wiki 10973"},
    {"The user gets no message when UDP 3391 is blocked.",
     PORT_CLAIM_UNVERIFIED,
     "The sources describe the return to TCP 443, but not what the user is told.",
     "no source found"},
    {"CVE-2020-0609 and CVE-2020-0610 affect both TCP 3389 and UDP 3391.",
     PORT_CLAIM_CONTRADICTED,
     "They belong to UDP 3391: the flaw is in the gateway's handling of connect fragments; nothing was found for TCP 3389.",
     "CVE-2020-0609 and CVE-2020-0610; ly4k/BlueGate; nmap pull request 1895"},
    {"SAVANT is the RFID middleware of that name.",
     PORT_CLAIM_UNVERIFIED,
     "Nothing but the name connects the two, and no description of this service was found.",
     "no source found; IANA registry, row 3391"},
    {"The command ss -tlnp or a list of TCP ports shows whether a gateway listens on port 3391.",
     PORT_CLAIM_CONTRADICTED,
     "The gateway uses 3391 for UDP, which such a list leaves out.",
     "manual page ss(8), options -t and -u"},
};

static const char *const expected_3406_tcp[] = {NULL};
static const char *const expected_3406_udp[] = {NULL};
static const port_claim_t claims_3406[] = {
    {"IANA assigned port 3406 to nokia-ann-ch2 in February 2002, on TCP and on UDP.",
     PORT_CLAIM_CONFIRMED,
     "Both rows say so.",
     "IANA registry, rows 3406/tcp and 3406/udp"},
    {"Port 3406 is the default of PortNumberStats in MySQL NDB Cluster.",
     PORT_CLAIM_CONTRADICTED,
     "The manual gives no default, and the source code had other values over the years, but never 3406.",
     "MySQL 8.4 Reference Manual, mysql-cluster-mgm-definition; mysql-server, ConfigInfo.cpp"},
    {"Traffic on port 3406 is almost certainly MySQL NDB Cluster.",
     PORT_CLAIM_CONTRADICTED,
     "It is so only where someone configured it: the management server ndb_mgmd has TCP 1186.",
     "MySQL 8.4 Reference Manual, mysql-cluster-mgm-definition; IANA registry, row 1186/tcp"},
    {"Port 3406 is not an IANA assignment for MySQL.",
     PORT_CLAIM_CONFIRMED,
     "Its rows name a Nokia service; mysql-cluster is registered on port 1186.",
     "IANA registry, rows 3406 and 1186"},
    {"PortNumberStats names a separate port for statistics of the NDB management server.",
     PORT_CLAIM_CONFIRMED,
     "These are the manual's words, but the current source code seems to open no such port.",
     "MySQL 8.4 Reference Manual, mysql-cluster-mgm-definition; mysql-server, Services.hpp"},
    {"No public document says what the Nokia announcement channels carried.",
     PORT_CLAIM_CONFIRMED,
     "None was found, neither by Nokia nor by anybody who names a source.",
     "IANA registry, rows 3405 and 3406, give only names"},
    {"Nokia registered whole series of ports for SMS gateways and announcement systems.",
     PORT_CLAIM_UNVERIFIED,
     "Only the pair 3405 and 3406 was found in the registry.",
     "IANA registry, rows 3405 and 3406"},
    {"Nobody has used port 3406 for the Nokia service for years.",
     PORT_CLAIM_UNVERIFIED,
     "No source says who used it or when.",
     "no source found"},
};

static const char *const expected_3416_tcp[] = {NULL};
static const char *const expected_3416_udp[] = {NULL};
static const port_claim_t claims_3416[] = {
    {"IANA assigned port 3416 to commandport in February 2002, on TCP and on UDP.",
     PORT_CLAIM_CONFIRMED,
     "Both rows say so.",
     "IANA registry, rows 3416/tcp and 3416/udp"},
    {"The row for UDP shows that the service used UDP.",
     PORT_CLAIM_CONTRADICTED,
     "TCP and UDP used to be assigned together even when only one of them was asked for.",
     "RFC 6335 section 7.1"},
    {"AirMobile IS managed mobile field workers, and its server took commands on port 3416.",
     PORT_CLAIM_UNVERIFIED,
     "No trace of the product was found, nor of which side listened.",
     "no source found; IANA registry, row 3416, gives only the name"},
    {"A company called AirMobile registered port 3416.",
     PORT_CLAIM_UNVERIFIED,
     "The record names no such company; its contact domain, motorla.com, looks like a misspelling of motorola.com.",
     "IANA registry, row 3416"},
    {"Traffic on port 3416 is a local program that picked the number by chance.",
     PORT_CLAIM_UNVERIFIED,
     "No source was found, and a port number alone does not tell what the traffic is.",
     "no source found; RFC 6335 sections 7.2 and 9"},
    {"New software should not use port 3416 as its default.",
     PORT_CLAIM_CONFIRMED,
     "The registry asks that assigned ports are not used without a registration of one's own.",
     "IANA registry, introductory note"},
    {"A registration stays in the registry for ever.",
     PORT_CLAIM_CONTRADICTED,
     "It does not expire by itself, but the owner can return it and IANA can start to revoke it.",
     "RFC 6335 sections 8.2 and 8.4"},
};

const port_facts_t port_facts_table[] = {
    {
        .port = 3311,
        .dormant = true,
        .recognise = "No public description of its messages is known, so only the port number points to this service.",
        .on =
            {
                [TRANSPORT_TCP] = {
                    .assignee = "Randall Atkinson (home.net)",
                    .tenant = NULL,
                    .expected = expected_3311_tcp,
                },
                [TRANSPORT_UDP] = {
                    .assignee = "Randall Atkinson (home.net)",
                    .tenant = NULL,
                    .expected = expected_3311_udp,
                },
            },
        .claims = claims_3311,
        .num_claims = 8,
    },
    {
        .port = 3386,
        .dormant = false,
        .recognise = "In the first octet GTP' has the PT bit (0x10) clear, as in 0x0e, 0x0f, 0x2e or 0x4e, and GTP version 0 has it set, as in 0x1e or 0x1f.",
        .on =
            {
                [TRANSPORT_TCP] = {
                    .assignee = NULL,
                    .tenant = "GTP' charging (3GPP TS 32.295)",
                    .expected = expected_3386_tcp,
                },
                [TRANSPORT_UDP] = {
                    .assignee = "Ansgar Bergmann (etsi.fr)",
                    .tenant = "GTP' charging (3GPP TS 32.295); in old networks also GTP version 0 (GSM 09.60)",
                    .expected = expected_3386_udp,
                },
            },
        .claims = claims_3386,
        .num_claims = 9,
    },
    {
        .port = 3391,
        .dormant = false,
        .recognise = "The gateway's UDP transport begins with a DTLS ClientHello: octet 0x16, then version 0xfeff or 0xfefd; Remote Desktop without a gateway uses UDP 3389 instead.",
        .on =
            {
                [TRANSPORT_TCP] = {
                    .assignee = "Andy Bruce (yahoo.com)",
                    .tenant = NULL,
                    .expected = expected_3391_tcp,
                },
                [TRANSPORT_UDP] = {
                    .assignee = "Andy Bruce (yahoo.com)",
                    .tenant = "Microsoft Remote Desktop Gateway (MS-TSGU over DTLS)",
                    .expected = expected_3391_udp,
                },
            },
        .claims = claims_3391,
        .num_claims = 9,
    },
    {
        .port = 3406,
        .dormant = true,
        .recognise = "No public description of the Nokia messages is known; NDB management, should someone have put it here, is text such as \"get status\" on a line of its own.",
        .on =
            {
                [TRANSPORT_TCP] = {
                    .assignee = "Morteza Kalhour (nokia.com)",
                    .tenant = NULL,
                    .expected = expected_3406_tcp,
                },
                [TRANSPORT_UDP] = {
                    .assignee = "Morteza Kalhour (nokia.com)",
                    .tenant = NULL,
                    .expected = expected_3406_udp,
                },
            },
        .claims = claims_3406,
        .num_claims = 8,
    },
    {
        .port = 3416,
        .dormant = true,
        .recognise = "No public description of its messages is known, so only the port number points to this service.",
        .on =
            {
                [TRANSPORT_TCP] = {
                    .assignee = "Mike Klein (motorla.com)",
                    .tenant = NULL,
                    .expected = expected_3416_tcp,
                },
                [TRANSPORT_UDP] = {
                    .assignee = "Mike Klein (motorla.com)",
                    .tenant = NULL,
                    .expected = expected_3416_udp,
                },
            },
        .claims = claims_3416,
        .num_claims = 7,
    },
};

const size_t port_facts_table_size = sizeof port_facts_table / sizeof port_facts_table[0];

const char *const port_facts_table_advice[TRANSPORTS] = {
    [TRANSPORT_TCP] = "ss -tlnp 'sport = :PORT' (Linux), Get-NetTCPConnection -State Listen -LocalPort PORT (Windows)",
    [TRANSPORT_UDP] = "ss -ulnp 'sport = :PORT' (Linux), Get-NetUDPEndpoint -LocalPort PORT (Windows)",
};
