"""GTP': Wireshark's own dissector is called only when something of what it adds is named; what is named is the same.

A visible tree alone does not name it, nor do expert items. Each thing to see (a filter, a column, a report, a script's
output, the octets) is asked for alone, and asked for again while a script (and, in the first of two passes, a read
filter) wants a field of that dissector, so that it is called for every packet. Both must be the same. What filters find
is also compared with the whole tree.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from collections import defaultdict

import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import cdr, gtpprime
from support.modes import ALL_MODES
from support.paths import CAPTURES

EVERY_PACKET = "gtp.message or frame"
CLIENT, SERVER = End("192.0.2.10", 3386), End("192.0.2.20", 3386)
WATCHER = """
local message = Field.new("gtp.message")
local watcher = Proto("watcher", "Watcher")
function watcher.dissector(tvb, pinfo, tree) end
register_postdissector(watcher)
"""
FRAME = re.compile(r'<field name="frame\.number".* show="(\d+)"')
FIELD = re.compile(r'<(?:field|proto) name="([A-Za-z_][\w.-]*)"')
# Of these, Wireshark's dissector draws nothing.
ALWAYS = ("-o", "gtpp.builtin:always")
OTHERS = {"_ws", "cdr", "frame", "eth", "ip", "ipv6", "udp", "tcp", "sll", "icmp", "data", "gtpp", "portlore",
          "rdgudp", "geninfo", "num", "len", "caplen", "timestamp", "fake-field-wrapper"}
# What Wireshark's dissector says of these changes with every further pass over the file.
CHANGING = {"gtp.response_in", "gtp.response_to", "gtp.time"}
# Of each protocol of which it draws something, and what it keeps from one packet to the next. Whether it gives up half
# way depends on how much of the tree is built, so that this expert item is left out.
CHOSEN = ("gtp.seq_number", "gtpprime", "gprscdr.servedIMSI", "e212.imsi", "e164.country_code", "gtpp.builtin.stopped",
          "frame.protocols", "gtp.response_in", "gtp.response_to")
COLUMNS = ("%i", "%p", "%Cus:e212.imsi", "%Cus:gtp.response_in", "%Cus:gtpp.seq")
REPORTS = ("gtp,srt", "io,stat,0,gprscdr.servedIMSI", "gtpp,ledger", "gtpp,srt")
# A filter that lets all pass, so that there is a tree. Wireshark itself notes expert items and layers otherwise where
# there is none.
ALL = ("-Y", "frame")


def put_script(home, text):
    """Has Wireshark run a Lua script whenever it starts from this home."""
    folder = home / ".local" / "lib" / "wireshark" / "plugins"
    folder.mkdir(parents=True)
    (folder / "script.lua").write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def watched(runner):
    """A home with which Wireshark's dissector is called always, but for the first of two passes."""
    return put_script(runner.new_home(), WATCHER)


def forced(mode):
    """These passes, with Wireshark's dissector called in the first of two as well."""
    return [*mode, "-R", EVERY_PACKET] if mode else []


def packet(seq, *extensions):
    """A request with one record that has some elements more than usual."""
    record = cdr.pgw(local_seq=1 + seq)
    body = record[3 if record[2] < 128 else 3 + (record[2] & 127):]
    return gtpprime.transfer(seq, cdr.cons(cdr.OUTER_TAG[cdr.PGW], body, *extensions))


def written(path, *datagrams):
    """A capture file: each datagram with who sends it to whom."""
    capture = Capture()
    for source, destination, payload in datagrams:
        capture.udp(source, destination, payload)
    path.write_bytes(capture.octets())
    path.chmod(0o644)
    return path


@pytest.fixture
def extended(tmp_path):
    """Records that need more than their own dissector: an extension with an object identifier, a string in pieces."""
    identified = cdr.cons(19, cdr.sequence(b"\x06\x03\x55\x04\x03", cdr.cons(2, b"\x0c\x04Name")))
    pieces = cdr.cons(23, b"\x04\x01\x08", b"\x04\x01\x00")
    return written(tmp_path / "extended.pcap", *(
        (CLIENT, SERVER, packet(seq, *extensions))
        for seq, extensions in enumerate(([], [identified], [pieces], [identified, pieces]))))


@pytest.fixture(scope="module")
def everything(runner, tmp_path_factory):
    """All captures in one file."""
    path = tmp_path_factory.mktemp("everything") / "all.pcap"
    path.parent.chmod(0o755)
    names = sorted(each.name for each in CAPTURES.glob("gtpp-*.pcap"))
    with open(path, "wb") as out:
        answer = runner.run("mergecap", "-a", "-F", "pcap", "-w", "-", *(runner.reachable(CAPTURES / n) for n in names),
                            capture_output=False, stdout=out)
    assert answer.returncode == 0
    path.chmod(0o644)
    return runner.reachable(path)


