"""A reader: a fork of the server that may use memory and time, and nothing else.

The kernel holds it: ``RLIMIT_AS`` is what it has plus what the query may take; ``RLIMIT_NOFILE`` is
one more than the descriptors it needs, and its line takes that one, so that no
socket and no file can be opened while a query runs; a real-time timer whose signal
nobody handles ends it at the deadline, even inside native code.

It answers in a thread of its own, which the C library gives a heap of its own: in the one that was
forked every query would first write to free places between the store's shared pages, and each
page written to is copied.
"""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import os
import resource
import select
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import pyoxigraph as ox

from partnering.errors import QueryError, WrongUse
from partnering.store import wire
from partnering.store.evaluate import evaluate

_LISTENER = 3
_PR_SET_PDEATHSIG = 1
RECYCLED = 0
_WORTH_IT = 4 << 20
"""Bytes of its own that a reader must have for an idle one to be replaced."""
_MUCH = 512 << 20
"""Bytes of its own with which it is replaced after a fifth of that time."""
_LIKE_IT = 4
"""Readers that may have as much as one of them before it is replaced whoever asks."""
_PAGE = resource.getpagesize()


def serve(
    store: ox.Store, listener: socket.socket, settings: dict[str, Any], server: int
) -> NoReturn:
    """Answer the questions of one line after another until something ends this process.

    ``server`` is who forked it: where that died before this began, this ends at once.
    """
    _reset_signals()
    _die_with(server)
    listening = _keep_only(listener)
    _thread.start_new_thread(_answer_or_end, (store, listening, settings))
    while True:
        signal.pause()


def _answer_or_end(store: ox.Store, listening: socket.socket, settings: dict[str, Any]) -> NoReturn:
    try:
        _answer_all(store, listening, settings)
    finally:
        os._exit(70)


def _answer_all(store: ox.Store, listening: socket.socket, settings: dict[str, Any]) -> NoReturn:
    calls = select.epoll()
    calls.register(listening, select.EPOLLIN | select.EPOLLEXCLUSIVE)
    left = partial(memory_left, os.open("/proc/meminfo", os.O_RDONLY))
    size = _confine(settings["memory"])
    pid = os.getpid().to_bytes(4, "big")
    own = Own()

    def patience() -> float | None:
        # While people ask, it is kept: the next question finds what the last one copied.
        has, idle = own.memory(), float(settings["idle"])
        if has < _WORTH_IT:
            return None
        return idle if has < _MUCH else idle / 5

    while True:
        line = _next(listening, calls, patience())
        with contextlib.suppress(OSError, EOFError):
            line.sendall(pid)
            while True:
                _wait(line, patience())
                _answer(store, line, settings, size)
                if own.taken() > settings["memory"] // 2 or own.crowds(left):
                    os._exit(RECYCLED)
        line.close()


def _next(listening: socket.socket, calls: select.epoll, seconds: float | None) -> socket.socket:
    """Wait for a call; ends where ``seconds`` pass without one.

    By epoll, which wakes the reader that slept last, whose caches are warm; a plain
    ``accept`` wakes them in turn.
    """
    while True:
        if not calls.poll(seconds):
            os._exit(RECYCLED)
        with contextlib.suppress(BlockingIOError):
            return listening.accept()[0]


def _wait(line: socket.socket, seconds: float | None) -> None:
    """Wait for a question on a line; ends where ``seconds`` pass without one."""
    if seconds is not None and not select.select([line], [], [], seconds)[0]:
        os._exit(RECYCLED)


def _answer(store: ox.Store, line: socket.socket, settings: dict[str, Any], size: int) -> None:
    ask, query = wire.receive(line)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (min(size + ask["memory"], most), most))
    signal.setitimer(signal.ITIMER_REAL, ask["deadline"])
    try:
        kind, media_type, body = evaluate(
            store,
            query.decode(),
            media_type=ask["media_type"],
            default_graphs=ask["default_graphs"],
            named_graphs=ask["named_graphs"],
            has_from=ask["has_from"],
            prefixes=settings["prefixes"],
            max_rows=ask["max_rows"],
            max_bytes=ask["max_bytes"],
        )
        wire.send(line, {"kind": kind, "media_type": media_type}, body)
    except (QueryError, WrongUse) as error:
        parts = {"message": error.message, "where": error.where, "mend": error.mend}
        wire.send(line, {"error": type(error).__name__, **parts})
    except MemoryError:
        os.abort()  # what the engine itself does when memory ends: one end, one meaning
    signal.setitimer(signal.ITIMER_REAL, 0)


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)


def _die_with(server: int) -> None:
    """Be killed when the server dies, however it dies."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(RECYCLED)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def _keep_only(listener: socket.socket) -> socket.socket:
    """Close every descriptor but the listener, which becomes number 3."""
    null = os.open(os.devnull, os.O_RDWR)
    kept = os.dup(listener.fileno())
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.dup2(kept, _LISTENER)
    os.closerange(_LISTENER + 1, max(map(int, os.listdir("/proc/self/fd"))) + 1)
    return socket.socket(fileno=_LISTENER)


def _confine(allowance: int) -> int:
    """Set what the process may never exceed; returns the bytes of address space that it has now."""
    with open("/proc/self/statm") as pages:
        size = int(pages.read().split()[0]) * _PAGE
    limits = {
        resource.RLIMIT_AS: size + allowance,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _LISTENER + 4,
    }
    for which, most in limits.items():
        resource.setrlimit(which, (most, most))
    return size


class Own:
    """What a reader has beyond the pages it shares with the server, which ending gives back.

    Most of it is copies: pyoxigraph counts who holds a quad in the quad itself, so that to read
    one writes to its page.
    """

    def __init__(self) -> None:
        self._faults, self._peak = self._used()

    def memory(self) -> int:
        """Bytes copied or taken, at most."""
        faults, peak = self._used()
        return max((faults - self._faults) * _PAGE, peak - self._peak)

    def crowds(self, left: Callable[[], int]) -> bool:
        """Whether it has much, and so few bytes are left that a few others like it fill the machine."""
        return (has := self.memory()) >= _MUCH and has > left() // _LIKE_IT

    def taken(self) -> int:
        """Bytes that it was larger at its largest than when it was forked."""
        return self._used()[1] - self._peak

    @staticmethod
    def _used() -> tuple[int, int]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_minflt, used.ru_maxrss * 1024


def memory_left(meminfo: int) -> int:
    """Bytes that programs may still take before the machine has to swap, by ``/proc/meminfo``."""
    for line in os.pread(meminfo, 512, 0).splitlines():
        if line.startswith(b"MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
