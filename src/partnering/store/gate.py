"""The gate: a look at a query's tokens before anything parses it.

pyoxigraph crashes the process on very deep queries and plans for seconds on very wide
ones, so a query is measured here first and refused with a message that says what,
where and how to mend. The gate is a courtesy; the contained reader is the guarantee
(:mod:`partnering.store.forkserver`). It reads tokens, never raw text: a keyword in a
comment, a string, an IRI or a local name is no keyword.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from partnering.errors import QueryRefused, QuerySyntax
from partnering.store.tokens import Walk, place

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
FORMS: tuple[Form, ...] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


@dataclass(frozen=True)
class Caps:
    """How large one query may be, in its own tokens."""

    length: int = 32_768
    """Bytes of UTF-8."""
    depth: int = 48
    """Brackets open at once."""
    operators: int = 400
    """Operators in expressions, and the words that nest an algebra (FILTER, BIND, UNION …)."""
    patterns: int = 64
    """Triple patterns and path steps; planning grows with their third power."""


CAPS = Caps()
UNCAPPED = Caps(*(1 << 62,) * 4)


@dataclass(frozen=True)
class Dataset:
    """One FROM or FROM NAMED clause, its IRI resolved against PREFIX and BASE."""

    iri: str
    named: bool
    offset: int


@dataclass(frozen=True)
class Survey:
    """What the tokens of a query say about it."""

    form: Form
    datasets: tuple[Dataset, ...]
    services: tuple[int, ...]
    """Offsets of SERVICE."""
    depth: int
    operators: int
    patterns: int
    dataset_at: int
    """Offset at which FROM clauses may be put in."""


@lru_cache(maxsize=512)
def survey(query: str, caps: Caps = UNCAPPED) -> Survey:
    """Read the tokens of one query.

    Raises ``QueryRefused`` at the token that goes past a cap or asks for an update, and
    ``QuerySyntax`` where no token can be read or the query has no form.
    """
    length = len(encode(query))
    if length > caps.length:
        raise QueryRefused(
            f"The query is {length:,} bytes long; at most {caps.length:,} are read.",
            mend="ask in smaller steps, or move a long VALUES list into several queries",
        )
    walk = Walk(query, caps.depth, caps.operators, caps.patterns)
    walk.run()
    form = _form(query, walk)
    groups = walk.groups[1:] if form == "CONSTRUCT" else walk.groups
    return Survey(
        form=form,
        datasets=tuple(Dataset(*clause) for clause in walk.datasets),
        services=tuple(walk.services),
        depth=walk.deepest,
        operators=walk.operators,
        patterns=walk.patterns,
        dataset_at=min([walk.after_form, *groups]),
    )


def encode(query: str) -> bytes:
    """UTF-8, or ``QuerySyntax`` where there is none."""
    try:
        return query.encode()
    except UnicodeEncodeError as error:
        raise QuerySyntax(
            "The query holds half a character (a lone surrogate).",
            where=place(query, error.start),
            mend="remove it, or write the whole character",
        ) from error


def check(query: str, *, graphs: Collection[str] | None = None, caps: Caps = CAPS) -> Survey:
    """Survey a stranger's query, and refuse what would reach out of the store.

    ``graphs`` are the IRIs a FROM may name; None lets any pass. Raises ``QueryRefused``
    and ``QuerySyntax``.
    """
    found = survey(query, caps)
    for offset in found.services:
        raise QueryRefused(
            "SERVICE would send part of the query to another server; this one reaches out to none.",
            where=place(query, offset),
            mend="ask the other server yourself and join the two answers on your side",
        )
    for clause in found.datasets:
        word = "FROM NAMED" if clause.named else "FROM"
        check_graphs((clause.iri,), graphs, word=word, where=place(query, clause.offset))
    return found


def check_graphs(
    iris: Collection[str],
    graphs: Collection[str] | None,
    *,
    word: str = "The dataset",
    where: str | None = None,
) -> None:
    """Refuse graphs this store does not hold; nothing is ever fetched."""
    if graphs is None:
        return
    for iri in iris:
        if iri not in graphs:
            raise QueryRefused(
                f"{word} names <{iri}>, which is not a graph of this store; nothing is fetched.",
                where=where,
                mend="SELECT DISTINCT ?g { GRAPH ?g {} } lists the graphs there are",
            )


def _form(query: str, walk: Walk) -> Form:
    first = walk.first_word
    for form in FORMS:
        if first.startswith(form):
            return form
    where = place(query, walk.first_offset)
    if first.startswith(UPDATES):
        raise QueryRefused(
            f"{first} changes data; queries here only read.",
            where=where,
            mend="change the files and publish them; this service shows what was published",
        )
    raise QuerySyntax(
        "The query does not begin with SELECT, ASK, CONSTRUCT or DESCRIBE.",
        where=where,
        mend="PREFIX and BASE lines may come first, then one of the four",
    )
