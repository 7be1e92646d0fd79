"""The gate over saved questions: every header holds, runs, and its columns are there."""

from __future__ import annotations

import re
from pathlib import Path

from partnering.answering import questions as reading
from partnering.answering.questions import Catalogue, Question
from partnering.answering.vocabulary import Vocabulary
from partnering.checking.problems import Checked, Problem, Severity, checked
from partnering.errors import PartneringError
from partnering.gates.material import Material
from partnering.namespaces import PREFIXES
from partnering.store.base import select
from partnering.store.embedded import EmbeddedEngine

PATTERN = "queries/questions/*.rq"

_TO_DO = "TODO"
"""As scaffolds mark what is to be filled in."""


def questions(material: Material) -> Checked:
    """Ask every question with its defaults; counts those asked, those with rows, and the rows."""
    found: list[Problem] = []
    read: list[Question] = []
    for path in material.workspace.files(PATTERN):
        shown = material.workspace.relative(path)
        try:
            read.append(reading.read(path, shown))
        except PartneringError as error:
            found.append(_problem(error.message, error.where or shown, error.mend, "header"))
    if not found:
        # Two questions of one name are found only when all are read.
        found += _twins(Catalogue(material.workspace))
    engine = EmbeddedEngine(material.whole, prefixes=PREFIXES)
    vocabulary = Vocabulary(engine)
    counts = {"questions": len(read), "with rows": 0, "rows": 0}
    for question in read:
        if _TO_DO in question.path.read_text("utf-8"):
            found.append(_unfinished(question, material.workspace.relative(question.path)))
        try:
            rows = _ask(question, engine, vocabulary)
        except PartneringError as error:
            where = _line(question.path, error.message, material.workspace.relative(question.path))
            found.append(_problem(error.message, where, error.mend, "runs"))
            continue
        counts["rows"] += rows
        counts["with rows"] += bool(rows)
        if not rows:
            found.append(_unanswered(question, material.workspace.relative(question.path)))
    return checked("questions", found, counts, where="queries/questions", must_see="with rows")


def _ask(question: Question, engine: EmbeddedEngine, vocabulary: Vocabulary) -> int:
    given = {}
    for parameter in question.parameters:
        choices = () if parameter.kind in ("text", "number") else vocabulary.choices(parameter.kind)
        named = {name for choice in choices for name in (choice.name, choice.label)}
        # The default may be a case of another workspace.
        if choices and not parameter.may_be_any and parameter.default not in named:
            given[parameter.name] = choices[0].name
    table = select(engine, question.bind(given, vocabulary).query)
    if table.columns != question.variables:
        raise PartneringError(
            f"The answer has the columns {', '.join(table.columns)}, and the header declares"
            f" {', '.join(question.variables)}.",
            mend="declare every selected variable, in order, each label after its thing",
        )
    return len(table)


def _twins(catalogue: Catalogue) -> list[Problem]:
    try:
        assert catalogue.questions is not None
    except PartneringError as error:
        return [_problem(error.message, error.where or "", error.mend, "header")]
    return []


_UNTRUSTED = "Nobody can ask a question that does not run, nor trust one whose columns are others."


def _problem(
    message: str,
    where: str,
    mend: str | None,
    rule: str,
    *,
    severity: Severity = "violation",
    why: str = _UNTRUSTED,
) -> Problem:
    return Problem(
        gate="questions",
        severity=severity,
        message=message,
        where=where,
        focus="",
        why=why,
        mend=mend or "run it with partnering query FILE",
        rule=rule,
    )


def _unanswered(question: Question, where: str) -> Problem:
    return _problem(
        f"{question.id} '{question.slug}' has no rows with its defaults.",
        where,
        "choose defaults that show what it can tell, or look at its pattern",
        "no-rows",
        severity="info",
        why="It may be that there is nothing to find, or that a line of its pattern fits nothing.",
    )


def _unfinished(question: Question, where: str) -> Problem:
    return _problem(
        f"{question.id} '{question.slug}' still says what is {_TO_DO} in it.",
        where,
        f"change its pattern and its description, and take each {_TO_DO} out",
        "unfinished",
        severity="warning",
        why="A scaffold answers something else than its words ask.",
    )


def _line(path: Path, message: str, shown: str) -> str:
    """The file's line of what a parser says of the query, which it sees without the header."""
    said = re.search(r"error at (\d+):", message)
    if said is None:
        return shown
    lines = path.read_text("utf-8").splitlines()
    query = [n for n, line in enumerate(lines, 1) if not line.startswith("#+")]
    begun = next((at for at, n in enumerate(query) if lines[n - 1].strip()), 0)
    at = min(begun + int(said[1]) - 1, len(query) - 1)
    return f"{shown}:{query[at]}"
