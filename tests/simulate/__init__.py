# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulators of nodes, networks and capture points that know the truth, and oracles that read what tshark says."""
