"""Narrowing a list by what stands in its columns: what can be chosen, and how many each choice leaves.

The state is the address: ``/cases?nature=mandated&strict=met``. Counts are of what would remain
with the other choices as they are, so that none leads to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask, request
from partnering.webui import live
from partnering.webui.showing.panels import Panel
from partnering.webui.showing.rows import Cell

from partnering.errors import WrongUse

AT_ONCE = 40
"""Things that stand on one page."""


@dataclass
class Column:
    """What one column, or one of a split column's values, says of each thing."""

    name: str
    title: str
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, thing: str, cell: Cell) -> None:
        """One more value of a thing, by the short name it has in an address."""
        if cell:
            choice = live.knowledge().vocabulary.concept(cell.iri)
            name = choice.name if choice else cell.key or cell.text
            self.values.setdefault(thing, {})[name] = cell.text

    @property
    def labels(self) -> dict[str, str]:
        return {name: text for held in self.values.values() for name, text in held.items()}


@dataclass(frozen=True)
class Offer:
    """A value that can be chosen, how many things it leaves, and the address that chooses it."""

    text: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A column to narrow by, with its offers; ``any`` is the address without it."""

    title: str
    offers: tuple[Offer, ...]
    any: str
    chosen: bool


@dataclass(frozen=True)
class Narrowed:
    """What is left of all things, the part of it on this page, and what can be chosen."""

    left: tuple[str, ...]
    total: int
    facets: tuple[Facet, ...]
    page: int

    @property
    def chosen(self) -> list[str]:
        """What the list is narrowed to, in words."""
        return [offer.text for facet in self.facets for offer in facet.offers if offer.chosen]

    @property
    def here(self) -> tuple[str, ...]:
        return self.left[(self.page - 1) * AT_ONCE : self.page * AT_ONCE]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.left) // AT_ONCE))

    @property
    def further(self) -> str:
        """Address of the next page."""
        return f"{request.path}?{urlencode({**request.args.to_dict(), 'page': self.page + 1})}"


def narrow(
    thing: str,
    panel: Panel,
    names: Sequence[str],
    split: tuple[Panel, str, str] | None = None,
) -> Narrowed:
    """Things of a column as the address narrows them.

    ``names`` are columns to narrow by. ``split`` is a panel whose second-named column gives a
    facet for each value, offering what stands in the third: a verdict for each rule.
    """
    things = list(dict.fromkeys(row[thing].iri for row in panel.rows))
    columns = [Column(c.name, c.title) for c in panel.question.columns if c.name in names]
    for row in panel.rows:
        for column in columns:
            column.add(row[thing].iri, row[column.name])
    if split:
        other, by, value = split
        extra: dict[str, Column] = {}
        for row in other.rows:
            rule = row[by]
            made = extra.setdefault(rule.key, Column(rule.key, f"By the rule “{rule.text}”"))
            made.add(row[thing].iri, row[value])
        columns += extra.values()
    asked = {column.name: _asked(column) for column in columns}

    def left(without: str = "") -> list[str]:
        kept = {name: value for name, value in asked.items() if value and name != without}
        return [one for one in things if all(
            value in column.values.get(one, {})
            for column in columns if (value := kept.get(column.name)))]  # fmt: skip

    facets = tuple(_facet(column, left(column.name), asked) for column in columns)
    page = request.args.get("page", "1")
    found = tuple(left())
    return Narrowed(found, len(things), tuple(f for f in facets if f.offers),
                    max(1, int(page)) if page.isascii() and page.isdigit() else 1)  # fmt: skip


def _asked(column: Column) -> str:
    value = request.args.get(column.name, "")
    if value and value not in column.labels:
        raise WrongUse(
            f"{column.name}={value!r} is said of nothing here.",
            mend=f"choose from {', '.join(sorted(column.labels))}",
        )
    return value


def _facet(column: Column, left: Iterable[str], asked: dict[str, str]) -> Facet:
    counts: dict[str, int] = {}
    for one in left:
        for name in column.values.get(one, {}):
            counts[name] = counts.get(name, 0) + 1
    chosen = asked[column.name]
    offers = tuple(
        Offer(text, counts[name], _address({**asked, column.name: name}), name == chosen)
        for name, text in column.labels.items() if name in counts
    )  # fmt: skip
    return Facet(column.title, offers, _address({**asked, column.name: ""}), bool(chosen))


def _address(asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return request.path + (f"?{urlencode(kept)}" if kept else "")


def register(app: Flask) -> None:
    """Give templates their facets."""
    app.jinja_env.globals.update(narrow=narrow)
