/* guard.c
 * A guard around each dissector of the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guard.h"

#include "base/ws_compat.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/packet.h>

#include <stdio.h>
#include <stdlib.h>

#include "session.h"

/* A dissector of the plugin. */
typedef struct {
    dissector_t function;
    const char *name;
} guarded_t;

/* A call of tcp_dissect_pdus(). */
typedef struct {
    unsigned (*get_length)(packet_info *pinfo, tvbuff_t *tvb, int offset, void *data);
    dissector_t dissect;
    void *data;
} pdus_t;

static bool is_fatal = true;
static unsigned findings;
static unsigned dissectors;
/* The exception that is on its way came out of a function of Wireshark's that the plugin hands packets to. */
static bool is_of_wireshark;

/* Wireshark's functions, and those here that the plugin calls instead. The linker's names for them are reserved in C.
 */
dissector_handle_t guarded_register_dissector(const char *name, dissector_t function,
                                              int proto) __asm__("__wrap_register_dissector");
dissector_handle_t
guarded_register_dissector_with_description(const char *name, const char *description, dissector_t function,
                                            int proto) __asm__("__wrap_register_dissector_with_description");
dissector_handle_t guarded_create_dissector_handle(dissector_t function,
                                                   int proto) __asm__("__wrap_create_dissector_handle");
struct except_stacknode *original_except_pop(void) __asm__("__real_except_pop");
struct except_stacknode *guarded_except_pop(void) __asm__("__wrap_except_pop");
int original_call_dissector_only(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                 void *data) __asm__("__real_call_dissector_only");
int guarded_call_dissector_only(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                void *data) __asm__("__wrap_call_dissector_only");
void original_heur_dissector_add(const char *list, heur_dissector_t function, const char *title, const char *name,
                                 int proto, heuristic_enable_e enable) __asm__("__real_heur_dissector_add");
void guarded_heur_dissector_add(const char *list, heur_dissector_t function, const char *title, const char *name,
                                int proto, heuristic_enable_e enable) __asm__("__wrap_heur_dissector_add");
void original_tcp_dissect_pdus(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, ws_bool desegment, unsigned fixed,
                               unsigned (*get_length)(packet_info *, tvbuff_t *, int, void *), dissector_t dissect,
                               void *data) __asm__("__real_tcp_dissect_pdus");
void guarded_tcp_dissect_pdus(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, ws_bool desegment, unsigned fixed,
                              unsigned (*get_length)(packet_info *, tvbuff_t *, int, void *), dissector_t dissect,
                              void *data) __asm__("__wrap_tcp_dissect_pdus");

void guard_set_fatal(bool fatal)
{
    is_fatal = fatal;
}

unsigned guard_findings(void)
{
    return findings;
}

unsigned guard_dissectors(void)
{
    return dissectors;
}

/* An exception leaves the function NAME. */
static void judge(const char *name, unsigned long code, const char *message)
{
    if (is_of_wireshark) {
        return;
    }
    findings++;
    fprintf(stderr, "Dissector bug: %s throws exception %lu (%s) at frame %u.\n", name, code,
            message != NULL ? message : "no message", session_frame_number());
    if (is_fatal) {
        abort();
    }
}

#define GUARD(name, call)                          \
    do {                                           \
        TRY                                        \
        {                                          \
            call;                                  \
        }                                          \
        CATCH_ALL                                  \
        {                                          \
            judge(name, EXCEPT_CODE, GET_MESSAGE); \
            RETHROW;                               \
        }                                          \
        ENDTRY;                                    \
    } while (0)

#define EXCUSE(call)                \
    do {                            \
        TRY                         \
        {                           \
            call;                   \
        }                           \
        CATCH_ALL                   \
        {                           \
            is_of_wireshark = true; \
            RETHROW;                \
        }                           \
        ENDTRY;                     \
    } while (0)

/* A TRY block of the plugin or of this file has ended: no exception is on its way. */
struct except_stacknode *guarded_except_pop(void)
{
    is_of_wireshark = false;
    return original_except_pop();
}

