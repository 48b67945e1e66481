# SPDX-License-Identifier: GPL-2.0-or-later
"""The simulator of clients and gateways of RD Gateway's UDP transport, and the oracle that knows what is true."""
