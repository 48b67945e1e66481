#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""./dev scale [short|slurm] [--keep]: docs/scale.md on a live engine.

Starts nodes of OpenSearch on the loopback, makes a day of traffic, runs every sh block of docs/scale.md against them as
it stands, and compares what the engine then has with what tshark says of the whole day: a line for each comparison.
Then, what went wrong on the way must change nothing: parts that are loaded twice, a loader that is killed, a node that
fails. Three nodes and 200,000 messages; short: one node and 10,000. --keep leaves the day and the rows in build/scale.

slurm: the page's split, and then its Slurm script as an array, by Slurm's controller and two node daemons in a Debian
of their own (as root or with sudo); one node of OpenSearch, 10,000 messages.

Exit code: 0 when every comparison is equal, 1 when one is not, or a command of the page fails, 3 when nothing was run
because Maven Central, where OpenSearch comes from, cannot be reached.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path[:0] = [str(HERE), str(TOP / "tools"), str(TOP / "docs/ci")]

# pylint: disable=wrong-import-position
import day  # noqa: E402
from engine import Broken, Cluster, Unreachable  # noqa: E402
from runner import NotLoaded, Runner  # noqa: E402

PAGE = TOP / "docs" / "scale.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
# A record that was accepted twice has that fate, and is in the ledger's column of its request besides.
TAKEN = "acknowledged, held or released"
FATES = {"Acknowledged": TAKEN, "Held": TAKEN, "Released": TAKEN, "Accepted twice": TAKEN,
         "Acknowledged elsewhere": "elsewhere", "Rejected": "rejected", "Cancelled": "cancelled",
         "Not acknowledged": "unacknowledged", "Cannot be told": "undecided", "Not answered yet": "undecided"}
RECORDS, CHANNELS = "portlore-records", "portlore-channels"


class Failed(Exception):
    """A command did not do what it should."""


class Comparisons:
    """Prints each, and counts those that are not equal."""

    def __init__(self):
        self.count = self.unequal = 0

    def add(self, what, known, engine):
        is_equal = known == engine
        self.count += 1
        self.unequal += not is_equal
        print(f"{what:<62} {show(known):>14} {show(engine):>14}  {'equal' if is_equal else 'NOT EQUAL'}", flush=True)

    def title(self, text, ours="ledger"):
        print(f"\n{text:<62} {ours:>14} {'engine':>14}", flush=True)


def show(value):
    return f"{value:,}" if isinstance(value, int) else str(value)


class Session:
    """The folder in which a user follows the page, and the cluster."""

    def __init__(self, runner, cluster):
        self.runner, self.cluster = runner, cluster
        self.home = runner.new_home()
        for name in ("docs", "captures"):
            (self.home / name).symlink_to(runner.reachable(TOP / name))
        self.variables = {"ENGINE": cluster.http, "no_proxy": "*"}

    def shell(self, text, check=True):
        """What a block of commands prints."""
        answer = self.runner.run("sh", "-euc", text, home=self.home, cwd=self.home, variables=self.variables,
                                 timeout=7200)
        if check and answer.returncode != 0:
            raise Failed(f"This ended with {answer.returncode}:\n{text}\n{answer.stdout}{answer.stderr}")
        return answer

    def tshark(self, report):
        """The lines of a report about the whole day."""
        answer = self.runner.run("tshark", "-2", "-n", "-q", "-r", self.home / "whole.pcap", "-z", report,
                                 home=self.home, timeout=7200)
        if answer.returncode != 0:
            raise Failed(answer.stderr)
        rows = [[cell.strip() for cell in line.split("|")[:-1]] for line in answer.stdout.splitlines() if " |" in line]
        return [dict(zip(rows[0], row)) for row in rows[1:]]

    def search(self, index, body):
        self.cluster.ask("POST", f"{index}/_refresh")
        return self.cluster.ask("POST", f"{index}/_search", {"track_total_hits": True, **body})


def follow_page(session):
    """Run the page's blocks, and say how long each took."""
    print(f"\n{'block of docs/scale.md, by its first line':<90} seconds", flush=True)
    for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if "$KIBANA" in block or "$DASHBOARDS" in block:
            continue
        began = time.monotonic()
        session.shell(block)
        print(f"{block.splitlines()[0][:88]:<90} {time.monotonic() - began:7.1f}", flush=True)


