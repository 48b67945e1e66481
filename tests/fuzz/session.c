/* session.c
 * Wireshark's dissection engine inside this process.
 *
 * The plugin is linked in, not loaded: as root, Wireshark would not load it, and a fuzzer must know its code anyway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "session.h"

#include <epan/column-info.h>
#include <epan/column.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/exceptions.h>
#include <epan/prefs.h>
#include <epan/tap.h>
#include <epan/timestamp.h>
#include <wiretap/wtap.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/wslog.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "leftovers.h"
#include "link.h"
#include "taps.h"
#include "base/ws_compat.h"

#define START_OF_TIME 1700000000
#define NOBODY 65534

extern void plugin_register(void);

static epan_t *session;
/* Frames that the session has seen before this input. */
static uint32_t frames_before;
static column_info columns;

/* Times of the frames of the input at hand, for those who ask for another frame's. */
static nstime_t frame_times[SESSION_MAX_FRAMES];

/* Wireshark's own, in this process: a bug that one of its dissectors has (our packets hand octets to some) is shown in
 * the tree, as ever. Any other is a finding: our code's, or that of Wireshark's functions when we call them wrongly. */
void proto_report_dissector_bug(const char *format, ...)
{
    char message[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (strstr(message, "epan/dissectors/") == NULL) {
        (void)fprintf(stderr, "Dissector bug: %s\n", message);
        abort();
    }
    THROW_FORMATTED(DissectorError, "%s", message);
}

static const nstime_t *time_of_frame(struct packet_provider_data *provider _U_, uint32_t number)
{
    static const nstime_t none = NSTIME_INIT_ZERO;

    return number > frames_before && number <= frames_before + SESSION_MAX_FRAMES
               ? &frame_times[number - frames_before - 1]
               : &none;
}

static void new_session(void)
{
    static const struct packet_provider_funcs functions = { .get_frame_ts = time_of_frame };

    session = epan_new(NULL, &functions);
}

/* The rest of Wireshark has a thousand dissectors, which heuristics and ports would reach: they are not what is tested,
 * and cost time. */
static void enable_only_what_is_ours(void)
{
    static const char *const names[] = {
        "portlore_fuzz", "raw",  "gtpp", "gtpp_or_gtpv0", "rdgudp", "portlore", "gtp",  "gtpprime",
        "gprscdr",       "dtls", "tls",  "rdpudp",        "ip",     "ipv6",     "icmp", "icmpv6",
        "udp",           "tcp",  "eth",  "vlan",          "gre",    "data",     "http", "ssh",
    };

    void *cookie;

    for (int proto = proto_get_first_protocol(&cookie); proto != -1; proto = proto_get_next_protocol(&cookie)) {
        const char *name = proto_get_protocol_filter_name(proto);
        bool wanted = false;
        for (size_t i = 0; i < array_length(names) && !wanted; i++) {
            wanted = strcmp(name, names[i]) == 0;
        }
        /* One in name only has no switch of its own. */
        if (!wanted && !proto_is_pino(find_protocol_by_id(proto)) && proto_can_toggle_protocol(proto)) {
            proto_set_decoding(proto, FALSE);
        }
    }
}

/* Each session reads the files with the names of vendors and services anew: 70 ms and 8 MB that never come back.
 * Wireshark looks for them elsewhere when told to, but does not listen to root: so nobody asks. */
static void leave_out_name_files(void)
{
    bool root = geteuid() == 0;

    setenv("WIRESHARK_DATA_DIR", "/nonexistent", 1);
    if (root && (setresgid(NOBODY, NOBODY, 0) != 0 || setresuid(NOBODY, NOBODY, 0) != 0)) {
        exit(2);
    }
    init_process_policies();
    if (root && (setresuid(0, 0, 0) != 0 || setresgid(0, 0, 0) != 0)) {
        exit(2);
    }
}

/* There are no databases of places; but the map of those looked up would keep every address. */
static void switch_geoip_off(void)
{
    /* Which of these there are depends on Wireshark's version. */
    static const char *const names[] = { "ip.use_geoip", "ipv6.use_geoip", "nameres.maxmind_geoip" };

    for (size_t i = 0; i < array_length(names); i++) {
        char *setting = g_strdup_printf("%s:FALSE", names[i]);
        char *error = NULL;
        (void)prefs_set_pref(setting, &error);
        g_free(error);
        g_free(setting);
    }
}

void session_start(void)
{
    /* Each piece of memory by itself, so that AddressSanitizer sees where it ends. */
    setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple", 0);
    /* A tree that grows too long is a finding. */
    setenv("WIRESHARK_ABORT_ON_TOO_MANY_ITEMS", "1", 0);
    /* Nobody's preferences. */
    setenv("HOME", "/nonexistent", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    /* What Wireshark's own dissectors have to say of themselves would be most of the output. */
    setenv("WIRESHARK_LOG_LEVEL", "critical", 0);

    leave_out_name_files();
#if WS_AT_LEAST(4, 6)
    ws_log_init(NULL);
    char *failure = configuration_init("fuzz");
#else
    ws_log_init("fuzz", NULL);
    char *failure = configuration_init("fuzz", NULL);
#endif
    g_free(failure);
    timestamp_set_type(TS_RELATIVE);
    timestamp_set_precision(TS_PREC_FIXED_USEC);
    timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
    wtap_init(FALSE);
    plugin_register();
    link_register();
    if (!epan_init(NULL, NULL, FALSE)) {
        fprintf(stderr, "fuzz: Wireshark's dissection engine does not start.\n");
        exit(2);
    }
    epan_load_settings();
    switch_geoip_off();
    prefs_apply_all();
    enable_only_what_is_ours();
    build_column_format_array(&columns, prefs.num_cols, TRUE);
    taps_start();
    new_session();
}

static void fill_record(wtap_rec *rec, const session_frame_t *frame, const nstime_t *when)
{
    memset(rec, 0, sizeof *rec);
#if WS_AT_LEAST(4, 6)
    wtap_setup_packet_rec(rec, frame->encapsulation);
#endif
    rec->rec_type = REC_TYPE_PACKET;
    rec->presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN;
    rec->ts = *when;
    rec->tsprec = WTAP_TSPREC_USEC;
    rec->rec_header.packet_header.caplen = frame->captured;
    rec->rec_header.packet_header.len = frame->reported;
    rec->rec_header.packet_header.pkt_encap = frame->encapsulation;
}

/* One frame, as tshark and the packet list look at it. */
static void look(const session_frame_t *frame, frame_data *fd, const nstime_t *when, bool tree, bool visible,
                 bool columns_wanted)
{
    epan_dissect_t *edt = epan_dissect_new(session, tree, visible);
    column_info *wanted = columns_wanted ? &columns : NULL;
    wtap_rec rec;

    fill_record(&rec, frame, when);
#if WS_AT_LEAST(4, 6)
    /* Wireshark takes the octets from the record and only reads them. */
    rec.data = (Buffer){ (uint8_t *)frame->octets, frame->captured, 0, frame->captured };
    epan_dissect_run_with_taps(edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &rec, fd, wanted);
#else
    tvbuff_t *tvb = tvb_new_real_data(frame->octets, frame->captured, (int)frame->reported);
    epan_dissect_run_with_taps(edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &rec, tvb, fd, wanted);
#endif
    if (columns_wanted) {
        epan_dissect_fill_in_columns(edt, FALSE, FALSE);
    }
    epan_dissect_free(edt);
}

void session_dissect(const session_frame_t *frames, unsigned count, unsigned how)
{
    static frame_data seen[SESSION_MAX_FRAMES];
    bool columns_wanted = (how & SESSION_NO_COLUMNS) == 0;
    nstime_t now = { START_OF_TIME, 0 };
    nstime_t elapsed = NSTIME_INIT_ZERO;
    const frame_data *reference = NULL;
    const frame_data *before = NULL;

    count = MIN(count, SESSION_MAX_FRAMES);
    for (unsigned i = 0; i < count; i++) {
        wtap_rec rec;

        now.secs += frames[i].wait_ms / 1000;
        now.nsecs += (int)(frames[i].wait_ms % 1000) * 1000000;
        if (now.nsecs >= 1000000000) {
            now.secs++;
            now.nsecs -= 1000000000;
        }
        frame_times[i] = now;
        fill_record(&rec, &frames[i], &now);
        frame_data_init(&seen[i], frames_before + i + 1, &rec, 0, 0);
        frame_data_set_before_dissect(&seen[i], &elapsed, &reference, before);
        look(&frames[i], &seen[i], &now, (how & SESSION_FIRST_TREE) != 0, true, columns_wanted);
        frame_data_set_after_dissect(&seen[i], &(uint32_t){ 0 });
        before = &seen[i];
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned at = (how & SESSION_BACKWARDS) != 0 ? count - 1 - i : i;
        look(&frames[at], &seen[at], &frame_times[at], true, (how & SESSION_INVISIBLE) == 0, columns_wanted);
    }
    for (unsigned i = 0; i < count; i++) {
        frame_data_destroy(&seen[i]);
    }
    frames_before += count;
}

void session_forget(void)
{
    reset_tap_listeners();
    epan_free(session);
    leftovers_free();
    leftovers_before_session();
    new_session();
    leftovers_after_start();
    frames_before = 0;
}
