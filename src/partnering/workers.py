"""Work on many slices at once: a process a core, each forked with all that is loaded already."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar

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


_inherited: tuple[Callable[[Any], Any], Sequence[Any]]


def _begin(work: Callable[[Any], Any], items: Sequence[Any], parent: int) -> None:
    global _inherited
    _inherited = (work, items)
    # Ctrl-C is for the parent, which lets us finish; without it there is nobody to finish for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _at(place: int) -> Any:
    work, items = _inherited
    return work(items[place])
