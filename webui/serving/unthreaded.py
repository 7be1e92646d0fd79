"""Small queries answered in the thread that serves the connections, without one for each of them.

What a small query costs is mostly threads that take turns at the interpreter's lock: the server's
own, one for the request, and as many as wait. Here the server's own thread reads the request, puts
the query to a reader, and writes the answer when it comes. It never waits for anything: whatever
would take a while (a mistake, a person, a refusal, a reader that is not there or fell, a large
answer, a connection that has asked more meanwhile) it leaves to a thread, half done as it is.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from partnering.webui.serving.watch import Watch
from waitress.task import WSGITask

from partnering.store.question import Question, Stage

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/sparql"
PATHS = (PATH, f"{PATH}/")
"""Addresses whose requests the application can begin to answer without waiting. Flask, which knows
no strict slashes here, leads both to one view."""
METHODS = ("GET", "HEAD", "POST")
LATER = "partnering.later"
"""Stands in the environment of a request that is only begun: :class:`Later`."""
LONGEST = 4096
"""Bytes of a query, as it is sent, that are looked through while others wait."""
LONGEST_WISH = 512
"""Characters of an ``Accept`` that are."""
SOON = 0.05
"""Seconds until it is looked again how long queries have waited for a place."""
SELDOM = 1.0
"""Seconds until it is looked whether one at work is overdue, and how long a pass may last."""


class Later:
    """A request that is begun in one thread, and maybe answered in another.

    The application leaves its ``question`` here, or none where it would have to wait. What it
    returns is not asked for a piece, and does not start its response, before the answer is there.
    """

    question: Question | None = None

    def __init__(self) -> None:
        self.held = contextlib.ExitStack()
        """What is given back once the request is answered, or its client has gone."""
        self._pieces: Iterable[bytes] | None = None
        self._start: StartResponse | None = None

    def begin(self, task: Any) -> Question | None:
        """Let the application begin; the question that has to be put, if there is one."""
        environ = task.get_environment()
        environ[LATER] = self
        self._pieces = task.channel.server.application(environ, self._start_later)
        return self.question

    def go_on(self, start: StartResponse) -> Iterable[bytes] | None:
        """What the application returned, once."""
        pieces, self._pieces, self._start = self._pieces, None, start
        return pieces

    def close(self) -> None:
        """Give back what is held, and let go of the answer: no collection need look for it."""
        self.held.close()
        self.question = self._pieces = self._start = None

    def _start_later(self, *said: Any) -> Any:
        assert self._start is not None, "a response was started before its time"
        return self._start(*said)


def going_on(inner: WSGIApplication) -> WSGIApplication:
    """The same application, which goes on with what it has begun."""

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        later: Later | None = environ.get(LATER)
        pieces = later.go_on(start) if later else None
        return inner(environ, start) if pieces is None else pieces

    return application


class Asked:
    """A connection whose query is on its way; the server watches its reader's line as it does others."""

    accepting = False

    def __init__(self, home: Unthreaded, channel: Any, later: Later, question: Question) -> None:
        self.channel, self.question = channel, question
        self.watched: int | None = None
        """The descriptor of the line, once there is one."""
        self._home, self._later = home, later

    def readable(self) -> bool:
        """The answer is wanted."""
        return True

    def writable(self) -> bool:
        """The question went out whole."""
        return False

    def handle_read_event(self) -> None:
        """Something came, or the reader is gone: the reading tells."""
        self._home.hear(self)

    handle_close = handle_expt_event = handle_read_event

    def handle_error(self) -> None:
        """Nothing should go wrong here; its connection would hang, and its place be lost."""
        logging.getLogger("waitress").exception("unforeseen error while a query was answered")
        self._home.forget(self)
        self._later.close()
        self.channel.handle_close()


