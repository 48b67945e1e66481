/* rdg_offer.c
 * What a main channel offers, and by what a UDP channel is found to be of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_offer.h"

#include <epan/packet.h>
#include <wsutil/wmem/wmem.h>
#include <epan/wmem_scopes.h>

#include "base/octets.h"
#include "rdg_key.h"

/* A cookie is good for so long (its expiry in captures of Windows gateways). */
#define COOKIE_LIFE (300 * RDG_SECOND)

/* Sessions and offers that are looked through where addresses must do. */
#define MOST_LOOKED_AT 256

unsigned rdg_offer_main_count;
unsigned rdg_offer_count;

static rdg_offer_t *latest_offer;
static rdg_main_t *latest_main;
static wmem_map_t *by_id;      /* e_guid_t -> the latest rdg_offer_t of this id */
static wmem_map_t *by_port;    /* rdg_end_t -> the latest rdg_offer_t of this gateway and port */
static wmem_map_t *by_cookie;  /* digest -> rdg_offer_t */
static wmem_map_t *by_stream;  /* tcp.stream -> rdg_main_t */
static wmem_map_t *main_ports; /* port -> itself */

static void forget(void)
{
    rdg_offer_main_count = 0;
    rdg_offer_count = 0;
    latest_offer = NULL;
    latest_main = NULL;
}

void rdg_offer_init(void)
{
    if (by_id != NULL) {
        return;
    }
    by_id = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), rdg_key_hash_id, rdg_key_ids_are_equal);
    by_port = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), rdg_key_hash_end, rdg_key_ends_are_equal);
    by_cookie = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), wmem_int64_hash, g_int64_equal);
    by_stream = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    main_ports = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    register_init_routine(forget);
    register_cleanup_routine(forget);
}

/* {{{ Main channels */

void rdg_offer_add_main(rdg_main_t *trunk)
{
    trunk->next = latest_main;
    latest_main = trunk;
    trunk->last_data[0] = trunk->last_data[1] = RDG_NEVER;
    trunk->ended = RDG_NEVER;
    trunk->stream = RDG_NO_STREAM;
    rdg_offer_main_count++;
    wmem_map_insert(main_ports, GUINT_TO_POINTER((unsigned)trunk->gateway_port + 1), trunk);
}

void rdg_offer_add_port(rdg_main_t *trunk)
{
    wmem_map_insert(main_ports, GUINT_TO_POINTER((unsigned)trunk->gateway_port + 1), trunk);
}

void rdg_offer_add_stream(rdg_main_t *trunk, uint32_t stream)
{
    if (stream != RDG_NO_STREAM) {
        wmem_map_insert(by_stream, GUINT_TO_POINTER(stream + 1), trunk);
    }
}

rdg_main_t *rdg_offer_main_of_stream(uint32_t stream)
{
    return wmem_map_lookup(by_stream, GUINT_TO_POINTER(stream + 1));
}

bool rdg_offer_is_main_port(uint32_t port)
{
    return rdg_offer_main_count > 0 && wmem_map_lookup(main_ports, GUINT_TO_POINTER(port + 1)) != NULL;
}

/* }}} */
/* {{{ Offers */

/* Inserts OFFER under KEY of SIZE octets, which is copied when it is new. Returns what was there. */
static rdg_offer_t *insert(wmem_map_t *map, const void *key, size_t size, rdg_offer_t *offer)
{
    bool is_new = wmem_map_lookup(map, key) == NULL;

    return wmem_map_insert(map, is_new ? wmem_memdup(wmem_file_scope(), key, size) : key, offer);
}

/* Where the offered UDP goes to; no address behind a proxy, whose own one it has. */
static rdg_end_t end_of(const rdg_main_t *trunk, uint16_t port)
{
    rdg_end_t end = { .address = trunk->gateway, .port = port };

    if (trunk->is_by_proxy) {
        clear_address(&end.address);
    }
    return end;
}

rdg_offer_t *rdg_offer_add(rdg_main_t *trunk, frame_record_t *frame, rdg_time_t when, uint16_t port, const e_guid_t *id,
                           const uint8_t *cookie, size_t length)
{
    rdg_offer_t *offer = wmem_new0(wmem_file_scope(), rdg_offer_t);
    rdg_end_t end = end_of(trunk, port);

    offer->trunk = trunk;
    offer->frame = frame;
    offer->when = when;
    offer->port = port;
    offer->next = latest_offer;
    latest_offer = offer;
    rdg_offer_count++;
    if (id != NULL) {
        offer->has_id = true;
        offer->id = *id;
        offer->next_of_id = insert(by_id, id, sizeof *id, offer);
    }
    offer->next_of_port = insert(by_port, &end, sizeof end, offer);
    if (length > 0) {
        offer->cookie = octets_digest(cookie, length);
        insert(by_cookie, &offer->cookie, sizeof offer->cookie, offer);
    }
    return offer;
}

static uint32_t swap32(uint32_t value)
{
    return value >> 24 | (value >> 8 & 0xff00) | (value << 8 & 0xff0000) | value << 24;
}

static uint16_t swap16(uint16_t value)
{
    return (uint16_t)(value >> 8 | value << 8);
}

/* The same octets in the other order. */
static e_guid_t turn(const e_guid_t *id)
{
    e_guid_t other = *id;

    other.data1 = swap32(id->data1);
    other.data2 = swap16(id->data2);
    other.data3 = swap16(id->data3);
    return other;
}

bool rdg_offer_ids_fit(const e_guid_t *trailer, const e_guid_t *id)
{
    e_guid_t other = turn(trailer);

    return rdg_key_ids_are_equal(trailer, id) || rdg_key_ids_are_equal(&other, id);
}

