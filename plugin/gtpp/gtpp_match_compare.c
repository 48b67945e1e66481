/* gtpp_match_compare.c
 * What an answer says, and which messages carry the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_match.h"

#include "gtpp_cause.h"
#include "gtpp_pdu.h"

static int64_t distance(int64_t one, int64_t other)
{
    return one > other ? one - other : other - one;
}

gtpp_says_t gtpp_match_answer_says(const gtpp_event_t *answer)
{
    if (answer->type == GTPP_VERSION_NOT_SUPPORTED) {
        return GTPP_SAYS_NO;
    }
    if (answer->type == GTPP_ECHO_RESPONSE || answer->type == GTPP_NODE_ALIVE_RESPONSE) {
        return GTPP_SAYS_YES;
    }
    if (!answer->has_cause) {
        /* Where a cause must be and is not, the answer does not say yes; where it was cut, nothing is known. */
        return answer->is_cut ? GTPP_SAYS_UNKNOWN : GTPP_SAYS_NO;
    }
    if (gtpp_cause_is_fulfilled(answer->cause)) {
        return GTPP_SAYS_HAD_BEFORE;
    }
    return gtpp_cause_is_acceptance(answer->cause) ? GTPP_SAYS_YES : GTPP_SAYS_NO;
}

bool gtpp_match_answer_accepts(const gtpp_event_t *answer)
{
    const gtpp_says_t says = gtpp_match_answer_says(answer);

    return says == GTPP_SAYS_YES || says == GTPP_SAYS_HAD_BEFORE;
}

const gtpp_event_t *gtpp_match_find_copy(const gtpp_event_t *request, int64_t when)
{
    const gtpp_event_t *latest = request;
    const gtpp_item_t *copy = request->more != NULL ? request->more->last_copy : NULL;

    for (; copy != NULL; copy = copy->older) {
        if (copy->event->time <= when && copy->event->time > latest->time) {
            latest = copy->event;
        }
    }
    return latest;
}

bool gtpp_match_is_told_apart(const gtpp_event_t *request)
{
    if (!request->is_cut) {
        return request->has_content;
    }
    return request->num_records > 0 && gtpp_event_record_identity(&request->records[0]) != 0;
}

bool gtpp_match_has_same_records(const gtpp_event_t *one, const gtpp_event_t *other)
{
    if (one->num_records == 0 || one->num_records != other->num_records || one->is_cut || other->is_cut) {
        return false;
    }
    for (uint32_t i = 0; i < one->num_records; i++) {
        if (one->records[i].identity == 0 || one->records[i].identity != other->records[i].identity) {
            return false;
        }
    }
    return true;
}

bool gtpp_match_has_same_cut_records(const gtpp_event_t *one, const gtpp_event_t *other)
{
    if (one->num_records == 0 || one->num_records != other->num_records || one->announced != other->announced ||
        one->length != other->length || !one->is_cut || !other->is_cut) {
        return false;
    }
    for (uint32_t i = 0; i < one->num_records; i++) {
        const gtpp_event_record_t *mine = &one->records[i];
        const gtpp_event_record_t *yours = &other->records[i];
        if (mine->identity == 0 || mine->identity != yours->identity || mine->is_cut != yours->is_cut) {
            return false;
        }
    }
    return true;
}

bool gtpp_match_is_surely_different(const gtpp_event_t *one, const gtpp_event_t *other)
{
    enum { ADDED_COMMAND = 2 }; /* octets that a copy may have more than the first one */

    if (!one->is_cut && !other->is_cut) {
        return true;
    }
    return one->announced != other->announced || one->length > other->length + ADDED_COMMAND ||
           other->length > one->length + ADDED_COMMAND;
}

bool gtpp_match_has_same_octets(const gtpp_event_t *one, const gtpp_event_t *other)
{
    return one->type == other->type && one->length == other->length && one->digest == other->digest &&
           one->is_cut == other->is_cut;
}

/* A copy with a VLAN tag is cut earlier: what was cut is compared by its header. */
static bool has_same_octets_or_cut(const gtpp_event_t *one, const gtpp_event_t *other)
{
    return gtpp_match_has_same_octets(one, other) ||
           ((one->is_cut || other->is_cut) && one->type == other->type && one->seq == other->seq &&
            one->length == other->length && one->command == other->command);
}

bool gtpp_match_is_same_packet(const gtpp_event_t *one, const gtpp_event_t *other)
{
    if (one->is_stream && one->path == other->path) {
        return false; /* octets that TCP or a mirror port sent again are read once */
    }
    if (!has_same_octets_or_cut(one, other) || one->ip_id != other->ip_id) {
        return false;
    }
    const bool is_telling = gtpp_match_is_request(&one->item) && gtpp_match_is_told_apart(one);
    const int64_t without_id = is_telling ? GTPP_MATCH_REQUEST_WITHOUT_ID : GTPP_MATCH_COPY_WITHOUT_ID;
    return distance(one->time, other->time) <= (one->ip_id != 0 ? GTPP_MATCH_COPY : without_id);
}
