"""The waiting room: first come, first served, and nobody's long query keeps others waiting."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

import pytest
from tests.service.pools import ENDLESS, eventually

from partnering.errors import Busy, QueryTimeout
from partnering.store import room
from partnering.store.base import ask
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits, Place, Room


def at_work(rooms: Room, threads: ThreadPoolExecutor, over: threading.Event) -> Place:
    """A place taken by somebody who stays until it is over, or until that place is ended."""
    held: Future[Place] = Future()

    def stay() -> None:
        with rooms.place() as place:
            mine = threading.Event()
            place.end = mine.set
            held.set_result(place)
            while not over.is_set() and not mine.wait(0.01):
                pass

    threads.submit(stay)
    return held.result(timeout=10)


def test_who_has_been_at_work_for_long_steps_aside_for_who_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "LONG", 0.1)
    rooms, over = Room(1, Limits(), aside=1), threading.Event()
    with ThreadPoolExecutor(4) as threads:
        first = at_work(rooms, threads, over)
        second = at_work(rooms, threads, over)
        assert (first.aside, second.aside, rooms.running) == (True, False, 2)
        third = at_work(rooms, threads, over)
        # There was no further place aside: the one that had been at work longest ended.
        assert (first.crowded_out, second.aside, third.aside) == (True, True, False)
        over.set()
    assert (rooms.running, rooms.waiting) == (0, 0)


def test_without_places_aside_who_waits_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "LONG", 0.01)
    rooms, over = Room(1, Limits(patience=0.2)), threading.Event()
    with ThreadPoolExecutor(2) as threads:
        held = at_work(rooms, threads, over)
        with pytest.raises(Busy, match="Every reader is at work"), rooms.place():
            pass
        assert not held.aside
        assert not held.crowded_out
        over.set()
    assert (rooms.running, rooms.waiting) == (0, 0)


def test_those_who_wait_come_in_turn() -> None:
    rooms, over = Room(1, Limits()), threading.Event()
    came: list[int] = []

    def come(number: int) -> None:
        with rooms.place():
            came.append(number)

    with ThreadPoolExecutor(12) as threads:
        at_work(rooms, threads, over)
        for number in range(10):
            threads.submit(come, number)
            eventually(lambda waiting=number + 1: rooms.waiting == waiting)
        over.set()
    assert came == list(range(10))


def test_hostile_queries_keep_no_stranger_from_an_answer(index: Path) -> None:
    with (
        ReaderPool(index, readers=1, limits=Limits(deadline=20)) as pool,
        ThreadPoolExecutor(3) as threads,
    ):
        hostile = [threads.submit(pool.execute, ENDLESS) for _ in range(3)]
        eventually(lambda: pool.status().running >= 1)
        for _ in range(5):
            assert ask(pool, "ASK {}")
        ended = next(one for one in as_completed(hostile)).exception()
        assert isinstance(ended, QueryTimeout)
        assert "others were waiting" in ended.message
        assert pool.status().restarts == 0


def test_who_must_not_wait_is_called_in_turn_with_those_who_do() -> None:
    rooms, over = Room(1, Limits(max_waiting=8)), threading.Event()
    came: list[str] = []

    def come(name: str) -> None:
        with rooms.place():
            came.append(name)

    with ThreadPoolExecutor(9) as threads:
        at_work(rooms, threads, over)
        turns = {}
        for number in range(4):
            threads.submit(come, f"thread {number}")
            eventually(lambda waiting=2 * number + 1: rooms.waiting == waiting)
            turns[f"call {number}"] = rooms.join(partial(came.append, f"call {number}"))
        with pytest.raises(Busy):
            rooms.join(over.set)
        over.set()
        for number in range(4):
            eventually(lambda name=f"call {number}": came[-1:] == [name])
            turn = turns[f"call {number}"]
            assert turn.place is not None
            rooms.leave(turn)
        eventually(lambda: rooms.running == 0)
    assert came == [f"{who} {number}" for number in range(4) for who in ("thread", "call")]
    assert (rooms.running, rooms.waiting) == (0, 0)


def test_who_gives_its_turn_up_is_not_called() -> None:
    rooms, came = Room(1, Limits()), []
    first, second, third = (rooms.join(partial(came.append, number)) for number in range(3))
    assert rooms.look(first) == 0
    assert 0 < rooms.look(second) <= room.LONG
    rooms.leave(second)
    rooms.leave(first)
    assert came == [2]
    rooms.leave(third)
    assert (rooms.running, rooms.waiting) == (0, 0)
