"""One query on its way: a place, a reader whose line is open, and the answer or why there is none.

:meth:`Question.answer` goes all the way, and waits where it has to. Who must not wait takes the
steps one by one, ``join`` and ``put`` and ``hear``, and leaves to a thread what would take a while.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any, Protocol

from partnering import errors
from partnering.errors import (
    Busy,
    EngineUnavailable,
    PartneringError,
    QueryError,
    QueryTimeout,
    QueryTooLarge,
)
from partnering.store.base import Reply
from partnering.store.line import Line, Unread
from partnering.store.room import Limits, Place, Room, Turn
from partnering.store.server import Generation, Server

GRACE = 2.0
"""Seconds past the deadline after which a reader that still lives is ended by hand."""
SMALL = 512 << 10
"""Bytes of an answer above which it takes a while to read it."""
_TRIES = 5
"""Readers asked before it is said that none takes the question."""

Lease = tuple[Server, Generation]


class Lender(Protocol):
    """Who has readers."""

    def lease(self) -> Lease:
        """Readers that stay while a query runs on them."""

    def lease_at_once(self) -> Lease | None:
        """The same; None where it would take a while."""


class Stage(Enum):
    """How far a query has come that nobody waits for."""

    WAITING = "it has no place yet"
    ASKED = "a reader has it"
    ANSWERED = "it has its answer"
    LEFT = "what remains may take a while"


class Question:
    """A query past the gate; ``answer`` or ``close`` end it and give back what it holds."""

    def __init__(self, lender: Lender, room: Room, ask: dict[str, Any], query: bytes) -> None:
        self._lender, self._room = lender, room
        self._ask, self._query = ask, query
        self._patience = room.limits.deadline + GRACE
        self._turn: Turn | None = None
        self._lease: Lease | None = None
        self._line: Line | None = None
        self._pid, self._since = 0, 0.0
        self._failure: Exception | None = None
        self._heard: tuple[dict[str, Any], bytes] | None = None

    def answer(self) -> Reply:
        """The answer, from wherever the query is by now.

        Raises ``QueryError`` and what is one, ``Busy`` or ``EngineUnavailable``.
        """
        if self._heard is None:
            try:
                self._heard = self._converse()
            finally:
                self.close()
        (header, body), self._heard = self._heard, None
        if "error" in header:
            raise _as_error(header)
        return Reply(header["kind"], header["media_type"], body)

    def join(self, called: Callable[[], None]) -> Stage:
        """Put it to a reader, or stand in the line until ``called``: then ``put`` it."""
        try:
            self._turn = self._room.join(called)
        except Busy as busy:
            return self._leave_it(busy)
        return Stage.WAITING if self._turn.place is None else self.put()

    def put(self) -> Stage:
        """Put it to a reader whose line is open, if there is one, now that it has a place."""
        try:
            self._lease = self._lender.lease_at_once()
            line = self._lease[1].kept() if self._lease else None
            if line is None:
                return Stage.LEFT
            self._tell(line)
        except (OSError, Unread, EngineUnavailable) as error:
            return self._leave_it(error)
        return Stage.ASKED

    def hear(self) -> Stage:
        """Read what has come of the answer."""
        assert self._line is not None
        try:
            if not self._line.listen():
                return Stage.ASKED if self._line.coming <= SMALL else Stage.LEFT
            self._heard = self._end(self._line)
        except (OSError, EOFError, Unread) as error:
            return self._leave_it(error)
        self.close()
        return Stage.LEFT if "error" in self._heard[0] else Stage.ANSWERED

    def look(self) -> Stage:
        """See whether it has waited, or a reader has had it, for too long; once in a while."""
        if self._line is not None:
            overdue = time.monotonic() > self._since + self._patience
            return self._leave_it(BlockingIOError()) if overdue else Stage.ASKED
        assert self._turn is not None
        try:
            self._room.look(self._turn)
        except Busy as busy:
            self.close()
            return self._leave_it(busy)
        return Stage.WAITING

    def fileno(self) -> int:
        """The descriptor on which the answer is seen to come."""
        assert self._line is not None
        return self._line.fileno()

    def close(self) -> None:
        """Give back what it holds; a reader that is at work on it is ended. Twice is fine."""
        line, self._line = self._line, None
        lease, self._lease = self._lease, None
        turn, self._turn = self._turn, None
        if lease is not None:
            server, generation = lease
            if line is not None:
                line.close()
                server.end_reader(self._pid)
            server.release(generation)
        if turn is not None:
            self._room.leave(turn)

    @property
    def _place(self) -> Place:
        assert self._turn is not None
        assert self._turn.place is not None
        return self._turn.place

    def _leave_it(self, failure: Exception) -> Stage:
        self._failure = failure
        return Stage.LEFT

    def _tell(self, line: Line) -> Line:
        assert self._lease is not None
        self._line, self._pid = line, line.pid
        self._since = self._since or time.monotonic()
        self._place.end = partial(self._lease[0].end_reader, line.pid)
        line.tell(self._ask, self._query, self._patience)
        return line

    def _end(self, line: Line) -> tuple[dict[str, Any], bytes]:
        """The whole answer; the line is kept for the next question."""
        assert self._lease is not None
        heard = line.hear()
        self._place.end = self._line = None
        self._lease[1].keep(line)
        return heard

    def _converse(self) -> tuple[dict[str, Any], bytes]:
        """One question, one answer; or why there is none."""
        if isinstance(self._failure, PartneringError):
            raise self._failure
        self._turn = self._turn or self._room.enter()
        self._lease = self._lease or self._lender.lease()
        (server, generation), limits = self._lease, self._room.limits
        for _ in range(_TRIES):
            try:
                self._raise_failure()
                line = self._line or self._tell(generation.line(self._patience))
                return self._end(line)
            except Unread:
                # The reader fell, or was replaced, before it could begin; so may others have been.
                self._drop()
                self._pid = 0
                generation.hang_up()
            except BlockingIOError:
                self._drop()
                if self._pid:
                    server.end_reader(self._pid)
                raise _timeout(limits) from None
            except (OSError, EOFError):
                self._drop()
                break
        seconds = time.monotonic() - self._since
        if self._place.crowded_out:
            raise _crowded_out(seconds)
        raise _epitaph(server, self._pid, limits, seconds)

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _epitaph(server: Server, pid: int, limits: Limits, seconds: float) -> QueryError:
    """Say what a reader died of; the server knows, since it buried it."""
    death = server.death_of(pid) if pid else None
    if death == signal.SIGALRM:
        return _timeout(limits)
    if death in (signal.SIGABRT, signal.SIGKILL) and seconds < limits.deadline + GRACE:
        return QueryTooLarge(
            f"The query needed more than the {limits.memory >> 20} MiB of memory one may have.",
            mend="narrow its patterns, sort or group fewer rows, or add LIMIT in a sub-select",
        )
    if death in (signal.SIGSEGV, signal.SIGBUS):
        return QueryTooLarge(
            "The query needed more stack than one query may have; it nests too deep.",
            mend="take brackets, paths or sub-selects out of each other",
        )
    return EngineUnavailable(
        "The reader ended before it answered.", mend="ask again; another one has taken its place"
    )


def _timeout(limits: Limits) -> QueryTimeout:
    return QueryTimeout(
        f"The query did not end within {limits.deadline:g} seconds.",
        mend="narrow its patterns, or add LIMIT",
    )


def _crowded_out(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        f"The query had run for {seconds:.1f} seconds when others were waiting, and was ended for them.",
        mend="narrow its patterns, add LIMIT, or ask again when fewer do",
    )


def _as_error(header: Mapping[str, Any]) -> PartneringError:
    known = getattr(errors, header["error"], QueryError)
    error: PartneringError = known(
        header["message"], where=header.get("where"), mend=header.get("mend")
    )
    return error
