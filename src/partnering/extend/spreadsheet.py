"""A scheme as a spreadsheet, and back without loss.

One row a concept, one column a property; several values are set apart by `` | ``. What does not
fit a plain column, such as a label in another language, has a column of its own under the
property's name, in Turtle's spelling. A cell that a spreadsheet would take for a formula begins
with an apostrophe, which is taken away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from partnering.errors import ReadError, WrongUse
from partnering.extend.scheme import Scheme
from partnering.extend.statements import spelt
from partnering.names import short
from partnering.namespaces import CONCEPT, PREFIXES, PTN


@dataclass(frozen=True)
class Column:
    """A plain column: its heading, its property, and what its cells hold."""

    title: str
    predicate: URIRef
    holds: str
    """``text``, ``texts``, ``concept``, ``concepts``, ``origin``, ``number`` or ``flag``."""


COLUMNS: tuple[Column, ...] = (
    Column("label", SKOS.prefLabel, "text"),
    Column("also called", SKOS.altLabel, "texts"),
    Column("found by", SKOS.hiddenLabel, "texts"),
    Column("definition", SKOS.definition, "text"),
    Column("when to use", SKOS.scopeNote, "text"),
    Column("under", SKOS.broader, "concept"),
    Column("related", SKOS.related, "concepts"),
    Column("rank", PTN.rank, "number"),
    Column("origin", PTN.termOrigin, "origin"),
    Column("deprecated", OWL.deprecated, "flag"),
    Column("replaced by", DCTERMS.isReplacedBy, "concepts"),
    Column("change note", SKOS.changeNote, "text"),
)
NAME = "name"
_GIVEN = (RDF.type, SKOS.inScheme, SKOS.topConceptOf, RDFS.isDefinedBy)
"""Properties that follow from a concept's being a row of its scheme's sheet."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SPLIT = re.compile(r"(?<!\\)\|")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was read: rows by line, cells by heading."""

    path: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def cell(self, row: int, title: str) -> str:
        """A cell as people find it: row 7, column C (definition)."""
        return f"{self.path}: row {row}, column {_letter(self.titles.index(title))} ({title})"


def write(of: Scheme) -> str:
    """The scheme as CSV (RFC 4180) with a heading line; UTF-8 when it is encoded."""
    extra = sorted({URIRef(str(p)) for one in of.files for p, v in of.graph.predicate_objects(one)
                    if not _plain(of, one, URIRef(str(p)), v)})  # fmt: skip
    out = io.StringIO()
    sheet = csv.writer(out)
    titles = [NAME, *(c.title for c in COLUMNS), *(short(str(p)) for p in extra)]
    sheet.writerow(titles)
    for one in of.concepts:
        cells = [of.name(one)]
        cells += [_joined(_shown(of, v) for v in of.graph.objects(one, c.predicate)
                          if _plain(of, one, c.predicate, v)) for c in COLUMNS]  # fmt: skip
        cells += [_joined(spelt(v, PREFIXES) for v in of.graph.objects(one, p)
                          if not _plain(of, one, URIRef(str(p)), v)) for p in extra]  # fmt: skip
        sheet.writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _plain(of: Scheme, one: URIRef, predicate: URIRef, value: Node) -> bool:
    """Whether a value can be said in a plain column."""
    if predicate in (RDF.type, SKOS.inScheme, RDFS.isDefinedBy):
        return value == {RDF.type: SKOS.Concept}.get(predicate, of.iri)
    if predicate == SKOS.topConceptOf:
        return value == of.iri and (one, SKOS.broader, None) not in of.graph
    column = next((c for c in COLUMNS if c.predicate == predicate), None)
    if column is None:
        return False
    if column.holds in ("concept", "concepts", "origin"):
        return str(value).startswith(str(CONCEPT))
    if column.holds == "number":
        return value == Literal(of.rank(one)) and of.rank(one) > 0
    if column.holds == "flag":
        return value == Literal(True)
    if "\r" in str(value) or str(value) != str(value).strip() or not str(value):
        return False
    several = len(list(of.graph.objects(one, predicate))) > 1
    return (
        isinstance(value, Literal) and value.language == "en-GB"
        and not (several and column.holds == "text")
    )  # fmt: skip


