"""Reviewed answers watched while a store changes: which of them come out otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
from tests.regression.mutants import Mutant

from partnering.answering.questions import Catalogue
from partnering.changes.regression import Answers, Asked, Lines


class Watch:
    """Reviewed answers, and which of them a store answers otherwise."""

    def __init__(self, store: ox.Store, catalogue: Catalogue) -> None:
        answers = Answers(store, catalogue)
        self._catalogue = catalogue
        self._kept: list[tuple[str, Asked, Lines]] = [
            (question.slug, asked, answers.lines(question, asked))
            for question in catalogue.questions
            for asked in answers.asked(question)
        ]
        self.baseline = answers

    def alarm(self, answers: Answers) -> str:
        """The first question that answers otherwise, '' where none does."""
        for at, (slug, asked, lines) in enumerate(self._kept):
            if _lines(answers, slug, asked) != lines:
                # What one mutant changed, the next one is likely to change too.
                self._kept.insert(0, self._kept.pop(at))
                return slug
        return ""

    def wider(self, answers: Answers, mutant: Mutant, near: Callable[[Mutant], set[str]]) -> str:
        """The same over every value of every parameter that the mutant could matter to."""
        concerned = near(mutant)
        for question in self._catalogue.questions:
            for parameter in question.parameters:
                if parameter.kind in ("text", "number"):
                    continue
                choices = self.baseline.vocabulary.choices(parameter.kind)
                wanted = [c for c in choices if len(choices) <= 12 or str(c.iri) in concerned]
                for value in (
                    *(str(c.iri) for c in wanted),
                    *(["any"] if parameter.may_be_any else []),
                ):
                    asked = {parameter.name: value}
                    if _lines(answers, question.slug, asked) != _lines(
                        self.baseline, question.slug, asked
                    ):
                        return f"{question.slug} {parameter.name}={value}"
        return ""


def _lines(answers: Answers, slug: str, asked: Asked) -> Lines | str:
    """A question's lines; where it cannot even be asked, what is said then."""
    try:
        return answers.lines(answers.catalogue.get(slug), asked)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
