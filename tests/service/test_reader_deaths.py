"""Readers and servers that die: their queries are answered honestly, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service.pools import ENDLESS, HEALTH, eventually, is_gone

from partnering.errors import (
    EngineUnavailable,
    QueryTimeout,
)
from partnering.store.base import ask
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits


def test_a_killed_reader_is_replaced_and_its_query_answered_honestly(fresh: ReaderPool) -> None:
    assert ask(fresh, "ASK {}"), "the line it came on stays open"
    before = fresh.status().readers
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert ask(fresh, "ASK {}"), "a query nobody had begun is asked again"
    eventually(lambda: fresh.status().respawns >= 3)
    eventually(lambda: len(fresh.status().readers) == 4)
    assert not set(before) & set(fresh.status().readers)
    assert ask(fresh, "ASK {}")


def test_a_killed_server_takes_its_readers_along_and_comes_back(fresh: ReaderPool) -> None:
    before = fresh.status()
    os.kill(before.server, signal.SIGKILL)
    eventually(lambda: all(is_gone(pid) for pid in before.readers))
    eventually(lambda: fresh.status().readers == ())
    assert ask(fresh, "ASK {}")
    after = fresh.status()
    assert (after.restarts, len(after.readers)) == (1, 4)
    assert after.server != before.server


def test_a_reader_whose_server_died_before_it_began_ends_at_once() -> None:
    code = (
        "import os, socket, pyoxigraph as ox; from partnering.store.confined import serve;"
        " listener = socket.socket(socket.AF_UNIX); listener.bind('\\0' + str(os.getpid())); listener.listen();"
        " serve(ox.Store(), listener, {'memory': 1 << 30, 'idle': 60, 'prefixes': {}}, os.getpid())"
    )
    ended = subprocess.run([sys.executable, "-c", code], timeout=30, check=False)
    assert ended.returncode == 0


def test_a_server_killed_under_a_query_is_no_answer(fresh: ReaderPool) -> None:
    with ThreadPoolExecutor(1) as threads:
        query = threads.submit(fresh.execute, ENDLESS)
        eventually(lambda: fresh.status().running == 1)
        os.kill(fresh.status().server, signal.SIGKILL)
        assert isinstance(query.exception(), EngineUnavailable | QueryTimeout)
    assert ask(fresh, "ASK {}")


def test_a_reader_that_will_not_die_is_ended_by_hand(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnering.store.question.GRACE", 0.2)
    limits = Limits(deadline=1)
    with ReaderPool(index, readers=1, limits=limits) as pool:
        readers = pool.status().readers
        for pid in readers:
            os.kill(pid, signal.SIGSTOP)
        eventually(lambda: all(_stands_still(pid) for pid in readers))
        with pytest.raises((QueryTimeout, EngineUnavailable)):
            pool.execute(HEALTH)
        for pid in readers:
            os.kill(pid, signal.SIGCONT)
        assert ask(pool, "ASK {}")


def _stands_still(pid: int) -> bool:
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(one.read_text().rpartition(")")[2].split()[0] == "T" for one in threads)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_the_web_process(index: Path, how: signal.Signals) -> None:
    code = (
        "import sys, pathlib, time\n"
        "from partnering.store.readers import ReaderPool\n"
        "pool = ReaderPool(pathlib.Path(sys.argv[1]), readers=2)\n"
        "status = pool.status()\n"
        "print(status.server, *status.readers, pool._server.socket.parent, flush=True)\n"
        "time.sleep(60)\n"
    )
    web = subprocess.Popen(
        [sys.executable, "-c", code, str(index)], stdout=subprocess.PIPE, text=True
    )
    assert web.stdout is not None
    *pids, folder = web.stdout.readline().split()
    assert len(pids) == 8
    assert Path(folder).is_dir()
    web.send_signal(how)
    web.wait()
    web.stdout.close()
    eventually(lambda: all(is_gone(int(pid)) for pid in pids))
    eventually(lambda: not Path(folder).exists())


def test_closing_leaves_no_process_and_no_file(index: Path) -> None:
    pool = ReaderPool(index, readers=2)
    status, folder = pool.status(), pool._server.socket.parent
    pool.close()
    pool.close()
    assert all(is_gone(pid) for pid in (status.server, *status.readers))
    assert not folder.exists()
    with pytest.raises(EngineUnavailable, match="closed"):
        pool.execute(HEALTH)
