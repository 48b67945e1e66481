/* session.c
 * Wireshark's dissection engine inside this process.
 *
 * The plugin is linked in, not loaded: Wireshark does not load plugins for root, and the fuzzer must instrument it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "session.h"

#include <epan/column-info.h>
#include <epan/column.h>
#include <epan/epan.h>
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
#include "passes.h"
#include "taps.h"
#include "base/ws_compat.h"

#define NOBODY 65534 /* Debian's user and group without rights */

extern void plugin_register(void);

static epan_t *session;
static column_info columns;

/* Replaces Wireshark's function. A bug of one of its own dissectors, which our dissectors call, is shown in the tree as
 * usual. Any other is a finding: in our code, or in a function of Wireshark's that our code calls wrongly. */
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

static void new_session(void)
{
    static const struct packet_provider_funcs functions = { .get_frame_ts = passes_time_of_frame };

    session = epan_new(NULL, &functions);
}

/* Heuristics and ports would reach a thousand other dissectors, which are not tested and cost time. */
static void enable_only_what_is_ours(void)
{
    static const char *const names[] = {
        "portlore_fuzz", "raw",     "gtpp", "gtpp_or_gtpv0", "rdgudp", "portlore",  "gtp",
        "gtpprime",      "gprscdr", "dtls", "tls",           "rdpudp", "ip",        "ipv6",
        "icmp",          "icmpv6",  "udp",  "tcp",           "eth",    "vlan",      "gre",
        "data",          "http",    "ssh",  "rdghttp",       "tpkt",   "websocket",
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

/* Each session reads the files with the names of vendors and services again, which takes 70 ms and 8 MB that are never
 * freed. WIRESHARK_DATA_DIR names another folder for them; Wireshark ignores it for root, so that it must be read by
 * another user. */
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

static void set_preference(const char *name, const char *value)
{
    char *setting = g_strdup_printf("%s:%s", name, value);
    char *error = NULL;

    (void)prefs_set_pref(setting, &error);
    g_free(error);
    g_free(setting);
}

/* There are no databases of places, but the map of looked-up addresses would keep each address. */
static void switch_geoip_off(void)
{
    /* Which of these there are depends on Wireshark's version. */
    static const char *const names[] = { "ip.use_geoip", "ipv6.use_geoip", "nameres.maxmind_geoip" };

    for (size_t i = 0; i < array_length(names); i++) {
        set_preference(names[i], "FALSE");
    }
}

void (*session_register_more)(void);

void session_start(const char *keys)
{
    /* Each piece of memory is allocated alone, so that AddressSanitizer sees where it ends. */
    setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple", 0);
    /* A tree that grows too long is a finding. */
    setenv("WIRESHARK_ABORT_ON_TOO_MANY_ITEMS", "1", 0);
    /* No preferences of a user. */
    setenv("HOME", "/nonexistent", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    /* Messages of Wireshark's own dissectors would be most of the output. */
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
    if (session_register_more != NULL) {
        session_register_more();
    }
    if (!epan_init(NULL, NULL, FALSE)) {
        fprintf(stderr, "fuzz: Wireshark's dissection engine does not start.\n");
        exit(2);
    }
    epan_load_settings();
    switch_geoip_off();
    if (keys != NULL) {
        set_preference("tls.keylog_file", keys);
    }
    prefs_apply_all();
    enable_only_what_is_ours();
    build_column_format_array(&columns, prefs.num_cols, TRUE);
    taps_start();
    new_session();
}

epan_t *session_engine(void)
{
    return session;
}

column_info *session_columns(void)
{
    return &columns;
}

void session_renew(void)
{
    reset_tap_listeners();
    epan_free(session);
    leftovers_free();
    leftovers_before_session();
    new_session();
    leftovers_after_start();
}

void session_forget(void)
{
    passes_forget();
    session_renew();
}
