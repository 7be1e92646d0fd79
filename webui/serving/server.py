"""Waitress, set for people: bodies must say how long they are, slow clients are let go.

Waitress stood slow and lying clients where others did not (see ``docs/decisions``).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from partnering.webui.serving import crowd
from partnering.webui.serving.unthreaded import Later, Unthreaded, task_of
from partnering.webui.serving.watch import Watch
from waitress import server as waitress
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error, RequestEntityTooLarge

from partnering.errors import Missing

SPARE_THREADS = 16
"""Threads beside those that strangers' queries can hold, running or waiting for a reader."""
GRACE = 10.0
"""Seconds that answers under way have when the server is told to stop."""
MAX_BODY = 256 << 10
"""Bytes; a form-encoded query of 32 kB is at most three times as long."""
MAX_DRAINED = 8 << 20
"""Bytes of a body too long that are read all the same, and kept nowhere."""
MAX_HEADER = 128 << 10
HEAD_AND_MORE = 2 << 10
"""Bytes that are sent at once: the head of an answer waits for its body, and goes along with it."""
PATIENCE = 20
"""Seconds without a byte from or to a client after which it is let go."""
CONNECTIONS = crowd.CROWDED + 80
"""Connections at once, with some to spare for those that cannot be let go."""


_M_MMAP_THRESHOLD = -3


class LengthRequired(Error):
    """RFC 9110, 15.5.12."""

    code = 411
    reason = "Length Required"


class Parser(HTTPRequestParser):
    """Refuses a body that does not say how long it is, before reading it.

    A body that is too long is read to its end and thrown away, within reason: who is still
    sending when the connection closes never sees why.
    """

    later: Later | None = None
    """What was begun to answer it, if anything was; and the task of which that is the beginning."""
    task: Any = None
    _to_drain = 0

    def received(self, data: bytes) -> int:
        if self._to_drain:
            taken = min(len(data), self._to_drain)
            self._to_drain -= taken
            self.completed = not self._to_drain
            return taken
        consumed: int = super().received(data)
        too_long = isinstance(self.error, RequestEntityTooLarge)
        if too_long and not self.expect_continue and self.content_length <= MAX_DRAINED:
            self._to_drain, self.completed = self.content_length, False
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked:
            self.error = LengthRequired(
                "Send the body with a Content-Length; chunked bodies are not read."
            )
            self.body_rcv = None
            self.connection_close = True
        elif not self.content_length:
            # With nothing to come, "100 Continue" would be waited for by both sides.
            self.expect_continue = False


class Channel(crowd.Channel):
    """A connection that reads its requests with :class:`Parser`, and goes on with what is begun."""

    parser_class = Parser
    task_class: Any = staticmethod(task_of)

    def service(self) -> None:
        """Answer one request."""
        request: Any = self.requests[0]
        super().service()
        if request.later is not None:
            request.later.close()
        request.later = request.task = None


class Server:
    """A bound socket, waiting for its application."""

    application: Callable[..., Any]

    def __init__(self, listening: socket.socket, trusted_proxy: str | None = None) -> None:
        self._socket = listening
        self._proxy = trusted_proxy
        self.threads = SPARE_THREADS
        self.effective_port: int = listening.getsockname()[1]

    def run(self) -> None:
        """Serve until interrupted."""
        # Its types know little of what it is made of.
        server: Any = waitress.create_server(
            self.application,
            sockets=[self._socket],
            threads=self.threads,
            channel_timeout=PATIENCE,
            cleanup_interval=2,
            connection_limit=CONNECTIONS,
            max_request_body_size=MAX_BODY,
            max_request_header_size=MAX_HEADER,
            ident=None,
            clear_untrusted_proxy_headers=True,
            **_believing(self._proxy),
        )
        assert hasattr(server, "active_channels"), "one socket, one server"
        server.channel_class = Channel
        crowd.watch(server, PATIENCE)
        server.adj.send_bytes = HEAD_AND_MORE
        _give_memory_back()
        # What stands by now stays: no collection of garbage need look at it again.
        gc.freeze()
        # A request that waits for a thread is no news; /healthz says how busy it is.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        watch = Watch(server)
        unthreaded = Unthreaded(server, watch)
        try:
            with _told_to_stop(server) as told:
                # As waitress runs itself, but for what is answered without a thread.
                while not told:
                    watch.look(unthreaded.turn())
            # And but for the end: answers under way are finished.
            _finish(server, watch, unthreaded)
            server.task_dispatcher.shutdown()
        finally:
            server.close()


@contextlib.contextmanager
def _told_to_stop(server: Any) -> Iterator[list[int]]:
    """Signals that tell the server to stop: none is lost, and none comes in the middle of an answer."""
    told: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        server.trigger.pull_trigger()

    if threading.current_thread() is not threading.main_thread():
        yield told  # signals go elsewhere
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _give_memory_back() -> None:
    """Let what a large answer took go back to the system when it has been sent.

    By itself glibc learns from the first large block to keep those that follow.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1 << 20)


def _finish(server: Any, watch: Watch, unthreaded: Unthreaded) -> None:
    """Take no new connection, and go on until every answer that was begun has left."""
    end = time.monotonic() + GRACE
    server.del_channel(server._map)
    server.socket.close()
    while time.monotonic() < end:
        channels = list(server.active_channels.values())
        if not any(one.requests or one.total_outbufs_len for one in channels):
            return
        watch.look(min(0.1, unthreaded.turn()))


def _believing(proxy: str | None) -> dict[str, Any]:
    """Waitress's arguments to take the last forwarded address from one proxy, and nothing else."""
    if not proxy:
        return {}
    return {"trusted_proxy": proxy, "trusted_proxy_count": 1,
            "trusted_proxy_headers": {"x-forwarded-for"}}  # fmt: skip


def listen(host: str, port: int, *, trusted_proxy: str | None = None) -> Server:
    """Take the port; ``Missing`` where another program holds it.

    ``trusted_proxy`` is the address of the one proxy whose ``X-Forwarded-For`` is believed.
    """
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
    return Server(listening, trusted_proxy)
