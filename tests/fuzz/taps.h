/* taps.h
 * Listeners for the plugin's statistics and exports, as tshark's -z and --export-objects start them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_TAPS_H
#define PORTLORE_FUZZ_TAPS_H

/* Starts them all. */
void taps_start(void);

#endif
