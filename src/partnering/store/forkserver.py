"""The fork server: loads the index once, forks readers, buries them and forks new ones.

    python -m partnering.store.forkserver INDEX_FILE SOCKET SETTINGS_JSON

A fresh, single-threaded process that holds pyoxigraph and the standard library, so that
a fork of it is safe and shares the store's pages. Readers take connections from one
listening Unix-domain socket. Lines of JSON go out on standard output (``ready``,
``born``, ``died``); when standard input ends, because the process that started us closed
it or was killed, everything here ends too.
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
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from partnering.store.confined import serve
from partnering.store.index import load

_SHORT_LIFE = 0.05
"""Seconds; readers that die younger than this are replaced only after as long a pause."""


class ForkServer:
    """One index, one listening socket, and the readers on it."""

    def __init__(self, store: ox.Store, path: Path, settings: dict[str, Any]) -> None:
        self.store = store
        self.path = path
        self.settings = settings
        self.readers: dict[int, float] = {}
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen(128)
        self.listener.setblocking(False)
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
        # What lives now lives for ever: a collection in a reader must not touch shared pages.
        gc.collect()
        gc.freeze()
        try:
            self._fill()
            self._say(
                ready=os.getpid(),
                graphs=sorted(g.value for g in self.store.named_graphs()),
                quads=len(self.store),
            )
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

    def _fill(self) -> None:
        while len(self.readers) < self.settings["readers"]:
            pid = os.fork()
            if pid == 0:
                # Nothing of the server may run in a reader, not even its clean-up.
                try:
                    serve(self.store, self.listener, self.settings)
                finally:
                    os._exit(70)
            self.readers[pid] = time.monotonic()
            self._say(born=pid)

    def _bury(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            born = self.readers.pop(pid, 0.0)
            code = os.waitstatus_to_exitcode(status)
            self._say(died=pid, signal=-code if code < 0 else 0, code=max(code, 0))
            if code and time.monotonic() - born < _SHORT_LIFE:
                time.sleep(_SHORT_LIFE)

    def _obey(self) -> bool:
        """Read orders: a line with a pid asks for its end. False when the input has ended."""
        orders = os.read(sys.stdin.fileno(), 4096)
        for line in orders.split():
            if line.isdigit() and int(line) in self.readers:
                os.kill(int(line), signal.SIGKILL)
        return bool(orders)

    def _say(self, **event: Any) -> None:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.write(json.dumps(event) + "\n")
            sys.stdout.flush()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _end(self) -> None:
        for pid in self.readers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in self.readers:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        self.path.unlink(missing_ok=True)
        # The folder is ours alone and holds nothing else; whoever made it may be dead.
        with contextlib.suppress(OSError):
            self.path.parent.rmdir()


def main(arguments: list[str]) -> int:
    """Load and serve; leaves with 3 and a ``failed`` line when the index does not load."""
    index, path, settings = arguments
    try:
        store = load(Path(index))
    except (OSError, SyntaxError, ValueError) as error:
        print(json.dumps({"failed": str(error)}), flush=True)
        return 3
    ForkServer(store, Path(path), json.loads(settings)).run()
    return 0


if __name__ == "__main__":
    # Not sys.exit: nothing here is worth the seconds a large store takes to be freed.
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
