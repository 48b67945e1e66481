# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs that make the captures, as one package. base: packets, files, protocols that the plugin does not
dissect; gtpp, rdg, portlore: as in plugin/. Modules in base import base only.

With the repository's folder on sys.path: from captures.make.gtpp import cdr, gtpprime

A module make_*.py makes captures: each is a function with a docstring, under @captures.file("name.pcap"). ./all runs
them.
"""
