"""What one client's queries may take: seconds of the readers' time, saved up again as time goes by.

A quick query costs nothing. Clients are told apart by address, an IPv6 one by its network.
Whoever asks from the machine itself is not counted: that is the operator, or a proxy that
``--trusted-proxy`` does not name, behind which all the world has one address.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from partnering.webui import live

from partnering.errors import Busy
from partnering.store.base import Reply

FREE = 0.5
"""Seconds of each query that cost nothing."""
REFILL = 0.5
"""Seconds that come back each second, up to the budget."""
AT_ONCE = 8
"""Queries of one client under way at once, while at least half of its budget is left."""
REMEMBERED = 4096
"""Clients that are kept in mind; the one not seen for longest is forgotten first."""


class TooMany(Busy):
    """This client asked for more than its share; others are answered."""

    http_status = 429


@dataclass
class _Purse:
    left: float
    seen: float
    under_way: int = 0


class Budget:
    """Purses of clients; ``seconds`` fill one, 0 counts nobody."""

    def __init__(
        self, seconds: float, few: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds = seconds
        self._few, self._clock = max(1, few), clock
        self._lock = threading.Lock()
        self._purses: OrderedDict[str, _Purse] = OrderedDict()

    @contextlib.contextmanager
    def spent_by(self, address: str) -> Iterator[None]:
        """Charge the time of the work within to a client; ``TooMany`` where it has none left."""
        client = _client(address) if self.seconds else None
        if client is None:
            yield
            return
        purse = self._open(client)
        begun = self._clock()
        charged = True
        try:
            yield
        except Busy:
            charged = False  # it waited, and nothing was run for it
            raise
        finally:
            with self._lock:
                purse.under_way -= 1
                purse.seen = self._clock()  # nothing is saved up while a query runs
                if charged:
                    purse.left -= max(0.0, purse.seen - begun - FREE)

    def _open(self, client: str) -> _Purse:
        with self._lock:
            now = self._clock()
            purse = self._purses.setdefault(client, _Purse(self.seconds, now))
            self._purses.move_to_end(client)
            purse.left = min(self.seconds, purse.left + (now - purse.seen) * REFILL)
            purse.seen = now
            if purse.left <= 0:
                raise self._refusal(purse, f"used the {self.seconds:g} seconds one may have")
            most = AT_ONCE if purse.left >= self.seconds / 2 else self._few
            if purse.under_way >= most:
                raise self._refusal(purse, f"has {purse.under_way} under way, the most just now")
            purse.under_way += 1
            self._forget()
            return purse

    def _refusal(self, purse: _Purse, why: str) -> TooMany:
        # Not before a query could run for a while again.
        seconds = max(1, round((5 - purse.left) / REFILL)) if purse.left <= 0 else 2
        return TooMany(
            f"Your address asked for much in the last minutes: it {why}.",
            retry_after=seconds,
            mend=f"ask again in {seconds} seconds, one query at a time, or narrower ones",
        )

    def _forget(self) -> None:
        while len(self._purses) > REMEMBERED:
            idle = next((c for c, purse in self._purses.items() if not purse.under_way), None)
            if idle is None:
                return
            del self._purses[idle]


def ask(query: str, **how: Any) -> Reply:
    """Put a stranger's query to the public engine, at the cost of whoever asks."""
    budget: Budget = current_app.extensions["partnering.budget"]
    with budget.spent_by(request.remote_addr or ""):
        return live.service().public.execute(query, **how)


def _client(address: str) -> str | None:
    """Who is charged; None where nobody is."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address or None
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return None if found.is_loopback else str(ipaddress.ip_network((found, 64), False))
        found = found.ipv4_mapped
    return None if found.is_loopback else str(found)
