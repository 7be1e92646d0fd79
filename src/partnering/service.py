"""What runs behind the site: the index in force, its readers, and whether it is stale.

Two engines over the same readers: ``public`` lets strangers' queries through the gate and
into a room of their own; the knowledge graph that pages use has another, so that a hostile
query cannot keep a page from its answer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from partnering.answering.answer import Answer
from partnering.answering.questions import BoundQuestion
from partnering.checking.problems import Problem
from partnering.doubt.doubts import Doubts
from partnering.errors import PartneringError, QueryTooLarge
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import PREFIXES
from partnering.pipeline import publish, texts
from partnering.pipeline.publish import Index
from partnering.search import Results, Search
from partnering.store.base import Engine
from partnering.store.readers import ReaderPool
from partnering.store.remote import RemoteEngine
from partnering.store.room import Limits
from partnering.workspace import Workspace

MAX_WAITING_OWN = 256
"""Questions of our own pages that may wait for a reader."""
MEMORY_OWN = 2 << 30
"""Bytes that a question of our own may take: a list of the outcomes of ten thousand cases takes 0.8 GiB."""
LOOK_EVERY = 0.25
"""Seconds between two looks at whether a new index has been published."""
KEPT_ROWS = 50_000
"""Rows of answers kept at most; an answer never changes while its snapshot is in force."""
_Asked = tuple[str, str]
"""What an answer is kept under: its question's slug, and the query with its blanks filled."""


@dataclass(frozen=True)
class Opened:
    """The index to serve, and why it is not of the present files, if so."""

    index: Index
    stale: str | None = None


def bring_up_to_date(workspace: Workspace, echo: Callable[[str], None] = lambda _: None) -> Opened:
    """Build what is stale; where a check fails, the last good index and what failed.

    Raises the build's error where there is no index to fall back on.
    """
    try:
        last = publish.current(workspace)
    except PartneringError:
        last = None
    try:
        if last is not None and last.inputs == publish.inputs_digest(workspace):
            return Opened(last)
        # Imported here: an index that is not stale should not wait for what only builds need.
        from partnering.pipeline.build import build

        return Opened(build(workspace, echo=echo).index)
    except PartneringError as error:
        if last is None:
            raise
        return Opened(last, stale=str(error))


def limits_of_own(limits: Limits) -> Limits:
    """What a question of our own may take, where a stranger's may take ``limits``."""
    return replace(
        limits,
        deadline=max(limits.deadline, 30.0),
        max_waiting=MAX_WAITING_OWN,
        memory=max(limits.memory, MEMORY_OWN),
        max_rows=max(limits.max_rows, Limits.max_rows),
    )


