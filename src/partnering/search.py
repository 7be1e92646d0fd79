"""Search: words in, the things they speak of out, best first, with what to narrow them by.

Every word must be there, in any inflection; a word that no text holds is replaced by the
nearest one that is held, and the answer says so. Where hardly any text holds all the words,
those that hold some follow, and the answer says that too.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from partnering import spelling
from partnering.errors import Busy, QueryTimeout, WrongUse
from partnering.pipeline import texts
from partnering.pipeline.publish import Index

MOST_WORDS = 12
MOST_LETTERS = 200
PER_PAGE = 20
MOST_PAGES = 50
FEW = 5
"""Hits with every word, below which hits with some of them follow."""
MANY = 10_000
"""Hits above which only labels and other names are ranked: they come first in any case."""
DEADLINE = 3.0
"""Seconds one search may take."""
_WEIGHTS = {
    "case": 2.2, "factor": 2.4, "outcome": 2.2, "concept": 1.8, "arrangement": 1.4, "actor": 1.4,
    "question": 1.2, "event": 1.0, "finding": 1.0, "general": 1.0, "literature": 0.9,
    "objection": 0.7,
}  # fmt: skip
"""How much more a thing of a kind is worth than a single finding that holds the same words."""
_COLUMNS = "8.0, 5.0, 1.0"
"""Weight of a label, another name, a summary, for ``bm25``."""
_OPEN, _CLOSE = "\x02", "\x03"
_SMALL = frozenset(
    re.findall(r"\w+", """
    a an and are as at be by did do does for from had has have how in is it its of on or that
    the their they this to was were what when where which who why with""")
)  # fmt: skip

Piece = tuple[str, bool]
"""Some words of a text, and whether they are what was looked for."""


@dataclass(frozen=True)
class Hit:
    """One thing found; ``names`` are other names of it that hold the words."""

    iri: str
    kind: str
    case: str
    case_label: str
    title: tuple[Piece, ...]
    names: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True)
class Facet:
    """A way to narrow the answer, and how many hits it leaves."""

    name: str
    label: str
    count: int


@dataclass(frozen=True)
class Results:
    """An answer of the search; ``total`` counts all hits, ``hits`` are those of one page."""

    query: str
    kind: str
    case: str
    page: int
    total: int
    hits: tuple[Hit, ...]
    kinds: tuple[Facet, ...]
    cases: tuple[Facet, ...]
    replaced: tuple[tuple[str, str], ...] = ()
    loose: bool = False
    snapshot: str = ""

    @property
    def pages(self) -> int:
        """Pages there are to turn."""
        return min(MOST_PAGES, -(-self.total // PER_PAGE))

    @property
    def asked(self) -> str:
        """The words that were really looked for, after mending."""
        text = self.query
        for wrong, right in self.replaced:
            text = re.sub(rf"\b{re.escape(wrong)}\b", right, text)
        return text

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, as the ``.json`` twin and the command line give them."""
        return asdict(self) | {"asked": self.asked, "pages": self.pages}


