"""Work spread over processes, and what is said of how it goes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from partnering import progress, workers
from partnering.progress import Pace, Progress
from partnering.workers import Standby


def test_every_item_is_done_once_in_more_than_one_process() -> None:
    factor = 3  # inherited by fork, as a workspace is
    results = list(workers.on_every_core(lambda n: (n * factor, os.getpid()), range(200)))
    assert sorted(number for number, _ in results) == [n * factor for n in range(200)]
    assert os.getpid() not in {pid for _, pid in results}


def test_what_an_item_raises_is_raised_here() -> None:
    def work(number: int) -> int:
        if number == 5:
            raise ValueError("five")
        return number

    with pytest.raises(ValueError, match="five"):
        list(workers.on_every_core(work, range(20)))


def test_who_stops_listening_ends_the_work(tmp_path: Path) -> None:
    def work(number: int) -> int:
        (tmp_path / str(number)).touch()
        return number

    for _ in workers.on_every_core(work, range(5000)):
        break
    assert 0 < len(list(tmp_path.iterdir())) < 500


def test_what_is_left_is_told_by_the_pace_of_late(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    pace = Pace("check", 1000)
    said = []
    for number in range(300):
        now[0] += 0.1 if number < 100 else 1.0
        said.append(pace.one_more())
    last = said[-1]
    assert last is not None
    assert (last.done, last.of) == (300, 1000)
    # One a second of late, however quick the first hundred were.
    assert last.left == pytest.approx(700, rel=0.05)
    assert str(last) == "check 300 of 1,000, 12 min left"


def test_a_long_wait_is_told_in_hours() -> None:
    assert str(Progress("read", 1, 3, 7260.0)) == "read 1 of 3, 2 h 01 min left"
    assert str(Progress("read", 1, 3, None)) == "read 1 of 3"


@contextmanager
def standing_by(
    prepare: Callable[[], Callable[[int], tuple[int, int]]],
) -> Iterator[Standby[int, tuple[int, int]]]:
    standby = Standby(prepare, doubled)
    try:
        yield standby
    finally:
        standby.end()


def doubled(number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


@pytest.mark.usefixtures("may_fork")
def test_who_stands_by_does_what_comes_in_its_order() -> None:
    with standing_by(lambda: doubled) as standby:
        results = list(standby.each(range(50)))
        assert [number for number, _ in results] == list(range(0, 100, 2))
        who = {pid for _, pid in results}
        assert len(who) == 1
        assert os.getpid() not in who
        assert list(standby.each([])) == []
    with pytest.raises(ProcessLookupError):
        os.kill(who.pop(), 0)


@pytest.mark.usefixtures("may_fork")
def test_the_first_is_begun_before_anybody_asks_for_it(tmp_path: Path) -> None:
    def touch(number: int) -> tuple[int, int]:
        (tmp_path / str(number)).touch()
        return doubled(number)

    with standing_by(lambda: touch) as standby:
        results = standby.each([1, 2])
        until = time.monotonic() + 20
        while not (tmp_path / "1").exists() and time.monotonic() < until:
            time.sleep(0.01)
        assert (tmp_path / "1").exists()
        assert [number for number, _ in results] == [2, 4]


@pytest.mark.usefixtures("may_fork")
def test_what_the_other_process_cannot_do_is_done_here() -> None:
    def unready() -> Callable[[int], tuple[int, int]]:
        raise ValueError("not to be made ready")

    def falls(number: int) -> tuple[int, int]:
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return doubled(number)

    with standing_by(unready) as standby:
        assert list(standby.each([1, 2])) == [(2, os.getpid()), (4, os.getpid())]
    with standing_by(lambda: falls) as standby:
        results = list(standby.each([1, 2, 3]))
        assert [number for number, _ in results] == [2, 4, 6]
        assert [pid == os.getpid() for _, pid in results] == [False, True, True]


def test_beside_other_threads_nobody_stands_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with standing_by(lambda: doubled) as standby:
            assert list(standby.each([3])) == [(6, os.getpid())]
    finally:
        stop.set()
        thread.join()


def test_on_a_single_core_nobody_stands_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 1)
    with standing_by(lambda: doubled) as standby:
        assert list(standby.each([3])) == [(6, os.getpid())]