def ledger_of(session):
    """Way -> what -> count, of tshark's ledger of the whole day."""
    found = {}
    for row in session.tshark("gtpp,ledger"):
        counts = {name: int(row[name.capitalize()]) for name in set(FATES.values()) - {TAKEN}}
        counts[TAKEN] = sum(int(row[title]) for title in ("Acknowledged", "Held", "Released"))
        found[(row["CDF"], row["CGF"])] = Counter({"records": int(row["CDRs"]), "accepted twice": int(row["Twice"]),
                                                   **counts})
    return found


def engine_ledger(session):
    """The same by the engine's own aggregations."""
    def terms(field, **inner):
        return {"terms": {"field": field, "size": 1000}, **({"aggs": inner} if inner else {})}
    ways = terms("cdf", cgfs=terms("cgf", fates=terms("fate")))
    answer = session.search(RECORDS, {"size": 0, "aggs": {"cdfs": ways}})
    found = {}
    for cdf in answer["aggregations"]["cdfs"]["buckets"]:
        for cgf in cdf["cgfs"]["buckets"]:
            counts = Counter({"records": cgf["doc_count"]})
            for fate in cgf["fates"]["buckets"]:
                counts[FATES[fate["key"]]] += fate["doc_count"]
                counts["accepted twice"] += fate["doc_count"] * (fate["key"] == "Accepted twice")
            found[(cdf["key"], cgf["key"])] = counts
    return found


def compare_records(session, table, known, why):
    """The ledger's columns: in all, and way by way."""
    table.title(f"Charging records, {why}")
    engine = engine_ledger(session)
    for what in ("records", *dict.fromkeys(FATES.values()), "accepted twice"):
        table.add(f"  {what}", sum(row[what] for row in known.values()), sum(row[what] for row in engine.values()))
    table.add("  ways from a CDF to a CGF", len(known), len(engine))
    table.add("  of these, with the same figure in all eight columns", len(known),
              sum(+counts == +engine.get(way, Counter()) for way, counts in known.items()))


def compare_channels(session, table, why):
    """Verdicts, and everything that is said of each channel."""
    table.title(f"RD Gateway channels, {why}", "report")
    rows = session.tshark("rdgudp,channels")
    buckets = session.search(CHANNELS, {"size": 0, "aggs": {"v": {"terms": {"field": "verdict", "size": 100}}}})
    engine = {each["key"]: each["doc_count"] for each in buckets["aggregations"]["v"]["buckets"]}
    known = Counter(row["Verdict"] for row in rows)
    for verdict in sorted(set(known) | set(engine)):
        table.add(f"  {verdict}", known[verdict], engine.get(verdict, 0))
    found = session.search(CHANNELS, {"size": 10000})["hits"]["hits"]
    names = {"Client": "client", "Gateway": "gateway", "Verdict": "verdict", "Hellos": "hellos", "Packets": "packets",
             "Octets up": "octets_up", "Octets down": "octets_down"}
    have = Counter(tuple(str(each["_source"].get(name, "")) for name in names.values()) for each in found)
    wanted = Counter(tuple(row[title] for title in names) for row in rows)
    table.add("  channels", len(rows), len(found))
    table.add("  of these, with the same verdict, hellos, packets and octets", len(rows), (have & wanted).total())


def query_string(kuery):
    """A saved search's query, as the engine itself takes it; Dashboards would translate it."""
    text = re.sub(r" (or|and) ", lambda found: f" {found[1].upper()} ", kuery)
    return re.sub(r"(\S+) ([<>]=?) ", r"\1:\2", text).replace(": ", ":")


