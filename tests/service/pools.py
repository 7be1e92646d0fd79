"""Limits, questions and looks that tests of the readers share."""

from __future__ import annotations

import time
from pathlib import Path

from partnering.store.base import Reply
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits

CALM = Limits(deadline=20, max_rows=20_000)
QUICK = Limits(deadline=0.3, memory=256 << 20, max_rows=20_000, max_bytes=4 << 20)
HEALTH = "SELECT * { <http://e/c7/f3> ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def eventually(true: object, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


class PastTheGate:
    """A stranger's limits without the gate, as if it had a hole."""

    def __init__(self, pool: ReaderPool) -> None:
        self.pool = pool

    def execute(self, query: str) -> Reply:
        return self.pool.put(
            self.pool._public,
            query,
            media_type=None,
            default_graphs=None,
            named_graphs=None,
            has_from=None,
        ).answer()
