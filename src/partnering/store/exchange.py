"""One HTTP request with one deadline, against a server that may stall, flood, redirect or lie.

urllib's time-out counts from byte to byte; a server that drips can hold it for hours.
Here a timer shuts the socket at the deadline, whatever the exchange is doing. Redirects
are not followed, compressed bodies are not unpacked, a short body is not an answer.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any, NoReturn

from partnering.errors import EngineUnavailable, QueryTimeout, QueryTooLarge
from partnering.store.signing import Auth, Signer

_PIECE = 65_536


@dataclass(frozen=True)
class Answer:
    """Status, headers and whole body."""

    status: int
    headers: Message
    body: bytes


class Exchange:
    """Sends requests to one endpoint."""

    def __init__(self, endpoint: str, auth: Auth | None = None) -> None:
        self.endpoint = endpoint
        self._signer = Signer(auth) if auth else None

    def send(self, request: urllib.request.Request, *, timeout: float, max_bytes: int) -> Answer:
        """Whole answer within ``timeout`` seconds and ``max_bytes``, whatever its status.

        Raises ``QueryTimeout``, ``QueryTooLarge`` and ``EngineUnavailable``.
        """
        watch = _Watch(timeout)
        try:
            with watch, self._signed(request, watch) as response:
                body = _read(response, max_bytes)
                return Answer(response.status, response.headers, body)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            # ValueError and AttributeError are what urllib makes of a socket shut under it.
            self._explain(error, watch)

    def _signed(self, request: urllib.request.Request, watch: _Watch) -> http.client.HTTPResponse:
        if self._signer and self._signer.must_ask_first(request):
            question = urllib.request.Request(request.full_url, method="HEAD")
            with self._open(question, watch) as answer:
                answer.read(_PIECE)
        return self._open(request, watch)

    def _open(self, request: urllib.request.Request, watch: _Watch) -> http.client.HTTPResponse:
        opener = urllib.request.build_opener(
            _Plain(watch),
            _Secure(watch),
            _AsIs(self._signer is not None),
            *(self._signer.handlers(request) if self._signer else ()),
        )
        try:
            response: http.client.HTTPResponse = opener.open(request, timeout=watch.left())
        except urllib.error.HTTPError as error:
            raise EngineUnavailable(
                "The engine does not let us in.",
                where=self.endpoint,
                mend="look at the name, the password and the scheme (basic or digest)",
            ) from error
        return response

    def _explain(self, error: Exception, watch: _Watch) -> NoReturn:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if watch.rang or isinstance(cause, TimeoutError):
            raise QueryTimeout(
                f"The engine did not answer within {watch.seconds:g} seconds.",
                where=self.endpoint,
                mend="narrow the query, or ask again later",
            ) from error
        raise EngineUnavailable(
            f"The engine cannot be reached or broke off: {one_line(str(cause))}",
            where=self.endpoint,
            mend="look whether it runs and whether the address is right",
        ) from error


def one_line(text: str | bytes, most: int = 200) -> str:
    """Somebody else's message made fit for ours: one printable line, not too long."""
    if isinstance(text, bytes):
        text = text[: 4 * most].decode("utf-8", "replace")
    words = "".join(c if c.isprintable() else " " for c in text).split()
    line = " ".join(words)
    return line if len(line) <= most else line[: most - 1] + "…"


def _read(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise EngineUnavailable(f"The engine sent a body in the coding {one_line(encoding)}.")
    pieces, size = [], 0
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > max_bytes:
            raise QueryTooLarge(
                f"The engine's answer is larger than {max_bytes:,} bytes.",
                mend="ask for less: add LIMIT, fewer variables, or a narrower pattern",
            )
    if response.length:
        raise EngineUnavailable(f"The engine's answer ends {response.length:,} bytes too early.")
    return b"".join(pieces)


class _Watch:
    """Shuts the sockets of one exchange when its time is up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rang = False
        self._end = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def left(self) -> float:
        return max(0.001, self._end - time.monotonic())

    def hold(self, connection: socket.socket) -> None:
        self._sockets.append(connection)

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self.rang:
            raise TimeoutError

    def _ring(self) -> None:
        self.rang = True
        for connection in self._sockets:
            # Past any TLS layer, whose own shutdown would wait for the other side.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _watched(base: type[http.client.HTTPConnection], watch: _Watch) -> Any:
    class Watched(base):  # type: ignore[valid-type,misc]  # http.client has two, chosen by scheme
        def connect(self) -> None:
            super().connect()
            watch.hold(self.sock)

    return Watched


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._class = _watched(http.client.HTTPConnection, watch)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._class, req)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._class = _watched(http.client.HTTPSConnection, watch)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._class, req)


class _AsIs(urllib.request.HTTPErrorProcessor):
    """Every status is an answer, redirects too: their address was nobody's choice here."""

    def __init__(self, may_sign_in: bool) -> None:
        self._may_sign_in = may_sign_in

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        if response.status == 401 and self._may_sign_in:
            return super().http_response(request, response)
        return response

    https_response = http_response
