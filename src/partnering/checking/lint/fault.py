"""A fault that the lint finds, and the rules that may find one."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node

from partnering.checking.problems import Problem, Severity
from partnering.written import Written

GATE = "lint"

RULES = frozenset(
    {
        "unknown-term",
        "deprecated-term",
        "undeclared-term",
        "odd-shape-term",
        "not-a-property",
        "not-a-class",
        "words-for-a-thing",
        "thing-for-words",
        "wrong-datatype",
        "ill-typed-value",
        "dangling-reference",
        "foreign-namespace",
        "described-twice",
        "untyped-thing",
    }
)


@dataclass(frozen=True)
class Found:
    """A fault in one triple of a file, before its place is looked up."""

    rule: str
    message: str
    why: str
    mend: str
    subject: Node
    term: str | None = None
    severity: Severity = "violation"


def problem(found: Found, seen: Written) -> Problem:
    """A fault with the line it stands on."""
    named = isinstance(found.subject, URIRef)
    where = seen.where(str(found.subject) if named else "", found.term)
    return Problem(
        gate=GATE,
        severity=found.severity,
        message=found.message,
        where=where,
        focus=str(found.subject) if named else "",
        why=found.why,
        mend=found.mend,
        rule=found.rule,
    )
