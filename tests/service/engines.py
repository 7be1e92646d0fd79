"""Real SPARQL servers from packages, each on loopback, started and stopped by a test."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.servers import virtuoso_settings

from partnering.store.remote import RemoteEngine
from partnering.store.signing import Auth
from partnering.store.writer import Addresses, Writer


@dataclass(frozen=True)
class Running:
    """A server that answers, and how to sign in."""

    name: str
    endpoint: str
    auth: Auth | None = None

    def engine(self, **more: object) -> RemoteEngine:
        return RemoteEngine(self.endpoint, auth=self.auth, **more)  # type: ignore[arg-type]

    def writer(self) -> Writer:
        return Writer(Addresses.guess(self.endpoint, self.engine().server), auth=self.auth)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def oxigraph() -> Iterator[Running]:
    """``oxigraph serve`` from the wheel of that name, in memory."""
    beside = Path(sys.executable).with_name("oxigraph")
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    if program is None:
        pytest.skip("no oxigraph: pip install oxigraph")
    port = free_port()
    server = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    with _stopped(server):
        endpoint = f"http://127.0.0.1:{port}/query"
        _wait(server, f"{endpoint}?query=ASK%7B%7D")
        yield Running("oxigraph", endpoint)


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[Running]:
    """Virtuoso 7 with a database of its own in ``folder``, and small buffers."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("no Virtuoso 7: apt-get install virtuoso-opensource-7")
    http, sql = free_port(), free_port()
    ini = virtuoso_settings(folder, http, sql)
    server = subprocess.Popen(
        [program, "+configfile", str(ini), "+foreground"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with _stopped(server):
        endpoint = f"http://127.0.0.1:{http}/sparql"
        _wait(server, f"{endpoint}?query=ASK%7B%7D")
        yield Running("virtuoso", endpoint, Auth("dba", "dba"))


@contextlib.contextmanager
def _stopped(server: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        server.kill()
        server.wait()


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended before it answered"
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} never answered")
