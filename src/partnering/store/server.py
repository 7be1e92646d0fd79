"""One running fork server: started, listened to, leased, retired and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import partnering
from partnering.errors import EngineUnavailable
from partnering.store.line import Line

_REMEMBERED = 256
_DEATH_NOTICE = 1.0
"""Seconds to wait for the server to say what a reader died of; it says so at once."""
_ALLOCATOR = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=4000",
}
"""What glibc is asked for; elsewhere nothing heeds it. Memory in pages of 2 MiB where the system has
them: a fork copies a table of a hundredth of the length, and a query finds what it reads with fewer
look-ups. And to keep at hand thousands of the small blocks that a query gives back, not seven of a
size, since the next one takes as many again: a third less processor time for a query of 100 rows."""


@dataclass(frozen=True)
class ServerSettings:
    """What the server is told on its command line. Sizes in bytes."""

    readers: int
    memory: int
    """Most that any query may take. A reader that has taken half of it is replaced at once."""
    idle: float
    """Seconds without a question after which a reader that has memory of its own is replaced."""
    prefixes: dict[str, str] = field(default_factory=dict)


@dataclass
class Generation:
    """Readers of one snapshot: where they listen, and how many queries are on them."""

    number: int
    index: Path
    socket: Path
    leases: int = 0
    _kept: list[Line] = field(default_factory=list)

    def line(self, patience: float) -> Line:
        """A line nobody speaks on: the one used last, whose reader is warm, or a new one.

        Raises as :meth:`Line.open`.
        """
        return self.kept() or Line.open(self.socket, patience)

    def kept(self) -> Line | None:
        """A line that is open, and nobody speaks on it."""
        try:
            return self._kept.pop()
        except IndexError:
            return None

    def keep(self, line: Line) -> None:
        """Take a line back for the next question."""
        self._kept.append(line)

    def hang_up(self) -> None:
        """Close the lines that are kept."""
        with contextlib.suppress(IndexError):
            while True:
                self._kept.pop().close()


class Server:
    """A process of :mod:`partnering.store.forkserver`, and what it told us."""

    def __init__(self, index: Path, folder: Path, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self.graphs: frozenset[str] = frozenset()
        self.quads = 0
        self.respawns = 0
        self._present = Generation(0, index, folder / "readers-0")
        self._answered: dict[str, dict[str, Any]] = {}
        self._folder = folder
        self._process = process
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._alive: set[int] = set()
        self._deaths: OrderedDict[int, int] = OrderedDict()
        self._leases = 0
        self._retired = False
        self._standing = False

    @classmethod
    def start(
        cls, index: Path, settings: ServerSettings, meanwhile: Callable[[], None] = lambda: None
    ) -> Server:
        """Start a server and wait until its readers stand, doing something else ``meanwhile``.

        Raises ``EngineUnavailable`` when the index does not load.
        """
        folder = _private_folder()
        command = [sys.executable, "-P", "-m", "partnering.store.forkserver"]
        # The child finds this very package, wherever it was imported from.
        home = str(Path(partnering.__file__).parent.parent)
        paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
        process = subprocess.Popen(
            [*command, str(index), str(folder), json.dumps(asdict(settings))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**_ALLOCATOR, **os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # Ctrl-C is for us; the server ends when we do
        )
        server = cls(index, folder, process)
        try:
            meanwhile()
        except BaseException:
            server.stop()
            raise
        for line in process.stdout or ():
            event = json.loads(line)
            server._heed(event)
            if "failed" in event:
                server.stop()
                raise EngineUnavailable(
                    f"The index does not load: {event['failed']}",
                    where=str(index),
                    mend="build it again",
                )
            if "ready" in event:
                threading.Thread(target=server._listen, daemon=True, name="readers").start()
                return server
        server.stop()
        raise EngineUnavailable("The fork server ended before it was ready.", where=str(index))

    @property
    def index(self) -> Path:
        """The index its newest readers answer from."""
        return self._present.index

    @property
    def socket(self) -> Path:
        """Where its newest readers listen."""
        return self._present.socket

    def advance(self, index: Path) -> bool:
        """Move to an index that differs little, loading only what differs.

        Queries under way end on the one they began on. False where the server would rather be
        started anew, or is dead.
        """
        with self._changed:
            self._answered.pop(str(index), None)
        self._order(switch=str(index))
        with self._changed:
            self._changed.wait_for(lambda: str(index) in self._answered or not self._standing)
            said = self._answered.pop(str(index), {})
            if "switched" not in said:
                return False
            old, number = self._present, said["generation"]
            self._present = Generation(number, index, self._folder / f"readers-{number}")
            self.quads = said["quads"]
            self.graphs = (self.graphs - frozenset(said["gone"])) | frozenset(said["fresh"])
            idle = old.leases == 0
        if idle:
            self._retire(old)
        return True

    def lease(self) -> Generation | None:
        """Keep readers from being ended while a query runs on them; None when all are dead."""
        with self._changed:
            if not self._standing:
                return None
            self._leases += 1
            self._present.leases += 1
            return self._present

    def release(self, lease: Generation) -> None:
        """Give a lease back; the last one of what is retired has it ended, which takes a while."""
        with self._changed:
            self._leases -= 1
            lease.leases -= 1
            outdated = lease is not self._present and lease.leases == 0
            last = self._retired and self._leases == 0
            dead = not self._standing
        if outdated:
            self._retire(lease)
        if dead:
            lease.hang_up()
        if last:
            threading.Thread(target=self.stop, name="retired").start()

    def retire(self) -> None:
        """Stop once the last query on it has ended."""
        with self._changed:
            self._retired = True
            idle = self._leases == 0
        if idle:
            self.stop()

    def stop(self) -> None:
        """End the server and its readers; returns when they are gone."""
        self._present.hang_up()
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def end_reader(self, pid: int) -> None:
        """Ask the server to kill a reader that outlived its deadline."""
        self._order(end=pid)

    def death_of(self, pid: int) -> int | None:
        """The signal a reader died of, 0 when it left by itself, None when nobody knows."""
        with self._changed:
            self._changed.wait_for(
                lambda: pid in self._deaths or not self._standing, timeout=_DEATH_NOTICE
            )
            return self._deaths.get(pid)

    def readers(self) -> tuple[int, ...]:
        """Process ids of the readers that stand."""
        with self._changed:
            return tuple(sorted(self._alive))

    def _retire(self, old: Generation) -> None:
        old.hang_up()
        self._order(retire=old.number)

    def _order(self, **order: Any) -> None:
        with contextlib.suppress(OSError, ValueError), self._writing:
            if self._process.stdin:
                self._process.stdin.write(json.dumps(order) + "\n")
                self._process.stdin.flush()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            with contextlib.suppress(ValueError):
                self._heed(json.loads(line))
        with self._changed:
            self._standing = False
            self._alive.clear()
            self._changed.notify_all()

    def _heed(self, event: dict[str, Any]) -> None:
        with self._changed:
            if "ready" in event:
                self._standing = True
                self.graphs = frozenset(event["graphs"])
                self.quads = event["quads"]
            elif "switched" in event or "declined" in event:
                self._answered[event.get("switched") or event["declined"]] = event
            elif "born" in event:
                self._alive.add(event["born"])
                self._deaths.pop(event["born"], None)
                self.respawns += self._standing
            elif "died" in event:
                self._alive.discard(event["died"])
                self._deaths[event["died"]] = event["signal"]
                while len(self._deaths) > _REMEMBERED:
                    self._deaths.popitem(last=False)
            self._changed.notify_all()


def _private_folder() -> Path:
    """A folder only we may enter, with a path short enough for a socket's 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="partnering-"))
    if len(str(folder)) > 90:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="partnering-", dir="/tmp"))
    return folder