def _shown(of: Scheme, value: Node) -> str:
    if isinstance(value, URIRef):
        return of.name(value).removeprefix("origin-")
    return "yes" if value == Literal(True) else str(value)


def _joined(values: Iterable[str]) -> str:
    return " | ".join(sorted(v.replace("\\", "\\\\").replace("|", "\\|") for v in values))


def _parted(cell: str) -> list[str]:
    parts = (part.strip() for part in _SPLIT.split(cell.replace("\\\\", "\0")))
    return [p.replace("\\|", "|").replace("\0", "\\") for p in parts if p]


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read(path: Path) -> Sheet:
    """A CSV file as a sheet; commas, semicolons or tabs, a byte-order mark or none.

    Raises ``ReadError`` where it is no UTF-8 or has no heading line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ReadError(
            "This is not UTF-8: a spreadsheet wrote it in its own encoding.",
            where=f"{path}:{line}",
            mend="save it again as 'CSV UTF-8'",
        ) from error
    first = text.partition("\n")[0].strip()
    skipped = 0
    if re.fullmatch(r"sep=.", first):
        text, skipped, first = text.partition("\n")[2], 1, text.split("\n")[1]
    mark = max(",;\t", key=first.count)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    titles = tuple(cell.strip().casefold() if ":" not in cell else cell.strip()
                   for cell in (lines[0] if lines else ()))  # fmt: skip
    if NAME not in titles:
        raise ReadError(
            f"There is no column {NAME!r} in the first line.",
            where=f"{path}: row 1",
            mend="begin with a sheet that 'partnering vocab export' wrote",
        )
    rows = []
    for number, cells in enumerate(lines[1:], start=2 + skipped):
        if any(cell.strip() for cell in cells):
            held = [_bare(cell.replace("\r\n", "\n").strip()) for cell in cells]
            if len(held) > len(titles):
                raise ReadError(
                    f"This row has {len(held)} cells, the first line {len(titles)}.",
                    where=f"{path}: row {number}",
                    mend="a cell that holds the separator needs quotation marks around it",
                )
            held += [""] * (len(titles) - len(held))
            rows.append((number, dict(zip(titles, held, strict=True))))
    return Sheet(path.name, titles, tuple(rows))


@dataclass(frozen=True)
class Meant:
    """What a sheet says: of every concept in it, the values of every property it has a column for.

    ``new`` are those that the scheme does not hold yet.
    """

    values: Mapping[URIRef, Mapping[URIRef, tuple[Node, ...]]]
    new: tuple[URIRef, ...]
    left_out: tuple[URIRef, ...]


def meant(sheet: Sheet, of: Scheme, origins: Sequence[str]) -> Meant:
    """What a sheet means for a scheme; ``WrongUse`` lists every cell that does not hold."""
    reader = _Reader(sheet, of, tuple(origins))
    values = reader.values()
    if reader.faults:
        raise WrongUse(
            f"Nothing was written; cells that do not hold: {len(reader.faults)}\n"
            + "\n".join(reader.faults),
        )
    new = tuple(one for one in values if one not in of.files)
    return Meant(values, new, tuple(one for one in of.concepts if one not in values))


class _Reader:
    """Reads the cells of one sheet against one scheme, and collects what is wrong."""

    def __init__(self, sheet: Sheet, of: Scheme, origins: tuple[str, ...]) -> None:
        self.sheet, self.of, self.origins = sheet, of, origins
        self.faults: list[str] = []
        self.names: dict[str, int] = {}
        self.plain = {column.title: column for column in COLUMNS}
        self.extra: dict[str, URIRef] = {}

    def fault(self, row: int, title: str, what: str, mend: str) -> None:
        self.faults.append(f"{self.sheet.cell(row, title)}: {what}\n    To mend: {mend}")

    def values(self) -> dict[URIRef, dict[URIRef, tuple[Node, ...]]]:
        self._titles()
        for row, cells in self.sheet.rows:
            self._name(row, cells[NAME])
        found: dict[URIRef, dict[URIRef, tuple[Node, ...]]] = {}
        rows: dict[URIRef, int] = {}
        for row, cells in self.sheet.rows:
            iri = CONCEPT[cells[NAME].removeprefix("concept:")]
            rows[iri] = row
            found[iri] = self._row(row, cells, iri)
        if not self.faults:
            self._together(found, rows)
        return found

    def _titles(self) -> None:
        for at, title in enumerate(self.sheet.titles):
            if title == NAME or title in self.plain:
                if self.sheet.titles.index(title) != at:
                    self.fault(1, title, "this column is there twice", "keep one of them")
                continue
            prefix, colon, local = title.partition(":")
            if colon and prefix in PREFIXES:
                self.extra[title] = URIRef(PREFIXES[prefix] + local)
            else:
                near = get_close_matches(title, [NAME, *self.plain], n=1)
                self.fault(1, title, f"{title!r} is no column of a scheme",
                           f"did you mean {near[0]!r}?" if near else "take it out, or name the"
                           f" columns {', '.join([NAME, *self.plain])}")  # fmt: skip

    def _name(self, row: int, name: str) -> None:
        name = name.removeprefix("concept:")
        start = f"{self.of.notation}-"
        if not name.startswith(start) or not _NAME.match(name):
            mend = f"write lower-case words with hyphens that begin with {start!r}"
            self.fault(row, NAME, f"{name!r} cannot be a concept's name", mend)
        elif name in self.names:
            self.fault(row, NAME, f"{name!r} stands in row {self.names[name]} too",
                       "keep one row for each concept")  # fmt: skip
        self.names.setdefault(name, row)

    def _row(
        self, row: int, cells: Mapping[str, str], iri: URIRef
    ) -> dict[URIRef, tuple[Node, ...]]:
        held: dict[URIRef, list[Node]] = {}
        for title, cell in cells.items():
            if title in self.plain:
                column = self.plain[title]
                held.setdefault(column.predicate, []).extend(self._cell(row, column, cell))
            elif title in self.extra:
                held.setdefault(self.extra[title], []).extend(self._terms(row, title, cell))
        new = iri not in self.of.files
        if (new or SKOS.prefLabel in held) and not held.get(SKOS.prefLabel):
            title = "label" if "label" in self.sheet.titles else NAME
            self.fault(row, title, "a concept needs a label", "write one, in lower case")
        if new:
            held.setdefault(PTN.termOrigin, [])
            held[PTN.termOrigin] = held[PTN.termOrigin] or [CONCEPT["origin-coder"]]
        if new or SKOS.broader in held or SKOS.topConceptOf in held:
            top = held.setdefault(SKOS.topConceptOf, [])
            if not held.get(SKOS.broader) and not top:
                top.append(self.of.iri)
        return {predicate: tuple(values) for predicate, values in held.items()}

    def _cell(self, row: int, column: Column, cell: str) -> list[Node]:
        if not cell:
            return []
        if column.holds == "text":
            # A text is never parted: a bar in it is a bar.
            text = cell.replace("\\\\", "\0").replace("\\|", "|").replace("\0", "\\")
            return [Literal(text, lang="en-GB")]
        if column.holds == "texts":
            return [Literal(part, lang="en-GB") for part in _parted(cell)]
        if column.holds == "number":
            if not re.fullmatch(r"[1-9]\d*", cell):
                self.fault(row, column.title, f"{cell!r} is no whole number from 1",
                           "write digits, or leave it empty for the next free one")  # fmt: skip
                return []
            return [Literal(int(cell))]
        if column.holds == "flag":
            if cell.casefold() not in ("yes", "no", "true", "false"):
                self.fault(row, column.title, f"{cell!r} is neither yes nor no",
                           "write yes, or leave it empty")  # fmt: skip
            return [Literal(True)] if cell.casefold() in ("yes", "true") else []
        if column.holds == "origin":
            if cell not in self.origins:
                self.fault(row, column.title, f"{cell!r} is no origin",
                           f"write {' or '.join(self.origins)}")  # fmt: skip
            return [CONCEPT[f"origin-{cell}"]]
        return self._concepts(row, column, cell)

    def _concepts(self, row: int, column: Column, cell: str) -> list[Node]:
        found: list[Node] = []
        known = {*self.names, *(self.of.name(one) for one in self.of.files)}
        parts = _parted(cell)
        if column.holds == "concept" and len(parts) > 1:
            self.fault(row, column.title, f"{len(parts)} concepts stand here, and one may",
                       "keep one, and put the others under 'related'")  # fmt: skip
        for part in parts:
            name = part.removeprefix("concept:")
            if name not in known:
                near = get_close_matches(name, known, n=2)
                self.fault(row, column.title, f"{name!r} is no concept of the scheme",
                           f"did you mean {' or '.join(near)}?" if near
                           else "write the name of a row")  # fmt: skip
            found.append(CONCEPT[name])
        return found

    def _terms(self, row: int, title: str, cell: str) -> list[Node]:
        found: list[Node] = []
        for part in _parted(cell):
            head = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
            try:
                graph = Graph().parse(data=f"{head}<x:s> <x:p> {part} .", format="turtle")
                found += graph.objects(URIRef("x:s"))
            except Exception:  # rdflib's parsers raise many kinds
                mend = 'write "words"@en-GB, a number or a name such as concept:factor-trust'
                self.fault(row, title, f"{part!r} is no term as Turtle writes them", mend)
        return found

    def _together(
        self, found: dict[URIRef, dict[URIRef, tuple[Node, ...]]], rows: Mapping[URIRef, int]
    ) -> None:
        """Faults between rows: labels and ranks taken twice, circles; ranks for the new."""
        self._labels(found, rows)
        ranks: dict[int, str] = {
            self.of.rank(one): self.of.name(one) for one in self.of.files
            if one not in found or PTN.rank not in found[one]
        }  # fmt: skip
        for one, held in found.items():
            for rank in held.get(PTN.rank, ()):
                if (other := ranks.setdefault(int(str(rank)), self.of.name(one))) != self.of.name(
                    one
                ):
                    self.fault(rows[one], "rank", f"{rank} is the rank of {other!r} too",
                               "number the concepts in one sequence")  # fmt: skip
        highest = max(ranks, default=0)
        for one, held in found.items():
            if not held.get(PTN.rank) and (one not in self.of.files or PTN.rank in held):
                highest += 1
                held[PTN.rank] = (Literal(highest),)
        above = {one: self.of.graph.value(one, SKOS.broader) for one in self.of.files}
        above |= {one: next(iter(held[SKOS.broader]), None)
                  for one, held in found.items() if SKOS.broader in held}  # fmt: skip
        for one in found:
            seen, at = {one}, above.get(one)
            while at is not None and at not in seen:
                seen.add(URIRef(str(at)))
                at = above.get(URIRef(str(at)))
            if at == one:
                self.fault(rows[one], "under", f"{self.of.name(one)!r} stands below itself",
                           "put one of the circle elsewhere")  # fmt: skip

    def _labels(
        self, found: Mapping[URIRef, Mapping[URIRef, tuple[Node, ...]]], rows: Mapping[URIRef, int]
    ) -> None:
        taken: dict[str, URIRef] = {}
        for one in self.of.files:
            if SKOS.prefLabel not in found.get(one, {}):
                taken[self.of.text(one, SKOS.prefLabel).casefold()] = one
        for one, held in found.items():
            for label in held.get(SKOS.prefLabel, ()):
                other = taken.setdefault(str(label).casefold(), one)
                if other != one:
                    where = f" (row {rows[other]})" if other in rows else ""
                    self.fault(rows[one], "label", f"{str(label)!r} is the label of"
                               f" {self.of.name(other)!r}{where} too",
                               "tell the two apart, or make them one")  # fmt: skip


def _letter(at: int) -> str:
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
