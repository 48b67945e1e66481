/* ws_compat.h
 * The only place that knows Wireshark versions: 4.0 to 4.6.
 *
 * Everything else in the plugin is written against the names below.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_WS_COMPAT_H
#define PORTLORE_WS_COMPAT_H

#include <epan/proto.h>
#include <wireshark.h>
#include <ws_version.h>

#define WS_AT_LEAST(major, minor) \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* The type that epan's callbacks and preferences use for a truth value: four octets wide before 4.4, one since. */
#if WS_AT_LEAST(4, 4)
typedef bool ws_bool;
#else
typedef gboolean ws_bool;
#endif

/* The type that the callbacks of tables of the user's (uat.h) return: one octet wide since 4.2. */
#if WS_AT_LEAST(4, 2)
typedef bool ws_uat_bool;
#else
typedef gboolean ws_uat_bool;
#endif

/* What the callback that starts a report returns: whether it could, since 4.6, and nothing before. */
#if WS_AT_LEAST(4, 6)
#define WS_STAT_STARTED bool
#define WS_RETURN_STARTED(started) return (started)
#else
#define WS_STAT_STARTED void
#define WS_RETURN_STARTED(started) (void)(started)
#endif

/* The heading under Statistics of all that a plugin may put below one: its trees. Tables stand in the menu itself,
 * where their titles keep them together. */
#if WS_AT_LEAST(4, 4)
#define WS_MENU_HEADING "Portlore//"
#else
#define WS_MENU_HEADING "Portlore/"
#endif
#define WS_MENU_TITLE "Portlore "

/* What a plugin says that it has: asked since 4.4, and not known before. */
#if WS_AT_LEAST(4, 4)
#include <wsutil/plugins.h>
#else
#define WS_PLUGIN_DESC_DISSECTOR 0
#define WS_PLUGIN_DESC_TAP_LISTENER 0
#endif

/* Whether Wireshark's UDP dissector numbers the conversations that find_conversation_pinfo() finds: since 4.4 a user
 * may have it keep others, by network card or VLAN. */
#if WS_AT_LEAST(4, 4)
#include <epan/prefs.h>
#define WS_UDP_NUMBERS_CONVERSATIONS (prefs.conversation_deinterlacing_key == 0)
#else
#define WS_UDP_NUMBERS_CONVERSATIONS true
#endif

/* tvb_get_guint8 became tvb_get_uint8 in 4.4. */
#if !WS_AT_LEAST(4, 4)
#define tvb_get_uint8 tvb_get_guint8
#define tvb_get_int8 tvb_get_gint8
#endif

/* Marks a field's unit; older versions take it as it is. */
#ifndef UNS
#define UNS(unit) (unit)
#endif

/* wmem_strbuf_sized_new, with a limit of the length (0: none), became wmem_strbuf_new_sized in 4.2. */
#if !WS_AT_LEAST(4, 2)
#define wmem_strbuf_new_sized(allocator, size) wmem_strbuf_sized_new(allocator, size, 0)
#endif

/* The latest request of what Wireshark's HTTP keeps of a connection (http_conv_t): its method and target were in the
 * structure itself in 4.0, and are in one for each request since 4.4. In 4.2 they are not looked up. */
#if WS_AT_LEAST(4, 4)
#define WS_HTTP_REQUEST(http, part) ((http)->req_res_tail != NULL ? (http)->req_res_tail->part : NULL)
#elif WS_AT_LEAST(4, 2)
#define WS_HTTP_REQUEST(http, part) ((const char *)NULL)
#else
#define WS_HTTP_REQUEST(http, part) ((http)->part)
#endif

#endif
