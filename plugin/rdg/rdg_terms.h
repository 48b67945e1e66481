/* rdg_terms.h
 * What both halves of the RD Gateway's protocol count and name alike: times, the two ends, TCP streams. Plain.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_TERMS_H
#define PORTLORE_RDG_TERMS_H

#include <stdint.h>

/* Nanoseconds since 1970-01-01 UTC, as the capture has them. */
typedef int64_t rdg_time_t;
#define RDG_NEVER INT64_MIN
#define RDG_SECOND INT64_C(1000000000)

/* The two ends, as indices. */
enum { RDG_CLIENT = 0, RDG_GATEWAY = 1 };

/* No tcp.stream, or one that is not known. */
#define RDG_NO_STREAM UINT32_MAX

#endif
