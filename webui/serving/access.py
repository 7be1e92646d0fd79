"""The access log: one JSON object a line, and nothing in it about a person.

No address, no agent, no referrer, and of a URL only the path: what somebody asked stands in the
parameters and stays out. Time in UTC to the second, milliseconds until the answer was whole.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Any, cast

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LONGEST = 200
"""Characters of a path that are kept."""


def logged(application: Application, out: IO[str]) -> Application:
    """The application, each of its answers told to ``out``."""

    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun = time.monotonic()
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said = dict(headers)
            told["status"] = int(status.split(" ", 1)[0])
            told["type"] = said.get("Content-Type", "").partition(";")[0]
            told["bytes"] = int(said.get("Content-Length") or 0)
            return start_response(status, headers, *more)

        pieces = application(environ, start)
        if isinstance(pieces, environ.get("wsgi.file_wrapper", ())):
            # The server sends a file by itself, in its own time, and must see that it is one.
            _tell(out, environ, begun, told)
            return cast(Iterable[bytes], pieces)
        return _Counted(pieces, lambda size: _tell(out, environ, begun, told | {"bytes": size}))

    return run


class _Counted:
    """An answer that counts its bytes and is told of when it is closed, read to its end or not."""

    def __init__(self, pieces: Iterable[bytes], tell: Callable[[int], None]) -> None:
        self._pieces, self._tell, self._size = pieces, tell, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._size += len(piece)
            yield piece

    def close(self) -> None:
        """Close the answer, and tell of it."""
        try:
            if hasattr(self._pieces, "close"):
                self._pieces.close()
        finally:
            self._tell(self._size)


def _tell(out: IO[str], environ: dict[str, Any], begun: float, told: dict[str, Any]) -> None:
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "method": str(environ.get("REQUEST_METHOD", ""))[:16],
        "path": _printable(str(environ.get("PATH_INFO", ""))),
        **told,
        "milliseconds": round(1000 * (time.monotonic() - begun)),
    }
    out.write(json.dumps(line) + "\n")
    out.flush()


def _printable(path: str) -> str:
    with contextlib.suppress(UnicodeEncodeError):
        path = path.encode("latin-1").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "?" for c in path)[:LONGEST]
