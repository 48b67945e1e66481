# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads what tshark says of a day of channels, and tells what of it is wrong."""
from dataclasses import dataclass

from . import agreement, claims, omissions
from .truth import Truth


@dataclass
class Complaint:
    """Something that is wrong."""

    rule: str
    frame: int  # 0: of the whole capture
    said: str
    true: str

    def __str__(self):
        place = f"frame {self.frame}: " if self.frame else ""
        return f"[{self.rule}] {place}{self.said}; true: {self.true}"


def judge(day, capture, whole, one_pass=None, filtered=None):
    """All complaints. WHOLE is the reading in two passes, ONE_PASS that in one, FILTERED a list of (read filter,
    reading) in two passes."""
    truth = Truth(day, capture)
    for reading in (whole, one_pass, *(reading for _, reading in filtered or [])):
        if reading and reading.complaint:
            return [Complaint("tshark", 0, reading.complaint, "tshark reads the file to its end")]
    complaints = [Complaint("false", *item) for item in claims.check(truth, whole)]
    if not capture.faults:
        complaints += [Complaint("passed over", *item) for item in omissions.check(truth, whole)]
    for reading in (whole, one_pass, *(reading for _, reading in filtered or [])):
        if reading:
            complaints += [Complaint("sums", *item) for item in agreement.check_sums(reading)]
    if one_pass:
        complaints += [Complaint("passes", *item) for item in agreement.check_passes(one_pass, whole)]
    for name, reading in filtered or []:
        complaints += [Complaint(f"-R {name}", *item) for item in agreement.check_filter(reading, whole)]
    return complaints
