# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests, records and messages as the nodes mean them: this is where the truth is kept."""
import itertools
from dataclasses import dataclass, field

from make.gtpp import gtpprime as g

TRANSFER, ANSWERED = g.DATA_RECORD_TRANSFER_REQUEST, g.DATA_RECORD_TRANSFER_RESPONSE
ANSWER_OF = {g.ECHO_REQUEST: g.ECHO_RESPONSE, g.NODE_ALIVE_REQUEST: g.NODE_ALIVE_RESPONSE,
             g.REDIRECTION_REQUEST: g.REDIRECTION_RESPONSE, TRANSFER: ANSWERED}
HAD_BEFORE = (g.DUPLICATES_FULFILLED, g.ALREADY_FULFILLED)
ACCEPTING = (g.ACCEPTED, g.CDR_DECODING_ERROR, *HAD_BEFORE)

uids = itertools.count(1)


@dataclass(eq=False)
class Counter:
    """A counter of local sequence numbers between two starts of its node."""

    owner: object
    kind: str      # of records, or '' for all kinds
    issued: list = field(default_factory=list)  # records in the order of their numbers


@dataclass(eq=False)
class Record:
    """A charging record."""

    octets: bytes
    counter: Counter
    local_seq: int
    opened: int
    requests: list = field(default_factory=list)  # that carry it


@dataclass(eq=False)
class Request:
    """One request of a node to another one under one number on one way, however often it is sent."""

    node: object
    peer: object
    way: object   # between which ends, see nodes.Way
    kind: int
    seq: int
    records: list = field(default_factory=list)
    command: int = 0
    settles: list = field(default_factory=list)  # held requests that a release or cancel is about
    probes: object = None                        # the request that an empty packet asks about
    copies: list = field(default_factory=list)   # messages
    answers: list = field(default_factory=list)  # messages

    def __post_init__(self):
        for record in self.records:
            record.requests.append(self)


@dataclass(eq=False)
class Message:
    """A message that was sent once, even if the network has copied its packet."""

    sender: object
    kind: int
    seq: int
    octets: bytes
    request: Request = None  # that it is a copy of
    responds: list = field(default_factory=list)  # requests that it answers
    cause: int = None
    counter: int = None      # restart counter in it
    command: int = None
    sent: int = 0
    ends: tuple = ()         # source and target as (address, port)
    is_tcp: bool = False
    connection: object = None
    uid: int = field(default_factory=lambda: next(uids))

    @property
    def accepts(self):
        """True for an answer that says yes."""
        return self.kind == ANSWERED and self.cause in ACCEPTING

    @property
    def rejects(self):
        """True for an answer that says no."""
        return self.kind == g.VERSION_NOT_SUPPORTED or (self.kind == ANSWERED and self.cause not in ACCEPTING)
