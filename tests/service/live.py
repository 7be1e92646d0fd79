"""``partnering serve`` as a process of its own, and requests to it."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def kind(self) -> str:
        return str(self.headers.get_content_type())

    @property
    def line(self) -> str:
        """The error's one line."""
        lines = self.body.decode().splitlines()
        assert len(lines) == 1, lines
        return lines[0]


@dataclass(frozen=True)
class Server:
    """A running ``partnering serve``."""

    process: subprocess.Popen[str]
    port: int

    def ask(
        self,
        method: str = "GET",
        path: str = "/sparql",
        body: bytes | str | None = None,
        **headers: str,
    ) -> Answered:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        reply = connection.getresponse()
        found = Answered(reply.status, reply.headers, reply.read())
        connection.close()
        return found

    def get(self, accept: str | None = None, path: str = "/sparql", **given: str) -> Answered:
        headers = {"Accept": accept} if accept else {}
        return self.ask("GET", f"{path}?{urlencode(given)}" if given else path, **headers)

    def raw(self, text: bytes) -> bytes:
        """The status line of an answer to bytes of our own making."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(text)
            return connection.recv(4096).split(b"\r\n")[0]


def start(root: Path, *more: str, log: Path | None = None) -> Server:
    """Serve a workspace on a free port; what it says on standard error goes to ``log``."""
    command = [sys.executable, "-c", "from partnering.cli import main; main()", "serve"]
    process = subprocess.Popen(
        [*command, "--workspace", str(root), "--port", "0", *more],
        stdout=subprocess.PIPE,
        stderr=log.open("w") if log else subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    for line in process.stdout:
        found = re.fullmatch(r"Serving on http://127\.0\.0\.1:(\d+)\n", line)
        if found:
            return Server(process, int(found[1]))
    said = log.read_text() if log else process.stderr and process.stderr.read()
    raise AssertionError(f"it did not serve: {said}")