rdg_order_t rdg_offer_order(const rdg_offer_t *offer, const e_guid_t *trailer)
{
    const e_guid_t other = turn(trailer);

    if (!offer->has_id) {
        return RDG_ORDER_NONE;
    }
    const bool is_little = rdg_key_ids_are_equal(trailer, &offer->id) != 0;
    const bool is_big = rdg_key_ids_are_equal(&other, &offer->id) != 0;
    return is_little && is_big ? RDG_ORDER_EITHER
           : is_little         ? RDG_ORDER_LITTLE
           : is_big            ? RDG_ORDER_BIG
                               : RDG_ORDER_NONE;
}

rdg_offer_t *rdg_offer_of_id(const e_guid_t *trailer, rdg_order_t *order)
{
    e_guid_t other = turn(trailer);

    *order = RDG_ORDER_NONE;
    rdg_offer_t *little = wmem_map_lookup(by_id, trailer);
    rdg_offer_t *big = wmem_map_lookup(by_id, &other);
    if (little != NULL && big != NULL && little != big) {
        *order = RDG_ORDER_UNCLEAR;
        return NULL;
    }
    if (little != NULL && big != NULL) {
        *order = RDG_ORDER_EITHER;
    } else if (little != NULL || big != NULL) {
        *order = little != NULL ? RDG_ORDER_LITTLE : RDG_ORDER_BIG;
    }
    return little != NULL ? little : big;
}

static bool goes_on(const rdg_main_t *trunk, rdg_time_t when)
{
    return trunk->last_data[RDG_CLIENT] != RDG_NEVER && trunk->last_data[RDG_CLIENT] > when;
}

bool rdg_offer_is_shared(const rdg_offer_t *offer, rdg_time_t when)
{
    unsigned count = 0;

    for (const rdg_offer_t *one = offer->next_of_id; one != NULL && count < MOST_LOOKED_AT;
         one = one->next_of_id, count++) {
        if (one->trunk != offer->trunk && goes_on(one->trunk, when)) {
            return true;
        }
    }
    return false;
}

bool rdg_offer_may_have_links(const rdg_offer_t *offer, const e_guid_t *id)
{
    unsigned count = 0;

    for (const rdg_offer_t *one = wmem_map_lookup(by_id, id); one != NULL && one != offer && count < MOST_LOOKED_AT;
         one = one->next_of_id, count++) {
        for (const rdg_link_t *link = one->links; link != NULL; link = link->next_of_offer) {
            if (one->trunk != offer->trunk && link->tie == RDG_TIE_ID && goes_on(offer->trunk, link->when)) {
                return true;
            }
        }
    }
    return false;
}

rdg_offer_t *rdg_offer_of_cookie(const uint8_t *cookie, size_t length)
{
    uint64_t digest = length > 0 ? octets_digest(cookie, length) : 0;

    return length > 0 ? wmem_map_lookup(by_cookie, &digest) : NULL;
}

static bool is_open(const rdg_main_t *trunk, rdg_time_t when)
{
    return trunk->began <= when && (trunk->ended == RDG_NEVER || trunk->ended > when);
}

rdg_offer_t *rdg_offer_of_ends(const address *client, const address *gateway, uint16_t port, rdg_time_t when)
{
    rdg_end_t end = { .address = *gateway, .port = port };
    rdg_offer_t *found = NULL;
    unsigned count = 0;

    for (rdg_offer_t *one = wmem_map_lookup(by_port, &end); one != NULL && found == NULL; one = one->next_of_port) {
        if (count++ >= MOST_LOOKED_AT) {
            return NULL;
        }
        if (addresses_equal(&one->trunk->client, client) && one->when <= when && when - one->when <= COOKIE_LIFE &&
            is_open(one->trunk, when)) {
            found = one;
        }
    }
    if (found == NULL) {
        return NULL;
    }
    count = 0;
    for (const rdg_main_t *trunk = latest_main; trunk != NULL; trunk = trunk->next) {
        if (count++ >= MOST_LOOKED_AT) {
            return NULL;
        }
        if (trunk != found->trunk && !trunk->has_no_udp && addresses_equal(&trunk->client, client) &&
            is_open(trunk, when)) {
            return NULL;
        }
    }
    return found;
}

bool rdg_offer_takes(const address *gateway, uint16_t port)
{
    rdg_end_t end = { .address = *gateway, .port = port };

    return wmem_map_lookup(by_port, &end) != NULL;
}

bool rdg_offer_is_gateway(const address *gateway)
{
    unsigned number = 0;

    for (const rdg_offer_t *one = latest_offer; one != NULL && number < MOST_LOOKED_AT; one = one->next, number++) {
        if (one->trunk->is_by_proxy || addresses_equal(&one->trunk->gateway, gateway)) {
            return true;
        }
    }
    return false;
}

bool rdg_offer_port_has_links(const rdg_offer_t *offer)
{
    rdg_end_t end = end_of(offer->trunk, offer->port);
    unsigned count = 0;

    for (const rdg_offer_t *one = wmem_map_lookup(by_port, &end); one != NULL && count < MOST_LOOKED_AT;
         one = one->next_of_port, count++) {
        if (one->links != NULL) {
            return true;
        }
    }
    return false;
}

static void mark_others(const rdg_end_t *end)
{
    unsigned count = 0;

    for (rdg_offer_t *one = wmem_map_lookup(by_port, end); one != NULL && count < MOST_LOOKED_AT;
         one = one->next_of_port, count++) {
        if (one->has_others) {
            break; /* and so have all before */
        }
        one->has_others = true;
    }
}

void rdg_offer_on_other(const address *gateway, uint16_t port)
{
    rdg_end_t end = { .address = *gateway, .port = port };

    mark_others(&end);
    clear_address(&end.address);
    mark_others(&end);
}

/* }}} */
