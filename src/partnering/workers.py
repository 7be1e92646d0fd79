"""Work on many slices at once: a process a core, each forked with all that is loaded already.

Or on a few: by one process beside this one, which gets ready before anybody knows what there is to do.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MANY = 12
"""Fewer are done before the processes have started."""
_AHEAD = 4
"""Items handed to each process before its results are looked at."""
_PR_SET_PDEATHSIG = 1


def on_every_core(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """Results in the order in which they are done.

    ``work`` and ``items`` are inherited by fork and never pickled; a result is. Whoever stops
    listening, or is interrupted, ends the processes after what they have at hand.
    """
    cores = _cores()
    pool = ProcessPoolExecutor(
        cores, multiprocessing.get_context("fork"), _begin, (work, items, os.getpid())
    )
    try:
        places = iter(range(len(items)))
        running: set[Future[Result]] = {
            pool.submit(_at, place) for place in islice(places, cores * _AHEAD)
        }
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(_at, place) for place in islice(places, len(done))}
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    """Cores this process may use, where the system says so."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _may_fork() -> bool:
    return _cores() > 1 and threading.active_count() == 1


_inherited: tuple[Callable[[Any], Any], Sequence[Any]]


def _begin(work: Callable[[Any], Any], items: Sequence[Any], parent: int) -> None:
    global _inherited
    _inherited = (work, items)
    _belong_to(parent)


def _belong_to(parent: int) -> None:
    # Ctrl-C is for the parent, which lets us finish; without it there is nobody to finish for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _at(place: int) -> Any:
    work, items = _inherited
    return work(items[place])


class Standby(Generic[Item, Result]):
    """One process beside this one; it makes itself ready and then does what it is given.

    ``prepare`` returns the work, and ``work`` is that of this process, which does what the other
    cannot: where it fell, or was not begun because other threads run here, whose
    locks a fork would take along, or there is but one core.
    """

    def __init__(
        self, prepare: Callable[[], Callable[[Item], Result]], work: Callable[[Item], Result]
    ) -> None:
        self._work = work
        self._line: Connection | None = None
        if not _may_fork():
            return
        fork = multiprocessing.get_context("fork")
        self._line, its = fork.Pipe()
        self._process = fork.Process(
            target=_stand_by, args=(prepare, its, self._line, os.getpid()), daemon=True
        )
        self._process.start()
        its.close()

    def each(self, items: Sequence[Item]) -> Iterator[Result]:
        """Results in the order of the items, of which the first is begun at once."""
        begun = bool(items) and self._send(items[0])
        return self._each(items, begun)

    def _each(self, items: Sequence[Item], begun: bool) -> Iterator[Result]:
        for place, item in enumerate(items, 1):
            results = self._received() if begun else ()
            begun = bool(results) and place < len(items) and self._send(items[place])
            yield results[0] if results else self._work(item)

    def _send(self, item: Item) -> bool:
        with suppress(OSError):
            if self._line is not None:
                self._line.send(item)
                return True
        return False

    def _received(self) -> tuple[Result, ...]:
        """The next result; none where the other process fell over it."""
        with suppress(EOFError, OSError):
            if self._line is not None:
                return (self._line.recv(),)
        self.end()
        return ()

    def end(self) -> None:
        """Let the other process go, whatever it is at."""
        if self._line is not None:
            self._line.close()
            self._line = None
            self._process.kill()
            self._process.join()


def _stand_by(
    prepare: Callable[[], Callable[[Any], Any]], line: Connection, its: Connection, parent: int
) -> None:
    _belong_to(parent)
    its.close()
    # What goes wrong here goes wrong once more in the other process, which tells it.
    with suppress(Exception):
        work = prepare()
        while True:
            line.send(work(line.recv()))