class Unthreaded:
    """The queries that the thread of one server has begun."""

    def __init__(self, server: Any, watch: Watch) -> None:
        """Made in that thread."""
        self._server, self._watch = server, watch
        self._thread = threading.get_ident()
        self._called: deque[Asked] = deque()
        self._waiting: set[Asked] = set()
        self._running: set[Asked] = set()
        self._look_at = 0.0
        server.add_task, server.pull_trigger = self._add_task, self._pull_trigger
        server.application = going_on(server.application)

    def turn(self) -> float:
        """What is to be done before the connections are looked at; seconds that may take."""
        self._put_called()
        now = time.monotonic()
        if now >= self._look_at:
            for asked in [*self._waiting, *self._running]:
                self._step(asked, asked.question.look)
            self._look_at = now + (SOON if self._waiting else SELDOM)
        return SOON if self._waiting else SELDOM

    def hear(self, asked: Asked) -> None:
        """Something has come from the reader of a query."""
        if asked.watched is None:
            return  # its reader answered, or fell, and hung up: both are told, one after the other
        stage = asked.question.hear()
        if stage is not Stage.ASKED:
            # Whose turn it is comes to the reader before this answer goes to its client.
            self.forget(asked)
            self._put_called()
            self._follow(asked, stage)

    def forget(self, asked: Asked) -> None:
        """Wait for the answer no longer."""
        self._waiting.discard(asked)
        self._running.discard(asked)
        if asked.watched is not None:
            self._watch.remove(asked.watched)
            asked.watched = None

    def _add_task(self, channel: Any) -> None:
        """A whole request has come; waitress also calls this in its other threads."""
        if threading.get_ident() != self._thread or not self._begin(channel):
            self._server.task_dispatcher.add_task(channel)

    def _pull_trigger(self) -> None:
        # The thread that looks at the connections need not be woken by itself.
        if threading.get_ident() != self._thread:
            self._server.trigger.pull_trigger()

    def _begin(self, channel: Any) -> bool:
        """Begin with a request; False where a thread has to answer it."""
        request = channel.requests[0]
        if request.error or not _is_short(request):
            return False
        request.later, request.task = Later(), WSGITask(channel, request)
        question = request.later.begin(request.task)
        if question is None:
            return False
        asked = Asked(self, channel, request.later, question)
        if not channel.total_outbufs_len:
            # Nothing is read from it or written to it meanwhile: it need not be looked at.
            self._watch.remove(channel._fileno)
        self._step(asked, partial(question.join, partial(self._call, asked)))
        return True

    def _call(self, asked: Asked) -> None:
        """There is a place for it; maybe in the thread of whoever gave it back."""
        self._called.append(asked)
        self._pull_trigger()

    def _put_called(self) -> None:
        while self._called:
            asked = self._called.popleft()
            if asked in self._waiting:  # or it was told at the last moment to come back
                self._step(asked, asked.question.put)

    def _step(self, asked: Asked, step: Callable[[], Stage]) -> None:
        try:
            self._follow(asked, step())
        except Exception:
            asked.handle_error()

    def _follow(self, asked: Asked, stage: Stage) -> None:
        """Keep in mind how far a query is, or finish it."""
        if stage is Stage.WAITING:
            self._waiting.add(asked)
            self._look_at = min(self._look_at, time.monotonic() + SOON)
        elif stage is Stage.ASKED:
            self._waiting.discard(asked)
            self._running.add(asked)
            asked.watched = asked.question.fileno()
            self._watch.add(asked.watched, asked)
        else:
            self.forget(asked)
            self._answer(asked.channel, here=stage is Stage.ANSWERED)

    def _answer(self, channel: Any, *, here: bool) -> None:
        if channel._fileno is not None:
            self._watch.add(channel._fileno, channel)
        # To write more than fits into a connection's buffers would wait for its client.
        if here and len(channel.requests) == 1 and not channel.total_outbufs_len:
            channel.service()
            if channel.connected and channel.writable():
                channel.handle_write()
        else:
            self._server.task_dispatcher.add_task(channel)


def task_of(channel: Any, request: Any) -> WSGITask:
    """The task that answers a request: the one it was begun with, if it was."""
    task: WSGITask = request.task or WSGITask(channel, request)
    return task


def _is_short(request: Any) -> bool:
    return (
        request.path in PATHS
        and request.command.upper() in METHODS
        and len(request.query) + request.content_length <= LONGEST
        and len(request.headers.get("ACCEPT", "")) <= LONGEST_WISH
    )
