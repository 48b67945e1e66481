# SPDX-License-Identifier: GPL-2.0-or-later
"""What simulators of any protocol share: time, the network, TCP, the capture point, and tshark's reading of a file."""