int guarded_call_dissector_only(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                void *data)
{
    volatile int taken = 0;

    EXCUSE(taken = original_call_dissector_only(handle, tvb, pinfo, tree, data));
    return taken;
}

static int run_guarded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, void *guarded)
{
    const guarded_t *own = guarded;
    volatile int taken = 0;

    GUARD(own->name, taken = own->function(tvb, pinfo, tree, data));
    return taken;
}

dissector_handle_t guarded_register_dissector(const char *name, dissector_t function, int proto)
{
    guarded_t *own = g_new(guarded_t, 1);

    own->function = function;
    own->name = name;
    dissectors++;
    return register_dissector_with_data(name, run_guarded, proto, own);
}

dissector_handle_t guarded_register_dissector_with_description(const char *name, const char *description _U_,
                                                               dissector_t function, int proto)
{
    return guarded_register_dissector(name, function, proto);
}

dissector_handle_t guarded_create_dissector_handle(dissector_t function, int proto)
{
    /* Only a dissector with a name may have data of its own. */
    return guarded_register_dissector(g_strdup_printf("guarded_%u", dissectors), function, proto);
}

/* Heuristic dissectors have no data of their own, but a function each. */
#define HEURISTICS 12
static struct {
    heur_dissector_t function;
    const char *name;
} heuristics[HEURISTICS];

static ws_bool call_heuristic(unsigned slot, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    volatile ws_bool taken = FALSE;

    GUARD(heuristics[slot].name, taken = heuristics[slot].function(tvb, pinfo, tree, data));
    return taken;
}

#define SLOT(number)                                                                                   \
    static ws_bool heuristic_##number(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data) \
    {                                                                                                  \
        return call_heuristic(number, tvb, pinfo, tree, data);                                         \
    }
SLOT(0)
SLOT(1)
SLOT(2)
SLOT(3)
SLOT(4)
SLOT(5)
SLOT(6)
SLOT(7)
SLOT(8)
SLOT(9)
SLOT(10)
SLOT(11)

void guarded_heur_dissector_add(const char *list, heur_dissector_t function, const char *title, const char *name,
                                int proto, heuristic_enable_e enable)
{
    static const heur_dissector_t slots[HEURISTICS] = {
        heuristic_0, heuristic_1, heuristic_2, heuristic_3, heuristic_4,  heuristic_5,
        heuristic_6, heuristic_7, heuristic_8, heuristic_9, heuristic_10, heuristic_11,
    };
    static unsigned used;

    if (used == HEURISTICS) {
        fprintf(stderr, "fuzz: guard.c needs more than %d slots for heuristic dissectors.\n", HEURISTICS);
        exit(2);
    }
    heuristics[used].function = function;
    heuristics[used].name = name;
    dissectors++;
    original_heur_dissector_add(list, slots[used], title, name, proto, enable);
    used++;
}

static unsigned get_length_guarded(packet_info *pinfo, tvbuff_t *tvb, int offset, void *data)
{
    const pdus_t *own = data;
    volatile unsigned length = 0;

    GUARD("get_pdu_len", length = own->get_length(pinfo, tvb, offset, own->data));
    return length;
}

static int dissect_pdu_guarded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const pdus_t *own = data;
    volatile int taken = 0;

    /* tcp_dissect_pdus() catches what comes out of here. */
    GUARD("dissect_pdu", taken = own->dissect(tvb, pinfo, tree, own->data));
    return taken;
}

void guarded_tcp_dissect_pdus(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, ws_bool desegment, unsigned fixed,
                              unsigned (*get_length)(packet_info *, tvbuff_t *, int, void *), dissector_t dissect,
                              void *data)
{
    pdus_t own = { get_length, dissect, data };

    EXCUSE(
        original_tcp_dissect_pdus(tvb, pinfo, tree, desegment, fixed, get_length_guarded, dissect_pdu_guarded, &own));
}
