"""Waitress, set for people: bodies must say how long they are, slow clients are let go.

Waitress stood slow and lying clients where others did not (see ``docs/decisions``).
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Any

from waitress import server as waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

from partnering.errors import Missing

THREADS = 8
MAX_BODY = 256 << 10
"""Bytes; a form-encoded query of 32 kB is at most three times as long."""
MAX_HEADER = 128 << 10


class LengthRequired(Error):
    """RFC 9110, 15.5.12."""

    code = 411
    reason = "Length Required"


class Parser(HTTPRequestParser):
    """Refuses a body that does not say how long it is, before reading it."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked:
            self.error = LengthRequired(
                "Send the body with a Content-Length; chunked bodies are not read."
            )
            self.body_rcv = None
            self.connection_close = True


class Channel(HTTPChannel):
    """A connection that reads its requests with :class:`Parser`."""

    parser_class = Parser


class Server:
    """A bound socket, waiting for its application."""

    application: Callable[..., Any]

    def __init__(self, listening: socket.socket) -> None:
        self._socket = listening
        self.effective_port: int = listening.getsockname()[1]

    def run(self) -> None:
        """Serve until interrupted."""
        server = waitress.create_server(
            self.application,
            sockets=[self._socket],
            threads=THREADS,
            channel_timeout=20,
            cleanup_interval=5,
            connection_limit=400,
            max_request_body_size=MAX_BODY,
            max_request_header_size=MAX_HEADER,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
        assert isinstance(server, waitress.BaseWSGIServer)  # one socket, one server
        server.channel_class = Channel
        # A request that waits for a thread is no news; /healthz says how busy it is.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        try:
            server.run()
        finally:
            server.close()


def listen(host: str, port: int) -> Server:
    """Take the port; ``Missing`` where another program holds it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        raise Missing(
            f"The port {port} of {host} cannot be had: {error.strerror or error}.",
            mend="stop the other program, or choose another port: --port",
        ) from error
    return Server(listening)
