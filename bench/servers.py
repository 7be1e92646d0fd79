"""The engines that ours is measured beside, started on loopback and stopped again."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

JSON = "application/sparql-results+json"


class Missing(Exception):
    """An engine that is not installed here."""


@dataclass
class Endpoint:
    """A running SPARQL server; ``default_graph`` is added to every request."""

    name: str
    port: int
    path: str
    parameters: dict[str, str]
    pid: int

    def ask(self, query: str, *, timeout: float = 120.0, accept: str = JSON) -> bytes:
        """Answer one query over a connection of its own kept open by nobody."""
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        ) as line:
            body = urllib.parse.urlencode({"query": query, **self.parameters})
            kind = "application/x-www-form-urlencoded"
            line.request("POST", self.path, body, {"Content-Type": kind, "Accept": accept})
            response = line.getresponse()
            found = response.read()
        if response.status != 200:
            raise RuntimeError(f"{self.name}: {response.status} {found[:200]!r}")
        return found


@contextlib.contextmanager
def oxigraph(dump: Path, port: int) -> Iterator[Endpoint]:
    """``oxigraph serve`` in memory, holding a dump; raises ``Missing`` without the wheel."""
    binary = Path(sys.executable).with_name("oxigraph")
    if not binary.exists():
        raise Missing("the wheel 'oxigraph' is not installed: pip install 'partnering[test]'")
    command = [str(binary), "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with _running(command, port) as process:
        with dump.open("rb") as quads:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=1800)
            line.request("POST", "/store?no_transaction", quads, {
                "Content-Type": "application/n-quads",
                "Content-Length": str(dump.stat().st_size),
            })  # fmt: skip
            response = line.getresponse()
            if response.status >= 300:
                raise RuntimeError(f"oxigraph serve: {response.status} {response.read()[:200]!r}")
        yield Endpoint("oxigraph serve", port, "/query", {}, process.pid)


def virtuoso_settings(
    folder: Path, http: int, sql: int, *, buffers: int = 10_000, read: Path | None = None
) -> Path:
    """Write the settings of a Virtuoso whose database is in ``folder``; their file.

    As ``docs/scaling-out.md`` advises: fewer plans looked at, threads enough that none waits.
    ``buffers`` are of 8 kB; ``read`` is a folder it may load from.
    """
    path = folder / "virtuoso.ini"
    path.write_text(f"""
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 100
AsyncQueueMaxThreads = 10
ThreadsPerQuery = 1
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {buffers * 3 // 5}
CheckpointInterval = 0
MaxOptimizeLayouts = 100
StopCompilerWhenXOverRunTime = 1
DirsAllowed = {read or folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryExecutionTime = 60
""")
    return path


@contextlib.contextmanager
def virtuoso(dump: Path, port: int, folder: Path, memory: int = 4) -> Iterator[Endpoint]:
    """Virtuoso 7 over a fresh database in a folder; raises ``Missing`` where it is not there."""
    binary, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not binary or not isql:
        raise Missing("Virtuoso 7 is not installed: apt-get install virtuoso-opensource-7")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = virtuoso_settings(folder, port, port + 1, buffers=85_000 * memory, read=dump.parent)
    with _running(
        [binary, "+foreground", "+configfile", str(settings)], port, cwd=folder
    ) as process:
        script = f"ld_dir('{dump.parent}', '{dump.name}', 'urn:x'); rdf_loader_run(); checkpoint;"
        subprocess.run([isql, str(port + 1), "dba", "dba", f"exec={script}"],
                       check=True, capture_output=True, timeout=3600)  # fmt: skip
        yield Endpoint("Virtuoso 7", port, "/sparql", {}, process.pid)


@contextlib.contextmanager
def _running(
    command: list[str], port: int, cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 600.0) -> None:
    """Wait until somebody listens on a port, or the process that should ends."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nobody listens on {port}")


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    below: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            below.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += below.get(one, [])
    return found


def proportional(pid: int) -> int:
    """Bytes of memory of a process tree by PSS: a page shared by three counts a third for each."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += 1024 * int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])  # type: ignore[index]
    return total


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process tree has taken, with its members that ended.

    It never falls: a reader that is replaced takes nothing away.
    """
    ticks = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            after_name = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, after_name[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