def seen_by_field(lines):
    """Field -> the numbers of the frames that have it, by the whole tree of each."""
    found = defaultdict(list)
    frame = None
    for line in lines:
        number = FRAME.search(line)
        if number:
            frame = int(number[1])
        elif line == "</packet>":
            frame = None
        name = FIELD.search(line)
        if frame and name and name[1].split(".")[0] not in OTHERS and frame not in found[name[1]][-1:]:
            found[name[1]].append(frame)
    return found


def test_every_field_as_a_filter(tshark, sharkd, everything, watched):
    """Loaded with nobody looking; then each field alone is looked for, as the GUI's filter does. First comes the one
    that is known only from the pass in which nobody looked."""
    found = seen_by_field(tshark(everything, *ALWAYS, *forced(["-2"]), "-T", "pdml"))
    fields = ["gtp.response_in", *sorted(found)]
    requests = [{"method": "frames", "params": {"filter": field}} for field in fields]
    alone = [[frame["num"] for frame in frames] for frames in sharkd(everything, *requests)]
    always = [[frame["num"] for frame in frames] for frames in sharkd(everything, *requests, home=watched)]
    assert list(zip(fields, alone)) == list(zip(fields, always))
    for number, (field, frames) in enumerate(zip(fields, alone)):
        assert frames == found[field] or number > 0 and field in CHANGING, field
    assert len(fields) > 150
    assert {"gtp", "gtpprime", "gprscdr", "e212", "gsm_map"} <= {field.split(".")[0] for field in fields}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("field", CHOSEN)
def test_chosen_fields_as_filters(tshark, everything, watched, field, mode):
    """In one pass, too, and with the packet list that comes of it."""
    alone = tshark(everything, *mode, "-Y", field)
    assert alone == tshark(everything, *forced(mode), "-Y", field, home=watched)
    assert alone or field == "gtp.response_in" and not mode


@pytest.mark.parametrize("mode", ALL_MODES)
def test_chosen_fields_as_the_tree_has_them(tshark, everything, mode):
    found = seen_by_field(tshark(everything, *ALWAYS, *forced(mode), "-T", "pdml"))
    for field in ("gtp.seq_number", "gprscdr.servedIMSI", "e212.imsi", "gtp.response_to", "gtp.response_in"):
        lines = tshark(everything, *mode, "-Y", field)
        assert [int(line.split()[0]) for line in lines] == found[field], field


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("column", COLUMNS)
def test_columns(tshark, everything, watched, column, mode):
    """The usual ones, and one for a field that nobody else wants."""
    layout = ("-o", f'gui.column.format:"No.","%m","It","{column}"')
    alone = tshark(everything, *mode, *layout)
    assert alone == tshark(everything, *forced(mode), *layout, home=watched)
    assert any(len(line.split()) > 1 for line in alone) or "response_in" in column and not mode


def test_a_visible_tree_and_expert_items_do_not_call_it(tshark, everything):
    """It would call sound records malformed. What is said of records is said by our own dissector."""
    lines = tshark(everything, "-V")
    assert not [line for line in lines if re.match(r"GPRS Tunneling Protocol Prime|.*BER Error", line)]
    assert not [line for line in tshark(everything, "-q", "-z", "expert") if "BER Error" in line or "gprscdr" in line]
    assert [line for line in lines if "servedIMSI: 001010000000001" in line]


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("report", REPORTS)
def test_reports(tshark, everything, watched, report, mode):
    args = ("-q", "-z", report)
    alone = tshark(everything, *mode, *args)
    assert alone == tshark(everything, *forced(mode), *args, home=watched)
    assert len(alone) > 3


def test_field_in_the_info_column(tshark, everything, watched):
    args = ("-z", "proto,colinfo,gtp.seq_number,gtp.seq_number")
    alone = tshark(everything, *args)
    assert alone == tshark(everything, *args, home=watched)
    assert any("gtp.seq_number" in line for line in alone)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_colour_rules(runner, tshark, everything, watched, mode):
    """A rule that wants a field of Wireshark's dissector."""
    plain = runner.new_home()
    for home in (plain, watched):
        folder = home / ".config" / "wireshark"
        folder.mkdir(parents=True)
        (folder / "colorfilters").write_text("@Subscriber@gprscdr.servedIMSI@[1,2,3][4,5,6]\n", encoding="utf-8")
    args = ("--color", "-Y", 'frame.coloring_rule.name == "Subscriber"')
    alone = tshark(everything, *mode, *args, home=plain)
    assert alone == tshark(everything, *forced(mode), *args, home=watched)
    assert len(alone) > 50


