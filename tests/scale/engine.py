"""Nodes of OpenSearch on the loopback, for ./dev scale.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What makes a small node start soon: the simple garbage collector, and the quick compiler alone.
JAVA = ("-Xms768m", "-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.apache.logging.log4j.level=WARN")
PATIENCE = 300  # seconds for a node to start, or for the cluster to be as it should


class Broken(Exception):
    """The engine does not do what it should."""


class Unreachable(Exception):
    """Maven Central, where the engine comes from, cannot be reached."""


# What Maven says of a repository that it cannot talk to, or only through a proxy that does not.
NO_WAY = re.compile(r"Unknown host|UnknownHost|Connect to \S+ .*failed|Connection (refused|reset|timed out)|"
                    r"[Tt]imed out|No route to host|Network is unreachable|Name or service not known|"
                    r"Temporary failure in name resolution|No plugin found for prefix|"
                    r"status code: (407|502|503|504)|offline mode")


def run(*command):
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0 and command[0] == "mvn" and NO_WAY.search(answer.stdout + answer.stderr):
        raise Unreachable(NO_WAY.search(answer.stdout + answer.stderr)[0])
    if answer.returncode != 0:
        raise Broken(f"{command[0]} failed:\n{answer.stdout}{answer.stderr}")


def class_path(build):
    """The class path of the engine: resolved by Maven, and our class compiled, when pom.xml or it has changed."""
    folder, sources = Path(build, "scale"), (HERE / "pom.xml", HERE / "Engine.java")
    jars, ours = folder / "classpath", folder / "Engine.class"
    if not ours.is_file() or ours.stat().st_mtime < max(each.stat().st_mtime for each in sources):
        folder.mkdir(parents=True, exist_ok=True)
        run("mvn", "-q", "-B", "-f", sources[0], "dependency:build-classpath", f"-Dmdep.outputFile={jars}")
        run("javac", "-cp", jars.read_text(encoding="utf-8").strip(), "-d", folder, sources[1])
    return f"{folder}:{jars.read_text(encoding='utf-8').strip()}"


class Cluster:
    """So many nodes, each a process of its own. They end with this program, whatever ends it: their input does."""

    def __init__(self, build, count):
        self.classes, self.nodes = class_path(build), []
        self.folder = Path(tempfile.mkdtemp(prefix="portlore-engine-"))
        try:
            self.http, seed = self.start(1)
            for number in range(2, count + 1):
                self.start(number, seed)
            self.wait_for(nodes=count)
        except BaseException:
            self.stop()
            raise

    def start(self, number, *seed):
        """Start a node: its addresses for HTTP and for other nodes."""
        path = self.folder / f"node-{number}.log"
        with open(path, "w", encoding="utf-8") as log:
            node = subprocess.Popen(
                ["java", *JAVA, "-cp", self.classes, "Engine", self.folder / f"node-{number}", f"node-{number}", *seed],
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)
        self.nodes.append(node)
        end = time.monotonic() + PATIENCE
        while True:
            said = path.read_text(encoding="utf-8")
            ready = re.search(r"^ready (\S+) (\S+)\n", said, re.M)
            if ready:
                return f"http://{ready[1]}", ready[2]
            if node.poll() is not None or time.monotonic() > end:
                raise Broken(f"Node {number} does not start:\n{said}")
            time.sleep(0.2)

    def ask(self, method, path, body=None):
        """The engine's answer to a request, as an object."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.http}/{path}", data, {"Content-Type": "application/json"},
                                         method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def wait_for(self, nodes, status="green"):
        """Until there are so many nodes, and the cluster is in this state."""
        end = time.monotonic() + PATIENCE
        while True:
            health = self.ask("GET", "_cluster/health")
            if health["number_of_nodes"] == nodes and health["status"] in (status, "green"):
                return
            if time.monotonic() > end:
                raise Broken(f"The cluster does not become {status} with {nodes} nodes: {health}")
            time.sleep(0.5)

    def fill_disks(self, is_full):
        """Let the engine take its disks for full, or no longer; until its indices are blocked, or no longer are."""
        watermark = {f"cluster.routing.allocation.disk.watermark.{name}": f"{percent if is_full else 100}%"
                     for name, percent in (("low", 1), ("high", 2), ("flood_stage", 3))}
        self.ask("PUT", "_cluster/settings", {"transient": {
            "cluster.routing.allocation.disk.threshold_enabled": True, "cluster.info.update.interval": "10s",
            **watermark}})
        end = time.monotonic() + PATIENCE
        while ("read_only_allow_delete" in json.dumps(self.ask("GET", "_all/_settings/index.blocks*"))) != is_full:
            if time.monotonic() > end:
                raise Broken(f"Disks that are {'full' if is_full else 'no longer full'} do not matter to the engine.")
            time.sleep(0.5)

    def kill_last(self):
        """The last node ends at once, as by a failure of its power."""
        self.nodes[-1].kill()
        self.nodes.pop().wait()

    def stop(self):
        """End all nodes, and remove their data."""
        for node in self.nodes:
            node.stdin.close()
        for node in self.nodes:
            try:
                node.wait(30)
            except subprocess.TimeoutExpired:
                node.kill()
                node.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
