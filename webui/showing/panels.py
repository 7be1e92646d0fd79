"""A page is a few panels; a panel is one saved question and one view of its answer.

A template says ``{{ panel("timeline", {"case": case.name}, view="timeline") }}``; everything a
panel needs for its links (query, CSV, JSON, reasons of a row) follows from the question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from partnering.webui import links, live
from partnering.webui.showing import asking, views, wording
from partnering.webui.showing.rows import Cell, Row, rows_of

from partnering.answering.answer import Answer
from partnering.answering.questions import BoundQuestion, Column, Question

VIEWS = ("table", "list", "grouped", "sides", "judged", "cards", "matrix", "timeline", "tree",
         "bars", "text", "map", "neighbours", "paragraphs")  # fmt: skip
LISTING = ("table", "list", "grouped", "judged", "matrix")
"""Views that grow with every row."""
MOST_ROWS = 300
"""Rows that such a view shows on a page of several panels; the question's own page has them all."""
SMALL_PRINT = ("cases", "voices")
"""Columns whose numbers say how thin a row is."""


@dataclass(frozen=True)
class Panel:
    """A question, its answer and the way it is shown; what a template sees."""

    bound: BoundQuestion
    view: str
    named: str | None
    id: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> Question:
        return self.bound.question

    @property
    def title(self) -> str:
        """The heading the page gives it, else the question as it is asked."""
        return self.named or self.bound.sentence

    @cached_property
    def answer(self) -> Answer:
        """Asked when it is first needed, together with all that the page has named so far."""
        return asking.of_page().answer(self.bound)

    @cached_property
    def rows(self) -> Sequence[Row]:
        return rows_of(self.answer)

    @property
    def columns(self) -> list[Column]:
        """The columns to show, in order."""
        chosen: Sequence[str] | None = self.options.get("columns")
        known = {column.name: column for column in self.question.columns}
        names = chosen or [name for name in known if name not in self.options.get("without", ())]
        return [known[name] for name in names if name in known]

    @property
    def shown(self) -> Sequence[Row]:
        """Rows up to the panel's limit."""
        first = self.options.get("first", 0)
        return self.rows[first : first + (self.options.get("limit") or len(self.rows))]

    @cached_property
    def thin(self) -> dict[int, str]:
        """By number the rows shown behind which little stands: one case, one finding, by whom.

        Nothing where the panel does not ask for it.
        """
        if not self.options.get("mark_thin") or not self.answer.support.may_be_thin:
            return {}
        first = self.options.get("first", 0)
        support = self.answer.support[first : first + len(self.shown)]
        return {number: one.thin for number, one in enumerate(support, first + 1) if one.thin}

    @property
    def each(self) -> int | None:
        """Statements a group shows at most; all where the panel has no more than ``full``."""
        short = len(self.shown) <= self.options.get("full", 0)
        return None if short else self.options.get("each")

    @property
    def things(self) -> int:
        """Rows, or with the option ``once`` the things that they are about."""
        return len(self.once(self.rows))

    @cached_property
    def left_out(self) -> int:
        """Of these as many as are on the question's own page only."""
        each = self.each
        if not each:
            return self.things - len(self.once(self.shown))
        by = self.options.get("by")
        groups = [group.rows for group in self.groups(by)] if by else [self.shown]
        folded = sum(len(self.once(rows)[each:]) for rows in groups)
        return folded + self.things - len(self.once(self.shown))

    @property
    def values(self) -> dict[str, str]:
        """Parameters as they stand in a URL."""
        return self.bound.values

    @property
    def thinness(self) -> str:
        """How many rows rest on one case or one voice, in words."""
        told = []
        for column in self.question.columns:
            if column.name in SMALL_PRINT and column.kind == "number":
                numbers = [int(row[column.name].value or 0) for row in self.rows]
                told.append((column.title, numbers))
        return wording.thinness(told, len(self.rows))

    def groups(self, by: str, rows: Sequence[Row] | None = None) -> list[views.Group]:
        """Rows under the value of one column; ``factor^`` takes the group above a concept.

        What the option ``top`` names comes first; rows without a value stand under ``otherwise``.
        """
        found = views.grouped(self.shown if rows is None else rows, by, live.knowledge().vocabulary,
                              otherwise=self.options.get("otherwise", views.UNSETTLED))  # fmt: skip
        top = self.options.get("top", ())
        return sorted(found, key=lambda group: (group.heading.iri or group.heading.text) not in top)

    def where(self, name: str, value: str, rows: Sequence[Row] | None = None) -> list[Row]:
        """Rows whose cell holds a thing of that name, short or whole, or these words."""
        if rows is not None:
            return [row for row in rows if value in row[name].names]
        if name not in self._filed:
            filed = self._filed[name] = {}
            for row in self.shown:
                for called in row[name].names:
                    filed.setdefault(called, []).append(row)
        return self._filed[name].get(value, [])

    @cached_property
    def _filed(self) -> dict[str, dict[str, list[Row]]]:
        """Rows by column and name: a page may ask for one thing after another."""
        return {}

    def usual(self, rows: Sequence[Row]) -> list[Cell]:
        """What most of some rows are told with beside their words, and none without: said once."""
        found = []
        for name in self.options.get("also", ()):
            cells = [row[name] for row in rows]
            often, times = Counter(cell.text for cell in cells).most_common(1)[0]
            if times > 2 and 2 * times > len(cells) and all(cells):
                found.append(next(cell for cell in cells if cell.text == often))
        return found

    def told(self, name: str, groups: Iterable[views.Group]) -> list[views.Group]:
        """Groups in which the column holds anything at all."""
        return [group for group in groups if group.distinct(name)]

    def matrix(self) -> views.Matrix:
        """Rows as items in the cells of two columns."""
        return views.matrix(self.shown, self.options["down"], self.options["across"],
                            live.knowledge().vocabulary, show=self.options["show"],
                            whole=self.options.get("whole", ()))  # fmt: skip

    def tree(self, under: str, counts: Sequence[str]) -> list[views.Branch]:
        """Rows below the row that their column ``under`` names."""
        return views.tree(self.rows, self.columns[0].name, under, counts)

    def distinct(self, name: str) -> list[Cell]:
        """What stands in one column, each once."""
        return views.distinct(self.rows, name)

    def total(self, name: str) -> int:
        """Sum of a column of numbers; with the option ``once``, of each thing once."""
        cells = (cell for row in self.once(self.rows) for cell in row.only([name]))
        return sum(int(cell.value or 0) for cell in cells)

    def most(self, *names: str, under: str | None = None) -> int:
        """Largest number in some columns, at least 1; of members only where groups are rows too."""
        rows = [row for row in self.rows if under is None or row[under]]
        return max([1, *(int(row[name].value or 0) for row in rows for name in names)])

    def once(self, rows: Sequence[Row]) -> Sequence[Row | views.Merged]:
        """Rows as statements: with the option ``once``, one for all rows about the same."""
        return views.merged(rows, self.options["words"]) if self.options.get("once") else rows

    def page(self, form: str = "", **more: object) -> str:
        """Address of the question with these parameters, or of its ``.csv``, ``.json`` or ``.ttl``."""
        return links.question_page(self.question.slug, self.values, form, **more)


