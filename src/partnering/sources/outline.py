"""A source's outline: a hand-written file that says what its sections are and where they begin.

How sections are recognised is data, so that another report needs an outline and no code.
The file is YAML with three parts::

    document:            # what the source says about itself; see Document
      slug: my-report
      prefix: mr
      title: My Report
      creators: [A. Author]
    kinds:               # optional: paragraphs whose kind their form does not tell
      7: running label
    sections:            # in document order
      - id: front-matter
        title: Front matter
        starts: 1                   # a paragraph number: this section has no heading
        kind: title page            # optional: what its paragraphs are, unless form says more
      - id: case-a
        title: "Case A: two hospitals"
        short: Case A               # optional: how labels of what is inside begin
        level: 2                    # optional, 1 by default; it nests in the last lower level
        heading: "Case Study A: …"  # the heading's exact line; ended by an ellipsis, its
        occurrence: 1               # beginning; or its paragraph number. Looked for after the
                                    # heading before, the first occurrence unless told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from partnering import yaml_text
from partnering.errors import Missing, SourceError
from partnering.sources.kinds import kind_of
from partnering.sources.rendition import Paragraph

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*\Z")


@dataclass(frozen=True)
class Document:
    """What the source says about itself; ``note`` tells what it leaves out."""

    slug: str
    prefix: str
    title: str
    subtitle: str | None = None
    edition: str | None = None
    creators: tuple[str, ...] = ()
    publisher: str | None = None
    funder: str | None = None
    language: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class SectionRule:
    """One entry of the outline: a section and how to find where it begins."""

    id: str
    title: str
    short: str
    level: int
    heading: str | int | None
    starts: int | None
    occurrence: int
    kind: str | None


@dataclass(frozen=True)
class Section:
    """A section found in the text. Labels are scoped, since headings recur.

    ``short`` is the label with which those of its paragraphs begin.
    """

    id: str
    label: str
    short: str
    level: int
    order: int
    parent: str | None
    first: int
    has_heading: bool

    @property
    def local_name(self) -> str:
        """Its name behind the source's prefix, safe in Turtle without escapes."""
        return self.name_of(self.id)

    @staticmethod
    def name_of(path: str) -> str:
        return "s." + path.replace("/", ".")


@dataclass(frozen=True)
class Placed:
    """A paragraph in its section; ``index`` counts from 1, the heading included."""

    paragraph: Paragraph
    section: Section
    index: int
    kind: str

    @property
    def label(self) -> str:
        if self.section.has_heading and self.index == 1:
            return f"{self.section.short}, heading"
        return f"{self.section.short}, paragraph {self.index}"


