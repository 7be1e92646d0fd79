"""Answers and their reasons as lines for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from partnering.answering.answer import Answer
from partnering.answering.explain import Why
from partnering.answering.reasons import Challenged, Reason, Verdict
from partnering.cli import options

MEMBERS = 12
"""Members of a counted column that are named; JSON holds all."""


def answer(given: Answer, why: bool) -> Iterator[str]:
    """An answer: how it was asked, its rows with what they rest on, how to cite it."""
    yield given.sentence
    yield given.reading
    for rule in given.rules:
        yield f"Rule {rule.label}, version {rule.version}: {rule.definition}"
    for caveat in given.question.caveats:
        yield f"Bear in mind: {caveat}"
    yield ""
    shown = [(c.label or c.name, c.title) for c in given.question.columns]
    rows = [[record[name] if record[name] is not None else "" for name, _ in shown]
            for record in given.rows]  # fmt: skip
    if why:
        titles = {column.name: column.title for column in given.question.columns}
        yield from _explained(given, [title for _, title in shown], rows, titles)
    else:
        thin = [support.thin for support in given.support]
        titles_shown = [title for _, title in shown]
        if any(thin):
            titles_shown = [*titles_shown, "Thin"]
            rows = [[*row, said] for row, said in zip(rows, thin, strict=True)]
        yield options.aligned(titles_shown, rows)
    yield f"To cite: {given.citation}"


def _explained(
    given: Answer, shown: list[str], rows: list[list[object]], titles: dict[str, str]
) -> Iterator[str]:
    verdicts: dict[str, Verdict] = {}
    challenges: dict[str, Challenged] = {}
    for number, (row, support) in enumerate(zip(rows, given.support, strict=True)):
        cells = zip(shown, row, strict=True)
        yield " · ".join(f"{title}: {cell}" for title, cell in cells if cell != "")
        if support.thin:
            yield f"  Thin: {support.thin}."
        why = given.why(number)
        verdicts |= {verdict.assessment: verdict for verdict in why.verdicts}
        challenges |= {challenged.challenge: challenged for challenged in why.challenges}
        yield from reasons(why, titles)
        yield ""
    for verdict in verdicts.values():
        yield from _verdict(verdict)
        yield ""
    with_verdicts = {c.challenge for verdict in verdicts.values() for c in verdict.challenges}
    if others := [c for iri, c in challenges.items() if iri not in with_verdicts]:
        yield "Objections filed against what these rows rest on:"
        yield from (f"  {_objection(challenged)}" for challenged in others)
        yield ""


def reasons(why: Why, titles: dict[str, str]) -> Iterator[str]:
    """The reasons of one row; ``titles`` name columns whose members are told.

    Without them, as for a query of one's own, the row is told alone: objections in full.
    """
    if why.note:
        yield f"  {why.note}"
    statements = {reason.statement for reason in why.findings}
    for column, met in why.members.items():
        members = [member for member in met if member.label]
        # The label of a shown thing is no count of anything.
        counted = column in titles or not titles
        if counted and not {member.iri for member in members} <= statements:
            named = "; ".join(member.label for member in members[:MEMBERS])
            more = f"; and {len(members) - MEMBERS} more" if len(members) > MEMBERS else ""
            yield f"  {titles.get(column, column)}: {named}{more}"
    for searched in why.searched:
        told = "nothing found" if not searched.found else f"{searched.found} found"
        yield f"  Looked for and {told}: {searched.pattern}"
    for reason in why.findings:
        yield from _reason(reason, "- ")
    for reason in why.against:
        yield from _reason(reason, "- against: ")
    later = " (reasons at the end)" if titles else ""
    yield from (f"  {_headline(verdict)}{later}" for verdict in why.verdicts)
    if titles and why.challenges:
        yield f"  Contested: objections filed, {len(why.challenges)} (told at the end)"
    elif why.challenges:
        yield from (f"  {_objection(challenged)}" for challenged in why.challenges)


def _headline(verdict: Verdict) -> str:
    under = f"rule {verdict.rule} {verdict.version}"
    contested = ", contested" if verdict.contested else ""
    return f"Verdict on {verdict.partnership}, {under}: {verdict.verdict}{contested}"


def _verdict(verdict: Verdict) -> Iterator[str]:
    """A verdict's reasons, told once however many rows lean on it."""
    yield _headline(verdict)
    if verdict.caveat:
        yield f"  {verdict.caveat}"
    for label, held in (("for", verdict.based_on), ("against", verdict.weighs_against)):
        for reason in held:
            yield f"  {label}: {reason.summary} — {reason.claimant}; {_places(reason)}"
    yield from (f"  {_objection(challenged)}" for challenged in verdict.challenges)


def _objection(challenged: Challenged) -> str:
    return f"Challenged ({challenged.status}): {challenged.summary}"


def _reason(reason: Reason, mark: str) -> Iterator[str]:
    yield f"  {mark}{reason.summary}"
    yield f"    says {reason.claimant or 'nobody named'} ({reason.voice}); {_places(reason)}"
    for place in reason.places:
        if place.passage:
            yield textwrap.indent(textwrap.fill(f"“{place.passage}”", 96), "      ")


def _places(reason: Reason) -> str:
    return "; ".join(f"{p.label} [{p.start}–{p.end}]" for p in reason.places) or "no place given"