def make(
    slug: str,
    parameters: Mapping[str, str | None] | None = None,
    *,
    view: str | None = None,
    title: str | None = None,
    **options: Any,
) -> Panel:
    """A panel of a saved question, which is asked when something of the answer is needed."""
    given = {name: value for name, value in (parameters or {}).items() if value}
    bound = live.knowledge().bind(slug, given)
    chosen = view or bound.question.view
    assert chosen in VIEWS, f"{chosen!r} is no view"
    asking.of_page().later(bound)
    return Panel(bound, chosen, title, options.pop("id", slug), options)


def on_a_page(
    slug: str, parameters: Mapping[str, str | None] | None = None, **options: Any
) -> Panel:
    """As :func:`make`, for a page of several panels: a listing stops after ``MOST_ROWS`` rows."""
    made = make(slug, parameters, **options)
    if made.view in LISTING and "limit" not in made.options:
        return replace(made, options={**made.options, "limit": MOST_ROWS})
    return made


def in_full(slug: str, parameters: Mapping[str, str], **options: Any) -> Panel:
    """A question's answer as its own page shows it.

    Rows about one statement read as statements, with all else about them beneath; others
    stand in a table.
    """
    columns = live.service().knowledge.catalogue.get(slug).columns
    words = next((column.name for column in columns if column.kind == "finding"), None)
    if words is None:
        return make(slug, parameters, view="table", mark_thin=True, **options)
    others = [column.name for column in columns if column.name != words]
    return make(slug, parameters, view="list", words=words, head=others[:2], also=others[2:],
                numbered=True, mark_thin=True, **options)  # fmt: skip