def saved_searches(session):
    """Title -> (index, the engine's count)."""
    lines = [json.loads(line) for line in (TOP / "docs/scale/saved-searches.ndjson").read_text("utf-8").splitlines()]
    patterns = {line["id"]: line["attributes"]["title"] for line in lines if line["type"] == "index-pattern"}
    found = {}
    for line in lines:
        if line["type"] == "search":
            source = json.loads(line["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
            answer = session.search(patterns[line["references"][0]["id"]], {
                "size": 0, "query": {"query_string": {"query": query_string(source["query"]["query"])}}})
            found[line["id"]] = answer["hits"]["total"]["value"]
    return found


# What a saved search about packets finds, as a display filter.
PACKETS = {"portlore-lost-cdrs": "gtpp.analysis.unacknowledged || gtpp.analysis.rejected",
           "portlore-slow-acks": "gtpp.time > 1", "portlore-missing-numbers": "gtpp.analysis.local_seq_gap",
           "portlore-failed-channels": "rdgudp.no_answer || rdgudp.refused || rdgudp.alert || "
                                       "rdgudp.rejected || rdgudp.fallback",
           "portlore-unexpected-ports": "portlore.unexpected || portlore.sustained"}


def compare_searches(session, table, known):
    """The saved searches: those about rows against the reports, those about packets against display filters, on the
    part that the page loads."""
    engine = saved_searches(session)
    table.title("Saved searches, rows", "reports")
    table.add("  portlore-records-unpaid", sum(row["unacknowledged"] + row["rejected"] for row in known.values()),
              engine["portlore-records-unpaid"])
    verdicts = Counter(row["Verdict"] for row in session.tshark("rdgudp,channels"))
    table.add("  portlore-channels-failed", verdicts["no answer"] + verdicts["refused (ICMP)"],
              engine["portlore-channels-failed"])
    table.title("Saved searches, packets of part-1", "tshark")
    for name, wanted in PACKETS.items():
        answer = session.runner.run("tshark", "-2", "-n", "-r", session.home / "part-1.pcap", "-Y", wanted, "-T",
                                    "fields", "-e", "frame.number", home=session.home, timeout=3600)
        table.add(f"  {name}", len(answer.stdout.split()), engine[name])


def load(session, files, index=RECORDS, check=True):
    return session.shell(f"docs/scale/load-rows {index} {files}", check)


def try_twice(session, table, known):
    before = session.search(RECORDS, {"size": 0})["hits"]["total"]["value"]
    load(session, "part-1.records.json part-2.records.json")
    table.title("Two parts loaded again", "before")
    table.add("  documents", before, session.search(RECORDS, {"size": 0})["hits"]["total"]["value"])
    compare_records(session, table, known, "with two parts loaded twice")


def start_loader(session, index=RECORDS):
    """A loader that runs, in a process group of its own."""
    env = {**session.runner.environment(session.home), **session.variables}
    return subprocess.Popen(["sh", "-euc", f"docs/scale/load-rows {index} part-*.records.json"], env=env,
                            cwd=session.home, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, **session.runner.identity())


def wait_until_some(session, loader, wanted):
    """Until the engine has so many documents, and not all."""
    while loader.poll() is None:
        if session.search(RECORDS, {"size": 0})["hits"]["total"]["value"] >= wanted:
            return
        time.sleep(0.05)
    raise Failed(f"The loader ended too early: {loader.stdout.read()}")


def fresh(session):
    session.cluster.ask("DELETE", RECORDS)
    session.cluster.ask("PUT", RECORDS)


def try_killed(session, table, known, total):
    """A loader that is killed half way, and started again."""
    fresh(session)
    loader = start_loader(session)
    wait_until_some(session, loader, total // 4)
    os.killpg(loader.pid, signal.SIGKILL)
    loader.communicate()
    time.sleep(1)
    half = session.search(RECORDS, {"size": 0})["hits"]["total"]["value"]
    print(f"\nA loader was killed when the engine had {half:,} of {total:,} documents, and started again.")
    if half >= total:
        raise Failed("It was killed too late.")
    load(session, "part-*.records.json")
    compare_records(session, table, known, "after the loader was killed")


def try_node(session, table, known, total):
    """A node that fails while rows are loaded."""
    fresh(session)
    session.cluster.wait_for(nodes=3)
    loader = start_loader(session)
    wait_until_some(session, loader, total // 4)
    session.cluster.kill_last()
    said = loader.communicate(timeout=3600)[0]
    print(f"\nA node was killed while rows were loaded. The loader said: {said.strip()}")
    if loader.returncode != 0:
        raise Failed("The loader did not get over it.")
    session.cluster.wait_for(nodes=2, status="yellow")
    compare_records(session, table, known, "after a node failed")


def loader_says(session, wanted, index, engine=None):
    """The loader's exit code, and what of its reason fits the pattern WANTED (or else its end)."""
    address = f"ENGINE={engine} " if engine else ""
    answer = session.shell(f"{address}TRIES=2 docs/scale/load-rows {index} part-1.records.json", check=False)
    found = re.search(wanted, answer.stderr)
    return f"{answer.returncode}: {found[0] if found else answer.stderr[-300:]}"


def free_ports(count):
    """Ports of the loopback that are free now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def try_refusals(session, table):
    """What the loader says when the engine does not take the rows. This engine has no users, so that the HTTP server of
    test_load_rows.py answers 401 and 403 instead."""
    table.title("The loader's exit code and reason", "should be")
    table.add("  no engine there", "2: no engine at http://127.0.0.1",
              loader_says(session, "no engine at http://127.0.0.1", RECORDS, f"http://127.0.0.1:{free_ports(1)[0]}"))
    index = f"{RECORDS}-conflict"
    session.cluster.ask("PUT", index, {"mappings": {"properties": {"octets_up": {"type": "ip"}}}})
    table.add("  a column has another type", "1: [octets_up]", loader_says(session, r"\[octets_up\]", index))
    session.cluster.ask("DELETE", index)
    session.cluster.fill_disks(True)
    table.add("  disks are full", "1: disk usage exceeded flood-stage watermark",
              loader_says(session, "disk usage exceeded flood-stage watermark", RECORDS))
    session.cluster.fill_disks(False)


def compare_sqlite(session, table):
    """The page's database of one machine against the engine: records by fate, and the volume by subscriber."""
    def sqlite(query):
        lines = session.shell(f'sqlite3 rows.db "{query}"').stdout.splitlines()
        return Counter(tuple(line.split("|")) for line in lines)
    fates = session.search(RECORDS, {"size": 0, "aggs": {"a": {"terms": {"field": "fate", "size": 100}}}})
    engine = Counter((each["key"], str(each["doc_count"])) for each in fates["aggregations"]["a"]["buckets"])
    known = sqlite("select row ->> 'fate', count(*) from records group by 1")
    table.title("One machine's sqlite3", "sqlite3")
    table.add("  fates", len(known), len(engine))
    table.add("  of these, with the same number of records", len(known), (known & engine).total())
    volume = {"terms": {"field": "imsi", "size": 10000}, "aggs": {"up": {"sum": {"field": "octets_up"}}}}
    lost = session.search(RECORDS, {"size": 0, "query": {"term": {"fate": "Not acknowledged"}}, "aggs": {"a": volume}})
    engine = Counter((each["key"], str(each["doc_count"]), str(int(each["up"]["value"])))
                     for each in lost["aggregations"]["a"]["buckets"])
    known = sqlite("select row ->> 'imsi', count(*), sum(row ->> 'octets_up') from records "
                   "where row ->> 'fate' = 'Not acknowledged' group by 1")
    table.add("  subscribers with records that are not acknowledged", len(known), len(engine))
    table.add("  of these, with the same records and octets", len(known), (known & engine).total())


def print_costs(session, count):
    """What the page's figures are made of."""
    home = session.home
    size = (home / "whole.pcap").stat().st_size
    rows = list(home.glob("part-*.records.json"))
    octets = sum(each.stat().st_size for each in rows)
    number = sum(each.read_bytes().count(b"\n") for each in rows)
    session.cluster.ask("POST", f"{RECORDS}/_forcemerge?max_num_segments=1")
    session.cluster.ask("POST", f"{RECORDS}/_flush")
    # What was merged is kept until the next refresh, and the size is reckoned anew every ten seconds.
    session.cluster.ask("POST", f"{RECORDS}/_refresh")
    time.sleep(15)
    stored = session.cluster.ask("GET", f"{RECORDS}/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]
    print(f"\nThe capture has {count:,} packets, {size:,} octets. A record is {octets / number:.0f} octets as a row, "
          f"and {stored / number:.0f} in the engine's index, which is {stored / size:.2f} of the capture.")
    print("Load average of this machine: " + ", ".join(f"{each:.1f}" for each in os.getloadavg()))
    unpacked = int(session.shell("cat part-*.records.json | docs/scale/rows-bulk | wc -c").stdout)
    sent = requests_size(session)
    print(f"Bulk requests: {unpacked / size:.2f} of the capture, and {sent / size:.2f} in gzip, as they "
          "are sent.")
    for jobs in (1, 2, 4):
        fresh(session)
        began = time.monotonic()
        session.shell(f"parallel --will-cite -j {jobs} docs/scale/load-rows {RECORDS} ::: part-*.records.json")
        took = time.monotonic() - began
        print(f"loading with {jobs} at a time: {took:6.1f} s, {number / took:,.0f} documents a second")


def requests_size(session):
    """What load-rows says that it has sent, of all parts."""
    fresh(session)
    said = load(session, "part-*.records.json").stdout
    return int(re.search(r"(\d+) octets were sent", said)[1])


def print_parts(session, table):
    """The same day in 1, 2, 4 and 8 parts, by the page's commands for splitting, rows and loading."""
    split, rows = (next(block for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if word in block)
                   for word in ("mkfifo", "portlore-records --json"))
    rows = rows.splitlines()[0]
    named = day.parts()
    print(f"\nThe same day in more parts, as many at a time as there are processors ({os.cpu_count()})\n"
          f"{'parts':>5} {'split, s':>10} {'rows, s':>10} {'load, s':>10} {'all, s':>10} {'documents a second':>20}")
    found = {}
    for count in (1, 2, 4, 8):
        folder = session.home / f"in-{count}"
        session.shell(f"mkdir {folder.name}; cd {folder.name}; ln -s ../docs ../whole.pcap .")
        groups = [named[at::count] for at in range(count)]
        text = "".join(f"part-{number} {' or '.join(rule for _, rule in group)}\n"
                       for number, group in enumerate(groups, 1))
        session.shell(f"printf '%s' '{text}' >{folder.name}/parts.txt")
        fresh(session)
        took = []
        for block in (split, rows, f"parallel --will-cite docs/scale/load-rows {RECORDS} ::: part-*.records.json"):
            began = time.monotonic()
            session.shell(f"cd {folder.name}\n{block}")
            took.append(time.monotonic() - began)
        found[count] = session.search(RECORDS, {"size": 0})["hits"]["total"]["value"]
        print(f"{count:>5} {took[0]:>10.1f} {took[1]:>10.1f} {took[2]:>10.1f} {sum(took):>10.1f} "
              f"{found[count] / sum(took):>20,.0f}", flush=True)
        session.shell(f"rm -r {folder.name}")
    table.title("Documents of the day in so many parts", "in 8 parts")
    for count in (1, 2, 4):
        table.add(f"  {count}", found[8], found[count])


def make_day(session, short):
    """whole.pcap and parts.txt, as the page wants them. The number of packets."""
    began = time.monotonic()
    count = day.make(session.home / "whole.pcap", *((10000, 400) if short else (200000, 2000)))
    (session.home / "whole.pcap").chmod(0o644)
    parts = "".join(f"{name} {rule}\n" for name, rule in day.parts())
    (session.home / "parts.txt").write_text(parts, encoding="utf-8")
    print(f"A day of {count:,} packets was made in {time.monotonic() - began:.0f} s.", flush=True)
    return count


def prove_slurm(session):
    """The page's split, and its Slurm script for all parts. The number of comparisons that are not equal."""
    make_day(session, True)
    session.shell(next(block for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if "mkfifo" in block))
    session.cluster.ask("PUT", "_index_template/portlore-rows",
                        json.loads((TOP / "docs/scale/rows-template.json").read_text(encoding="utf-8")))
    user = session.runner.identity().get("user", os.geteuid())
    answer = subprocess.run([HERE / "slurm", session.home, session.runner.plugins, session.cluster.http, str(user),
                             str(len(day.parts())), *map(str, free_ports(3))], check=False)
    if answer.returncode != 0:
        raise Failed(f"Slurm's array ended with {answer.returncode}.")
    table = Comparisons()
    compare_records(session, table, ledger_of(session), "as tasks of Slurm load them")
    compare_channels(session, table, "as tasks of Slurm load them")
    print(f"\n{table.count} comparisons, {table.unequal} not equal.")
    return table.unequal


def prove(session, short):
    """Everything. The number of comparisons that are not equal."""
    began = time.monotonic()
    count = make_day(session, short)
    table = Comparisons()
    follow_page(session)
    known = ledger_of(session)
    total = sum(row["records"] for row in known.values())
    compare_records(session, table, known, "as the page loads them")
    compare_channels(session, table, "as the page loads them")
    compare_searches(session, table, known)
    compare_sqlite(session, table)
    try_twice(session, table, known)
    try_killed(session, table, known, total)
    if not short:
        print_costs(session, count)
        print_parts(session, table)
        try_node(session, table, known, total)
    try_refusals(session, table)
    print(f"\n{table.count} comparisons, {table.unequal} not equal, {time.monotonic() - began:.0f} s.")
    return table.unequal


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="dev scale", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", nargs="?", choices=("short", "slurm", "whole"), default="whole")
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    build = Path(os.environ.get("PORTLORE_BUILD", TOP / "build/default"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with Runner(build) as runner:
            runner.check_loaded()
            began = time.monotonic()
            with Cluster(build, 3 if asked.size == "whole" else 1) as cluster:
                took = time.monotonic() - began
                print(f"Nodes of OpenSearch: {len(cluster.nodes)}, started in {took:.0f} s.", flush=True)
                session = Session(runner, cluster)
                unequal = prove_slurm(session) if asked.size == "slurm" else prove(session, asked.size == "short")
                if asked.keep:
                    shutil.copytree(session.home, build / "scale" / "day", dirs_exist_ok=True,
                                    ignore=shutil.ignore_patterns("docs", "captures"))
    except Unreachable as reason:
        print(f"scale: not run: Maven Central, where OpenSearch comes from, cannot be reached: {reason}.",
              file=sys.stderr)
        return 3
    except (Broken, Failed, NotLoaded) as reason:
        sys.exit(f"scale: {reason}")
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