class Search:
    """Searches the text index of one snapshot; any number of threads may ask at once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._path = texts.path_of(index)
        self._mine = threading.local()

    @property
    def ready(self) -> bool:
        """Whether the text index is there; it is made when the index is published."""
        return self._path.exists()

    def __call__(self, query: str, *, kind: str = "", case: str = "", page: int = 1) -> Results:
        """One page of hits.

        ``kind`` is one of :data:`partnering.pipeline.texts.KINDS`, ``case`` a case's short name. Raises
        ``WrongUse`` for what is no kind or case, ``Busy`` while the text index is being made.
        """
        held = self._connection()
        self._check(held, kind, case, page)
        query = " ".join(query.split())[:MOST_LETTERS]
        terms = _terms(query)
        if not terms:
            return Results(query, kind, case, 1, 0, (), (), (), snapshot=self._index.snapshot)
        until = time.monotonic() + DEADLINE
        held.set_progress_handler(lambda: time.monotonic() > until, 20_000)
        try:
            return self._answer(held, query, terms, kind, case, page)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            raise QueryTimeout(
                f"This search took longer than {DEADLINE:g} seconds.", mend="give rarer words"
            ) from error
        finally:
            held.set_progress_handler(None, 0)

    def _answer(
        self, held: sqlite3.Connection, query: str, terms: list[str], kind: str, case: str,
        page: int,
    ) -> Results:  # fmt: skip
        mended, replaced = [], []
        for term in terms:
            right = None if " " in term or _any(held, term) else self._meant(held, term)
            mended.append(right or term)
            if right:
                replaced.append((term, right))
        every, some = (word.join(_quoted(term) for term in mended) for word in (" AND ", " OR "))
        asked, counts = every, _counts(held, every)
        loose = len(mended) > 1 and sum(counts.values()) < FEW
        if loose:
            asked, counts = some, _counts(held, some)
        kinds, cases, total = self._facets(held, counts, kind, case)
        among = _within(held, kind, case)
        ranked = f"{{label other}} : ({asked})" if total > MANY else asked
        if ranked != asked and page * PER_PAGE > _count(held, ranked, among):
            ranked = asked
        best = _best(held, ranked, every if loose else "", among, page) if total else []
        hits = tuple(_hit(held, asked, rowid) for rowid in best)
        return Results(query, kind, case, page, total, hits, kinds, cases, tuple(replaced),
                       loose and bool(counts), self._index.snapshot)  # fmt: skip

    def _meant(self, held: sqlite3.Connection, word: str) -> str | None:
        return next((other for other in spelling.near(held, word) if _any(held, other)), None)

    def _facets(
        self, held: sqlite3.Connection, counts: dict[tuple[int, int], int], kind: str, case: str
    ) -> tuple[tuple[Facet, ...], tuple[Facet, ...], int]:
        """Counts of either facet under the other one's choice, and of both together."""
        by_kind: Counter[str] = Counter()
        by_case: Counter[int] = Counter()
        total = 0
        chosen = _case_number(held, case)
        for (of_kind, place), number in counts.items():
            name = texts.KINDS[of_kind]
            if not case or place == chosen:
                by_kind[name] += number
            if not kind or name == kind:
                by_case[place] += number
            if (not case or place == chosen) and (not kind or name == kind):
                total += number
        kinds = tuple(Facet(name, name, by_kind[name]) for name in texts.KINDS if by_kind[name])
        shown = [place for place, _ in by_case.most_common(25) if place]
        if chosen and chosen not in shown:
            shown.append(chosen)
        names = held.execute(
            f"SELECT id, name, label FROM cases WHERE id IN ({', '.join('?' * len(shown))})"
            " ORDER BY label", shown,
        )  # fmt: skip
        cases = tuple(Facet(name, label, by_case[id]) for id, name, label in names)
        return kinds, cases, total

    def _check(self, held: sqlite3.Connection, kind: str, case: str, page: int) -> None:
        if kind and kind not in texts.KINDS:
            raise WrongUse(
                f"{kind!r} is no kind of thing.", mend=f"choose from {', '.join(texts.KINDS)}"
            )
        if case and not _case_number(held, case):
            known = [
                name for (name,) in held.execute("SELECT name FROM cases ORDER BY name LIMIT 40")
            ]
            raise WrongUse(f"There is no case {case!r}.", mend=f"choose from {', '.join(known)}")
        if not 1 <= page <= MOST_PAGES:
            raise WrongUse(f"There is no page {page}.", mend=f"turn at most {MOST_PAGES} pages")

    def _connection(self) -> sqlite3.Connection:
        """One a thread: a file that is never written again needs no lock."""
        held: sqlite3.Connection | None = getattr(self._mine, "held", None)
        if held is None:
            if not self.ready:
                raise Busy("The search is being made ready.", retry_after=5,
                           mend="come back in a few seconds")  # fmt: skip
            held = sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)
            held.execute("PRAGMA mmap_size = 1073741824")
            self._mine.held = held
        return held


