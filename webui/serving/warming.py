"""Pages made before anybody asks for them: after the start, and whenever a new snapshot is in force.

They are asked for as anybody would ask, one after another, in a thread that gives way: it stands
still while people ask, and ends with the service. The page of a thing is made for a few things
only, so that ten thousand cases cost no more than a few dozen.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask
from partnering.webui import live
from partnering.webui.serving.unthreaded import LATER, Later
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FIRST = ("/", "/cases")
"""Where nearly everybody begins."""
LISTS = ("/factors", "/map", "/outcomes", "/questions", "/synthesis", "/actors", "/source", "/compare",
         "/quality", "/reference", "/ontology", "/literature", "/vocabulary", "/downloads")  # fmt: skip
"""What the pages' head and foot lead to."""
MOST_CASES = 24
"""Cases whose story is made ahead."""
QUIET = 2.0
"""Seconds without a request after which it goes on."""
LOOK_EVERY = 1.0
"""Seconds between two looks at which snapshot is in force."""
PASSING = ("/assets/", "/healthz")
"""Addresses that are asked without anybody waiting for a page."""
MARK = "partnering.warming"
"""Stands in the environment of what it asks itself."""


class Warming:
    """Makes the pages of one application ahead; ``start`` begins, closing the service ends it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._service = live.service_of(app)
        self._closed = self._service.closed
        self._last = 0.0
        self._under_way = 0
        self._lock = threading.Lock()
        app.wsgi_app = self._watching(app.wsgi_app)  # type: ignore[assignment,method-assign]

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._run, daemon=True, name="warming").start()

    def addresses(self) -> Iterator[str]:
        """The pages to make, those first that most people ask for."""
        yield from FIRST
        cases = self._service.knowledge.vocabulary.choices("case")
        yield from (f"/cases/{case.name}" for case in cases[:MOST_CASES])
        yield from LISTS

    def once(self) -> int:
        """Make every page of the snapshot in force; how many were made before it was another."""
        snapshot, made = self._service.snapshot, 0
        browser = Client(self._app)
        for address in self.addresses():
            if not self._quiet() or self._service.snapshot != snapshot:
                break
            how = {"HTTP_ACCEPT_ENCODING": "gzip", MARK: "1"}
            browser.get(address, environ_overrides=how).close()
            made += 1
        return made

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # where a thread has no priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        done = ""
        while not self._closed.wait(LOOK_EVERY):
            if done != self._service.snapshot:
                done = self._service.snapshot
                with self._lock:  # whoever made the change looks at it first
                    self._last = time.monotonic()
                # A page that cannot be made is for who asks for it to see.
                with contextlib.suppress(Exception):
                    self.once()

    def _quiet(self) -> bool:
        """Wait until nobody has asked for a while; False where the service ends before."""
        while True:
            with self._lock:
                rest = QUIET if self._under_way else self._last + QUIET - time.monotonic()
            if self._closed.wait(max(0.0, rest)):
                return False
            if rest <= 0:
                return True

    @contextlib.contextmanager
    def awaited(self) -> Iterator[None]:
        """While somebody waits for an answer."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._last = time.monotonic()

    def _watching(self, inner: WSGIApplication) -> WSGIApplication:
        def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            if MARK in environ or environ["PATH_INFO"].startswith(PASSING):
                return inner(environ, start)
            later: Later | None = environ.get(LATER)
            if later is not None:
                later.held.enter_context(self.awaited())
                return inner(environ, start)
            with self.awaited():
                return inner(environ, start)

        return application