@dataclass(frozen=True)
class Outline:
    """An outline file's content; ``where`` names it in errors."""

    document: Document
    rules: tuple[SectionRule, ...]
    kinds: Mapping[int, str] = field(default_factory=dict)
    where: str = "outline"

    @classmethod
    def read(cls, path: Path) -> Outline:
        """Read an outline file; every fault is a SourceError that names it."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise Missing(f"no outline: {error.strerror}", where=str(path)) from error
        return cls.from_text(text, where=str(path))

    @classmethod
    def from_text(cls, text: str, *, where: str = "outline") -> Outline:
        try:
            content = yaml_text.load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            raise SourceError(f"not YAML: {error}", where=f"{where}{line}") from error
        if not isinstance(content, dict) or not content.get("sections"):
            raise SourceError("an outline needs 'document' and 'sections'", where=where)
        rules = tuple(_rule(entry, where) for entry in content["sections"])
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                raise SourceError(f"section '{rule.id}' is listed twice", where=where)
            seen.add(rule.id)
        return cls(
            _document(content.get("document"), where),
            rules,
            dict(content.get("kinds") or {}),
            where,
        )

    def sections(self, paragraphs: Sequence[Paragraph]) -> list[Section]:
        """Find every section's first paragraph; SourceError when a heading is not there."""
        found: list[Section] = []
        shorts: dict[str, str] = {}
        open_sections: list[Section] = []
        after = 0
        for order, rule in enumerate(self.rules, start=1):
            after = self._beginning(rule, paragraphs, after)
            while open_sections and open_sections[-1].level >= rule.level:
                open_sections.pop()
            above = rule.id.rpartition("/")[0]
            shorts[rule.id] = _scoped(shorts.get(above), rule.short)
            section = Section(
                rule.id,
                _scoped(shorts.get(above), rule.title),
                shorts[rule.id],
                rule.level,
                order,
                open_sections[-1].id if open_sections else None,
                after,
                rule.heading is not None,
            )
            open_sections.append(section)
            found.append(section)
        if found[0].first != 1:
            raise SourceError(
                f"the first section begins at p{found[0].first}: the paragraphs before it are "
                "in no section",
                where=self.where,
                mend="add a section with 'starts: 1'",
            )
        return found

    def place(self, paragraphs: Sequence[Paragraph]) -> list[Placed]:
        """Every paragraph with its section, its index in it and its kind."""
        sections = self.sections(paragraphs)
        rules = {rule.id: rule for rule in self.rules}
        for number in self.kinds:
            if not 1 <= number <= len(paragraphs):
                raise SourceError(f"'kinds' names p{number}, which is not there", where=self.where)
        placed: list[Placed] = []
        for section, following in zip(sections, [*sections[1:], None], strict=True):
            stop = following.first if following else len(paragraphs) + 1
            for index, number in enumerate(range(section.first, stop), start=1):
                kind = self.kinds.get(number) or kind_of(
                    paragraphs,
                    number - 1,
                    heading=section.has_heading and index == 1,
                    default=rules[section.id].kind,
                )
                placed.append(Placed(paragraphs[number - 1], section, index, kind))
        return placed

    def _beginning(self, rule: SectionRule, paragraphs: Sequence[Paragraph], after: int) -> int:
        wanted = rule.starts if rule.starts is not None else rule.heading
        if isinstance(wanted, int):
            if not after < wanted <= len(paragraphs):
                raise SourceError(
                    f"section '{rule.id}' begins at p{wanted}, but must begin after p{after} "
                    f"and not after the last, p{len(paragraphs)}",
                    where=self.where,
                    mend="list sections in document order",
                )
            return wanted
        assert isinstance(wanted, str)
        places = [p.number for p in paragraphs[after:] if _is_heading(wanted, p.text)]
        if len(places) < rule.occurrence:
            raise SourceError(
                f"section '{rule.id}': heading '{wanted}' is not there "
                f"(occurrence {rule.occurrence} after p{after}; seen {len(places)})",
                where=self.where,
                mend="copy the heading's line as it stands in the text, or give its paragraph "
                "number; sections are looked for in document order",
            )
        return places[rule.occurrence - 1]


def _is_heading(wanted: str, text: str) -> bool:
    if wanted.endswith("…"):
        return text.strip().startswith(wanted.removesuffix("…").strip())
    return text.strip() == wanted


def _scoped(above: str | None, title: str) -> str:
    if above is None:
        return title
    second = title[1:2]
    # "Box 1" and "No one type" become "…, box 1" and "…, no one type"; "NHS" stays.
    return f"{above}, {title if second.isupper() else title[:1].lower() + title[1:]}"


def _document(entry: Any, where: str) -> Document:
    if not isinstance(entry, dict):
        raise SourceError("'document' is missing or no mapping", where=where)
    for needed in ("slug", "prefix", "title"):
        if not entry.get(needed):
            raise SourceError(f"'document' needs '{needed}'", where=where)
    entry = dict(entry, creators=tuple(entry.get("creators") or ()))
    try:
        return Document(**entry)
    except TypeError as error:
        raise SourceError(f"'document': {error}", where=where) from error


def _rule(entry: Any, where: str) -> SectionRule:
    known = {"id", "title", "short", "level", "heading", "starts", "occurrence", "kind"}
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise SourceError(f"a section needs an 'id': {entry!r}", where=where)
    name = f"section '{entry['id']}'"
    if unknown := sorted(set(entry) - known):
        raise SourceError(
            f"{name}: unknown key {', '.join(unknown)}",
            where=where,
            mend=f"known are {', '.join(sorted(known))}",
        )
    if not _ID.match(entry["id"]):
        raise SourceError(
            f"{name}: an id is lower-case words joined by '-', parts by '/'", where=where
        )
    if ("heading" in entry) == ("starts" in entry):
        raise SourceError(f"{name} needs either 'heading' or 'starts'", where=where)
    if not isinstance(entry.get("title"), str):
        raise SourceError(f"{name} needs a 'title'", where=where)
    return SectionRule(
        entry["id"],
        entry["title"],
        str(entry.get("short", entry["title"])),
        int(entry.get("level", 1)),
        entry.get("heading"),
        entry.get("starts"),
        int(entry.get("occurrence", 1)),
        entry.get("kind"),
    )
