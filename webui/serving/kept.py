"""Pages that were made already, kept as they were sent until what they say may have changed.

A page says what its snapshot, its address and the program say, and nothing else: its ``ETag``
names all three. So one that was made once need not be made again, and is packed once.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict

from flask import Response

MOST = 24 << 20
"""Bytes of pages kept at most; those that nobody asked for longest go first."""
LARGEST = 1 << 20
"""Bytes of one page: a larger one is a download."""
SMALLEST = 1 << 10
"""Bytes below which packing gains nothing."""
PACKED = ("text/html", "text/css", "text/javascript", "image/svg+xml")
"""What a browser waits for before it shows anything."""


class Kept:
    """Pages by their tags."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, tuple[bytes, list[tuple[str, str]]]] = OrderedDict()
        self._size = 0

    def get(self, tag: str) -> Response | None:
        """A page as it was made, if it is still kept."""
        with self._lock:
            if tag not in self._pages:
                return None
            self._pages.move_to_end(tag)
            body, headers = self._pages[tag]
        return Response(body, headers=headers)

    def keep(self, tag: str, page: Response) -> None:
        """A page for the next who asks; others go where there is no room."""
        if page.mimetype != "text/html" or page.direct_passthrough:
            return
        body = page.get_data()
        if len(body) > LARGEST:
            return
        with self._lock:
            if tag in self._pages:
                return
            self._pages[tag] = body, list(page.headers)
            self._size += len(body)
            while self._size > self._most:
                _, (gone, _) = self._pages.popitem(last=False)
                self._size -= len(gone)


def can_be_packed(answer: Response) -> bool:
    """Whether it gains by being packed, and is not packed yet."""
    return answer.mimetype in PACKED and "Content-Encoding" not in answer.headers


def pack(answer: Response) -> None:
    """Make an answer smaller for the way, for who can open it."""
    answer.direct_passthrough = False
    body = answer.get_data()
    if SMALLEST <= len(body) <= LARGEST:
        answer.set_data(gzip.compress(body, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers.pop("Accept-Ranges", None)
        tag, _ = answer.get_etag()
        if tag:  # of the file as it is; what is sent means the same, and is not the same
            answer.set_etag(tag, weak=True)
