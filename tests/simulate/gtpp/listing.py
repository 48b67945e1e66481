# SPDX-License-Identifier: GPL-2.0-or-later
"""What the CGFs of a day have in the end: their list as CSV, or their files of charging records."""
import csv
import io

from make.gtpp import gtpprime as g
from support.cdr_files import cdr_file
from support.cdr_files import record as file_record

from .messages import ACCEPTING

COLUMNS = ("node", "local_seq", "imsi")


def taken(day):
    """The records that the CGFs pass on, in the order in which they were issued, as often as they were taken: those of
    every request that a CGF accepted, but what was cancelled, or is still held as possibly duplicated."""
    found = []
    for cgf in day.cgfs:
        for request, cause in cgf.answered.items():
            if request.records and cause in ACCEPTING and request not in cgf.held and (
                    cgf.settled.get(request) != g.CANCEL):
                found += request.records
    return found


def imsi_of(record):
    """The digits behind a length of 8 that begin with 001 01; each octet has two, the lower half first."""
    at = record.octets.index(b"\x08\x00\x01") + 1
    return "".join(f"{octet & 15}{octet >> 4:x}" for octet in record.octets[at:at + 8]).rstrip("f")


def as_csv(records):
    """A list; line 2 is that of the first record."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerow((record.counter.owner.node_id, record.local_seq, imsi_of(record)))
    return text.getvalue().encode()


def as_file(records):
    """A file of charging records."""
    return cdr_file([file_record(record.octets) for record in records])
