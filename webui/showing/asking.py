"""The questions of one page, asked together when the first answer is needed.

A template names its panels one after another, and what stands in them only at the end (see
``context``). So a page of many panels makes one round trip to the engine, or few.
"""

from __future__ import annotations

from flask import g
from partnering.webui import live

from partnering.answering.answer import Answer
from partnering.answering.questions import BoundQuestion


class Asking:
    """What a page has named and not yet asked, and the answers it has."""

    def __init__(self) -> None:
        self._named: dict[str, BoundQuestion] = {}
        self._answers: dict[str, Answer] = {}

    def later(self, bound: BoundQuestion) -> None:
        """Ask this too when anything is asked."""
        self._named.setdefault(bound.query, bound)

    def answer(self, bound: BoundQuestion) -> Answer:
        """The answer to one; all that was named and not yet asked is asked with it."""
        self.later(bound)
        if bound.query not in self._answers:
            waiting = {
                query: one for query, one in self._named.items() if query not in self._answers
            }
            answers = live.service().ask_together(list(waiting.values()))
            self._answers |= zip(waiting, answers, strict=True)
        return self._answers[bound.query]


def of_page() -> Asking:
    """What the page that is being made asks."""
    if "asking" not in g:
        g.asking = Asking()
    found: Asking = g.asking
    return found
