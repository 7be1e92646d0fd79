"""The site under test: ``partnering serve`` and ``partnering build`` as people run them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.servers import processor_time, proportional, wait_for

_LOOK = 4.0
"""Seconds between two looks at whether a site rests; it pauses between pages for less."""
_AT_REST = 0.1
"""Seconds of processor time that a resting site may take between two looks."""
_MAIN = "from partnering.cli import main; main()"


def command(*arguments: str) -> list[str]:
    """The command line of this very checkout."""
    return [sys.executable, "-P", "-c", _MAIN, *arguments]


@dataclass(frozen=True)
class Site:
    """A running site: where, the process, and seconds from its start to its first page."""

    port: int
    pid: int
    first_page: float

    def get(self, path: str, timeout: float = 120.0) -> bytes:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}{path}", timeout=timeout
        ) as found:
            return bytes(found.read())

    @property
    def snapshot(self) -> str:
        return str(json.loads(self.get("/healthz"))["snapshot"])

    def rest(self, most: float = 600.0) -> None:
        """Wait until it does nothing any more: after a start or a switch it makes pages ahead.

        Raises ``TimeoutError`` where it does not come to rest: nothing could be measured beside it.
        """
        end, before = time.monotonic() + most, -1.0
        while (now := processor_time(self.pid)) - before > _AT_REST:
            if time.monotonic() > end:
                raise TimeoutError(f"The site has not come to rest within {most:g} seconds.")
            before = now
            time.sleep(_LOOK)


@contextlib.contextmanager
def serving(folder: Path, port: int, *options: str) -> Iterator[Site]:
    """Serve a workspace that is built; the clock runs from the start of the process."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command("serve", "--workspace", str(folder), "--port", str(port), *options),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_for(port, process)
        site = Site(port, process.pid, 0.0)
        site.get("/", timeout=1200.0)  # it listens at once, and answers when its index is loaded
        yield Site(port, process.pid, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def started(
    *arguments: str, stdout: int, stderr: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """One command, which does not outlive whoever waits for it."""
    with subprocess.Popen(command(*arguments), stdout=stdout, stderr=stderr, text=True) as process:
        try:
            yield process
        except BaseException:
            process.terminate()
            raise


@dataclass(frozen=True)
class Run:
    """A command that ended: seconds, and processor time."""

    seconds: float
    processor: float


def run(*arguments: str) -> Run:
    """Run one command to its end; ``RuntimeError`` where it fails."""
    begun = time.perf_counter()
    with started(*arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {process.returncode}\n{said[-2000:]}")
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime)


def weighed(*arguments: str) -> int:
    """Bytes that a command's processes had at most together, looked at as often as that can be done."""
    most = 0
    with started(*arguments, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, proportional(process.pid))
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {process.returncode}")
    return most
