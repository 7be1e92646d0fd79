"""The fork server: loads the index once, forks readers, buries them and forks new ones.

    python -m partnering.store.forkserver INDEX_FILE FOLDER_OF_SOCKETS SETTINGS_JSON

A fresh, single-threaded process that holds pyoxigraph and the standard library, so that
a fork of it is safe and shares the store's pages. Readers take connections from one
listening Unix-domain socket. Lines of JSON come in on standard input (``end`` a reader,
``switch`` to another index, ``retire`` a generation) and go out on standard output
(``ready``, ``born``, ``died``, ``switched``, ``declined``); when standard input ends, because
the process that started us closed it or was killed, everything here ends too.

A switch changes in the store only the graphs that differ and forks new readers on a socket
of their own. Readers forked before keep the pages as they were, and with them their index.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from partnering.store.confined import serve
from partnering.store.index import change, load, size

_SHORT_LIFE = 0.05
"""Seconds; readers that die younger than this are replaced only after as long a pause."""


_WORN = 4
"""One quad in so many replaced since the index was loaded, and it is loaded anew instead: what
is taken out of a store in memory is not given back."""


@dataclass
class Generation:
    """Readers of one snapshot, and the socket they listen on."""

    number: int
    path: Path
    listener: socket.socket
    readers: dict[int, float] = field(default_factory=dict)

    @classmethod
    def at(cls, number: int, folder: Path) -> Generation:
        """Bind the socket of a generation."""
        path = folder / f"readers-{number}"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        listener.listen(128)
        listener.setblocking(False)
        return cls(number, path, listener)

    def end(self) -> None:
        """Take no more calls, and kill the readers."""
        self.listener.close()
        self.path.unlink(missing_ok=True)
        for pid in self.readers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class ForkServer:
    """One store, and a generation of readers for each snapshot of it that is still in use."""

    def __init__(
        self, store: ox.Store, index: Path, folder: Path, settings: dict[str, Any]
    ) -> None:
        self.store = store
        self.index = index
        self.quads = size(index, store)
        self.folder = folder
        self.settings = settings
        self.present = Generation.at(0, folder)
        self.older: list[Generation] = []
        self._replaced = 0
        self._orders = b""
        self._parent = os.getppid()
        self._wake, wake_end = os.pipe()
        os.set_blocking(wake_end, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        self._stopping = False
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run(self) -> None:
        """Keep the readers standing until standard input ends."""
        try:
            self._settle()
            self._fill()
            self._say(ready=os.getpid(), graphs=self._graphs(), quads=self.quads)
            while not self._stopping and os.getppid() == self._parent:
                ready, _, _ = select.select([sys.stdin.fileno(), self._wake], [], [], 1.0)
                if sys.stdin.fileno() in ready and not self._obey():
                    break
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake, 4096)
                self._bury()
                self._fill()
        finally:
            self._end()

    def _settle(self) -> None:
        # What lives now lives for ever: a collection in a reader must not touch shared pages.
        gc.collect()
        gc.freeze()

    def _graphs(self) -> list[str]:
        return sorted(g.value for g in self.store.named_graphs())

    def _fill(self) -> None:
        present, server = self.present, os.getpid()
        while len(present.readers) < self.settings["readers"]:
            pid = os.fork()
            if pid == 0:
                # Nothing of the server may run in a reader, not even its clean-up.
                try:
                    serve(self.store, present.listener, self.settings, server)
                finally:
                    os._exit(70)
            present.readers[pid] = time.monotonic()
            self._say(born=pid)

    def _bury(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            born = max(one.readers.pop(pid, 0.0) for one in (self.present, *self.older))
            code = os.waitstatus_to_exitcode(status)
            self._say(died=pid, signal=-code if code < 0 else 0, code=max(code, 0))
            if code and time.monotonic() - born < _SHORT_LIFE:
                time.sleep(_SHORT_LIFE)

    def _obey(self) -> bool:
        """Read orders and carry them out; False when the input has ended."""
        came = os.read(sys.stdin.fileno(), 65_536)
        *lines, self._orders = (self._orders + came).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "end" in order:
                self._end_reader(order["end"])
            elif "switch" in order:
                self._switch(Path(order["switch"]))
            elif "retire" in order:
                self._retire(order["retire"])
        return bool(came)

    def _end_reader(self, pid: int) -> None:
        if any(pid in one.readers for one in (self.present, *self.older)):
            os.kill(pid, signal.SIGKILL)

    def _switch(self, index: Path) -> None:
        most = self.quads // _WORN - self._replaced
        try:
            found = change(self.index, index, most)
        except (OSError, SyntaxError, ValueError) as error:
            self._say(declined=str(index), why=str(error))
            return
        if found is None:
            self._say(declined=str(index), why="too much has changed")
            return
        found.apply(self.store)
        self._replaced += found.replaced
        self.index, self.quads = index, found.quads
        self._settle()
        self.older.append(self.present)
        self.present = Generation.at(self.present.number + 1, self.folder)
        self._fill()
        self._say(switched=str(index), generation=self.present.number, quads=self.quads,
                  gone=sorted(found.gone), fresh=sorted(found.fresh))  # fmt: skip

    def _retire(self, number: int) -> None:
        for one in [one for one in self.older if one.number == number]:
            one.end()
            if not one.readers:
                self.older.remove(one)

    def _say(self, **event: Any) -> None:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.write(json.dumps(event) + "\n")
            sys.stdout.flush()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _end(self) -> None:
        for one in (self.present, *self.older):
            one.end()
            for pid in one.readers:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)
        # The folder is ours alone and holds nothing else; whoever made it may be dead.
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def main(arguments: list[str]) -> int:
    """Load and serve; leaves with 3 and a ``failed`` line when the index does not load."""
    index, folder, settings = arguments
    try:
        store = load(Path(index))
    except (OSError, SyntaxError, ValueError) as error:
        print(json.dumps({"failed": str(error)}), flush=True)
        return 3
    ForkServer(store, Path(index), Path(folder), json.loads(settings)).run()
    return 0


if __name__ == "__main__":
    # Not sys.exit: nothing here is worth the seconds a large store takes to be freed.
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