def _terms(query: str) -> list[str]:
    """Words, and phrases in quotation marks; small words only where there are no others."""
    found = [
        " ".join(re.findall(r"\w+", phrase or word)).casefold()
        for phrase, word in re.findall(r"[\"“]([^\"”]*)[\"”]|(\w+)", query)
    ]
    found = list(dict.fromkeys(term for term in found if term))[:MOST_WORDS]
    return [term for term in found if term not in _SMALL] or found


def _quoted(term: str) -> str:
    return f'"{term}"'


def _any(held: sqlite3.Connection, term: str) -> bool:
    row = held.execute("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", (_quoted(term),))
    return row.fetchone() is not None


def _counts(held: sqlite3.Connection, asked: str) -> dict[tuple[int, int], int]:
    """Hits by kind and case, read off the numbers of the texts."""
    rows = held.execute(
        f"SELECT rowid / {texts.SPAN}, count(*) FROM found WHERE found MATCH ? GROUP BY 1", (asked,)
    )
    return {(at & 15, at >> 4): number for at, number in rows}


def _within(held: sqlite3.Connection, kind: str, case: str) -> str:
    """What keeps the hits to one kind, to one case, to both or to neither."""
    at = texts.KINDS.index(kind) if kind else 0
    if not case:
        return f" AND rowid / {texts.SPAN} & 15 = {at}" if kind else ""
    place = _case_number(held, case)
    first, after = texts.first_of(at, place), texts.first_of(at + 1 if kind else 16, place)
    return f" AND rowid BETWEEN {first} AND {after - 1}"


def _count(held: sqlite3.Connection, asked: str, among: str) -> int:
    row = held.execute(f"SELECT count(*) FROM found WHERE found MATCH ?{among}", (asked,))
    return int(row.fetchone()[0])


def _best(held: sqlite3.Connection, asked: str, every: str, among: str, page: int) -> list[int]:
    """Numbers of the texts of one page; those that match ``every``, if given, come first."""
    weights = " ".join(f"WHEN {at} THEN {_WEIGHTS[name]}" for at, name in enumerate(texts.KINDS))
    # Asked for only where those with every word are few.
    first = "rowid NOT IN (SELECT rowid FROM found WHERE found MATCH ?), " if every else ""
    rows = held.execute(
        f"SELECT rowid, bm25(found, {_COLUMNS}) * CASE rowid / {texts.SPAN} & 15 {weights} END"
        f" AS score FROM found WHERE found MATCH ?{among}"
        f" ORDER BY {first}score, rowid LIMIT ? OFFSET ?",
        (asked, *([every] if every else []), PER_PAGE, (page - 1) * PER_PAGE),
    )
    return [rowid for rowid, _ in rows]


def _hit(held: sqlite3.Connection, asked: str, rowid: int) -> Hit:
    iri, title, names, excerpt = held.execute(
        "SELECT t.iri, highlight(f.found, 0, ?, ?), snippet(f.found, 1, ?, ?, ' … ', 12),"
        " snippet(f.found, 2, ?, ?, ' … ', 40)"
        " FROM found f JOIN texts t ON t.id = f.rowid WHERE f.found MATCH ? AND f.rowid = ?",
        (*(_OPEN, _CLOSE) * 3, asked, rowid),
    ).fetchone()
    at = rowid // texts.SPAN
    row = held.execute("SELECT name, label FROM cases WHERE id = ?", (at >> 4,)).fetchone()
    case, case_label = row or ("", "")
    other = _pieces(names) if _OPEN in names else ()
    return Hit(iri, texts.KINDS[at & 15], case, case_label, _pieces(title), other, _pieces(excerpt))


def _pieces(marked: str) -> tuple[Piece, ...]:
    parts = re.split(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", marked)
    return tuple((part, at % 2 == 1) for at, part in enumerate(parts) if part)


def _case_number(held: sqlite3.Connection, case: str) -> int:
    row = held.execute("SELECT id FROM cases WHERE name = ?", (case,)).fetchone()
    return int(row[0]) if row else 0


def words_of(pieces: Sequence[Piece]) -> str:
    """The plain text of marked words."""
    return "".join(text for text, _ in pieces)
