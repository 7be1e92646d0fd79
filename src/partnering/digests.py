"""Digests of files, remembered while a file's size and times stay as they were.

A workspace of ten thousand cases holds hundreds of megabytes; to know that nothing has
changed, a build should look at each file's entry in its folder and read none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path

Stamp = list[int]
"""Size, time of content, time of entry, and number of a file; as JSON has it."""
_TOO_FRESH = 2_000_000_000
"""Nanoseconds within which a second write may leave the times of a file as they were."""


class Digests:
    """SHA-256 of files by their path; :meth:`save` keeps them for the next process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, tuple[Stamp, str]] = {}
        self._grew = False
        # There is none yet, or it does not read: then every file is read.
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads(path.read_text("utf-8"))
            self._known = kept if isinstance(kept, dict) else {}

    def of(self, path: str) -> str:
        """SHA-256 of a file's bytes, in hexadecimal."""
        found = os.stat(path)
        stamp = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
        known = self._known.get(path)
        if known and known[0] == stamp:
            return known[1]
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        if time.time_ns() - max(stamp[1], stamp[2]) > _TOO_FRESH:
            self._known[path] = (stamp, digest)
            self._grew = True
        return digest

    def save(self) -> None:
        """Write them down, where there is anything new."""
        if not self._grew:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}.writing")
        beside.write_text(json.dumps(self._known), "utf-8")
        beside.replace(self._path)
        self._grew = False
