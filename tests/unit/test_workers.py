"""Work spread over processes, and what is said of how it goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from partnering import progress, workers
from partnering.progress import Pace, Progress


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