class Service:
    """The live knowledge graph: pages ask ``knowledge``, strangers ask ``public``."""

    def __init__(
        self,
        knowledge: KnowledgeGraph,
        public: Engine,
        *,
        stale: str | None = None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.public = public
        self._close = close
        self.closed = threading.Event()
        self._lock = threading.Lock()
        self.renew(knowledge, stale=stale)

    def renew(self, knowledge: KnowledgeGraph, *, stale: str | None = None) -> None:
        """Answer from another snapshot from now on."""
        with self._lock:
            self.knowledge = knowledge
            self.stale = stale
            self.doubts = Doubts(knowledge)
            self._search = Search(knowledge.index)
            self._answers: OrderedDict[_Asked, Answer] = OrderedDict()
            self._kept = 0

    @classmethod
    def open(
        cls,
        workspace: Workspace,
        *,
        readers: int | None = None,
        limits: Limits | None = None,
        echo: Callable[[str], None] = lambda _: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Service:
        """Bring the index up to date and start readers on it; ``close`` ends them.

        ``meanwhile`` is done while the readers load it.
        """
        opened = bring_up_to_date(workspace, echo)
        limits = limits or Limits()
        pool = ReaderPool(opened.index.path, readers=readers, limits=limits,
                          own_limits=limits_of_own(limits), prefixes=PREFIXES,
                          meanwhile=meanwhile)  # fmt: skip
        knowledge = KnowledgeGraph(pool.own, workspace, opened.index)
        # The search is there already, unless the index is older; no page waits for either.
        threading.Thread(target=texts.bring_up_to_date, args=(opened.index,), daemon=True).start()
        threading.Thread(target=opened.index.sheets.hold, daemon=True).start()
        service = cls(knowledge, pool, stale=opened.stale, close=pool.close)
        threading.Thread(target=service._follow, args=(pool,), daemon=True, name="follow").start()
        return service

    def _follow(self, pool: ReaderPool) -> None:
        """Move to each index that is published from now on, whoever builds it."""
        workspace = self.knowledge.workspace
        seen = publish.stamp(workspace)
        while not self.closed.wait(LOOK_EVERY):
            now = publish.stamp(workspace)
            if now == seen:
                continue
            seen = now
            # A build that is under way, or an index that does not load: the present one stays.
            with suppress(PartneringError):
                index = publish.current(workspace)
                if index is not None and index.snapshot != self.snapshot:
                    index.sheets.hold(self.knowledge.index.sheets)
                    pool.switch(index.path)
                    self.renew(KnowledgeGraph(pool.own, replace(workspace), index))

    @property
    def snapshot(self) -> str:
        """Digest that names the state of the data."""
        return self.knowledge.snapshot

    @property
    def published(self) -> datetime:
        """When the index in force was published."""
        return self.knowledge.index.published

    def ask(self, slug: str, parameters: Mapping[str, str] | None = None) -> Answer:
        """Answer a saved question, once for each snapshot and set of parameters.

        Raises ``QueryTooLarge`` with what to do about it where its rows are too many for one answer.
        """
        bound = self.knowledge.bind(slug, parameters or {})
        try:
            return self.ask_together([bound])[0]
        except QueryTooLarge as error:
            mend = f"{bound.narrower}download the data and ask there: /downloads"
            raise QueryTooLarge(error.message, where=bound.sentence, mend=mend) from error

    def ask_together(self, asked: Sequence[BoundQuestion]) -> list[Answer]:
        """Answer several, each once for each snapshot; those that nobody asked before, at once."""
        knowledge = self.knowledge
        keys = [(bound.question.slug, bound.query) for bound in asked]
        found: dict[_Asked, Answer] = {}
        with self._lock:
            for key in keys:
                if key in self._answers:
                    self._answers.move_to_end(key)
                    found[key] = self._answers[key]
        new = {key: bound for key, bound in zip(keys, asked, strict=True) if key not in found}
        answers = knowledge.ask_together(list(new.values())) if new else []
        with self._lock:
            for key, answer in zip(new, answers, strict=True):
                found[key] = answer
                if key not in self._answers and knowledge is self.knowledge:
                    self._answers[key] = answer
                    self._kept += 1 + len(answer.table)
            while self._kept > KEPT_ROWS:
                _, gone = self._answers.popitem(last=False)
                self._kept -= 1 + len(gone.table)
        return [found[key] for key in keys]

    def search(self, words: str, *, kind: str = "", case: str = "", page: int = 1) -> Results:
        """Things found by words; ``Busy`` while the text index is being made."""
        return self._search(words, kind=kind, case=case, page=page)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What the checks found in the files and let pass."""
        return self.knowledge.index.problems

    @property
    def readers(self) -> int:
        """Queries of strangers that run at once."""
        return self.public.size if isinstance(self.public, ReaderPool | RemoteEngine) else 1

    def health(self) -> dict[str, object]:
        """What ``/healthz`` says."""
        found: dict[str, object] = {
            "status": "stale" if self.stale else "ok",
            "snapshot": self.snapshot,
            "published": self.published.isoformat(timespec="seconds"),
            "why_stale": self.stale,
        }
        if isinstance(self.public, ReaderPool):
            status = self.public.status()
            found |= {"quads": status.quads, "readers": len(status.readers),
                      "running": status.running, "waiting": status.waiting,
                      "respawns": status.respawns, "restarts": status.restarts}  # fmt: skip
        if isinstance(self.public, RemoteEngine):
            engine, own = self.public, self.public.own
            if engine.closed_for:
                found["status"] = "unfinished"
            elif not engine.reached:
                found["status"] = "unreachable"
            found |= {"quads": self.knowledge.index.quads, "engine": "remote",
                      "running": engine.room.running + own.room.running,
                      "waiting": engine.room.waiting + own.room.waiting}  # fmt: skip
        return found

    def close(self) -> None:
        """End the readers; closing twice is fine."""
        self.closed.set()
        self._close()