SCRIPTS = {
    "fields": """
local number, imsi = Field.new("gtp.seq_number"), Field.new("e212.imsi")
local p = Proto("reader", "Reader")
function p.dissector(tvb, pinfo, tree) print("script", pinfo.number, #{ number() }, #{ imsi() }) end
register_postdissector(p)
""",
    "all-fields": """
local p = Proto("reader", "Reader")
function p.dissector(tvb, pinfo, tree)
    for _, field in ipairs({ all_field_infos() }) do
        if field.name:sub(1, 7) == "gprscdr" then print("script", pinfo.number, field.name) end
    end
end
register_postdissector(p, true)
""",
    "listener": """
local tap = Listener.new("frame", "gtp.message == 240")
local count = 0
function tap.packet(pinfo, tvb) count = count + 1 end
function tap.draw() print("script", count) end
""",
    "all-fields-listener": """
local tap = Listener.new("frame", nil, true)
function tap.packet(pinfo, tvb)
    for _, field in ipairs({ all_field_infos() }) do
        if field.name:sub(1, 7) == "gprscdr" then print("script", pinfo.number, field.name) end
    end
end
function tap.draw() end
""",
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts(runner, tshark, everything, script, mode):
    preference = ALWAYS if script.startswith("all-fields") else ()  # these name no field
    alone = tshark(everything, *mode, *ALL, *preference, home=put_script(runner.new_home(), SCRIPTS[script]))
    always = tshark(everything, *forced(mode), *ALL, home=put_script(runner.new_home(), SCRIPTS[script] + WATCHER))
    assert alone == always
    assert any(line.startswith("script") for line in alone)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_octets_and_layers_of_extended_records(tshark, extended, watched, mode):
    """Strings that Wireshark puts together are printed with the packet's octets; what a record's extension is made of
    is a layer."""
    octets = tshark(extended, *mode, *ALWAYS, "-x")
    assert octets == tshark(extended, *forced(mode), "-x", home=watched)
    assert [line for line in octets if line.startswith("Reassembled")]
    layers = tshark(extended, *mode, "-Y", 'frame.protocols contains "gtpprime"')
    assert len(layers) == 4


LATECOMER = """
local late = Proto("latecomer", "Latecomer")
local tap
function late.dissector(tvb, pinfo, tree)
    if pinfo.number == 12 and not tap then
        tap = Listener.new("frame", "gtp.response_to")
        function tap.packet(pinfo, tvb) print("answer", pinfo.number) end
        function tap.draw() end
    end
end
register_postdissector(late)
"""


@pytest.fixture
def exchanges(tmp_path):
    """Ten requests, then their answers."""
    return written(tmp_path / "exchanges.pcap", *((CLIENT, SERVER, packet(seq)) for seq in range(10)),
                   *((SERVER, CLIENT, gtpprime.answer(seq)) for seq in range(10)))


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_tap_that_opens_amid_a_file(runner, tshark, exchanges, mode):
    """A script that begins to look on the twelfth packet. What answers requests that went by unseen is found, since
    Wireshark's dissector has had the header of each."""
    home = put_script(runner.new_home(), LATECOMER)
    lines = tshark(exchanges, *mode, *ALL, home=home)
    answers = range(11, 21) if mode else range(13, 21)
    assert [line.split() for line in lines if line.startswith("answer")] == [["answer", str(n)] for n in answers]


def test_columns_that_change_from_packet_to_packet(sharkd, watched):
    """Page by page, each with another column: what was not wanted a packet ago is wanted now."""
    fields = [field for field in CHOSEN if field.split(".")[0] in ("gtp", "gprscdr", "e212", "e164")]
    requests = []
    for number, field in enumerate(fields):
        for skip, column in ((2 * number + 1, "gtpp.seq"), (2 * number + 2, field), (2 * number + 3, field)):
            requests.append({"method": "frames", "params": {"skip": skip, "limit": 1, "column0": f"{column}:1"}})
    alone = sharkd("gtpp-cdr-families.pcap", *requests)
    assert alone == sharkd("gtpp-cdr-families.pcap", *requests, home=watched)
    assert all(any(page[0]["c"][0] for page in alone[3 * n + 1:3 * n + 3]) for n in range(len(fields)))
