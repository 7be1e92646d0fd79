"""Doubts that visitors put to the live answers: why not, and what would change it.

One is worked out at a time, since all share one scratch copy, and each only once while the
snapshot is in force. What takes minutes stays with ``partnering what-if``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from partnering.errors import Missing
from partnering.store.room import Limits, Room

if TYPE_CHECKING:
    from partnering.answering.answer import Answer
    from partnering.answering.explain import Why
    from partnering.doubt.sensitivity import Sensitivity
    from partnering.doubt.why_not import WhyNot
    from partnering.knowledge import KnowledgeGraph

PATIENCE = 10.0
"""Seconds a doubt waits for the one before it."""
SECONDS = 6.0
"""Seconds after which a page's doubt begins no further try."""
MAX_WAITING = 4
"""Doubts that may wait; each holds a thread that others could be answered by."""
KEPT = 200
"""Doubts whose outcome is kept."""
MOST_TRIED = 8
"""Additions tried on a page before it says that none was found."""
MOST_QUADS = 1_000_000
"""Size up to which a copy of the index is loaded for this."""

Found = TypeVar("Found")


class Doubts:
    """Answers doubts about one knowledge graph's answers."""

    def __init__(self, knowledge: KnowledgeGraph) -> None:
        self._knowledge = knowledge
        self._room = Room(1, Limits(max_waiting=MAX_WAITING, patience=PATIENCE))
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def why_not(
        self,
        slug: str,
        parameters: Mapping[str, str],
        given: Mapping[str, str],
        *,
        additions: bool = True,
    ) -> WhyNot:
        """Why no row holds the given things; see :meth:`.knowledge.KnowledgeGraph.why_not`.

        Without ``additions`` only what keeps them out, which takes a tenth of the time.
        """
        most = MOST_TRIED if additions else 0
        key = ("not", slug, *sorted(parameters.items()), *sorted(given.items()), most)
        return self._once(key, lambda: self._knowledge.why_missing(
            slug, parameters, given, most, SECONDS))  # fmt: skip

    def by_rule_and_case(self, answer: Answer) -> Sensitivity:
        """What another rule of success, or leaving out one case, does to the answer."""
        key = ("change", answer.question.slug, *sorted(answer.bound.values.items()))
        return self._once(key, lambda: self._knowledge.sensitivity(answer, ("rule", "case")))

    def of_row(self, answer: Answer, why: Why) -> Sensitivity:
        """What leaving out or flipping anything that one row rests on does to the answer."""
        statements = frozenset(one.statement for one in why.findings)
        key = ("row", statements, answer.question.slug, *sorted(answer.bound.values.items()))
        return self._once(key, lambda: self._knowledge.sensitivity(
            answer, ("statement", "value"), about=statements))  # fmt: skip

    def _once(self, key: Hashable, work: Callable[[], Found]) -> Found:
        with self._alone():
            if key not in self._kept:
                self._kept[key] = work()
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return cast(Found, self._kept[key])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._knowledge.index.quads > MOST_QUADS:
            raise Missing("This graph is too large to try changes on while others read it.",
                          mend="try them with partnering why-not and partnering what-if")  # fmt: skip
        with self._room.place():
            yield
