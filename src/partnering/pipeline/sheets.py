"""What an index is made of: for each slice its graphs, listed on sheets.

To read and write one list of fifty thousand graphs takes longer than to check a case. It is
kept on so many sheets, each a file named after its bytes: an edit writes the sheets anew that
its slices stand on, and whoever compares two indexes reads only those in which they differ.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from partnering import reading, slices
from partnering.checking.problems import Problem
from partnering.errors import ReadError

COUNT = 64
"""Sheets of every index, however small: where a slice stands depends on its name alone."""
SHEETS = "sheets"


class Part(NamedTuple):
    """One named graph of an index: its file, relative to the cache, and its contents' digest."""

    graph: str
    file: str
    digest: str
    quads: int


class Done(NamedTuple):
    """One slice brought up to date: under which key, its graphs, and what the gates remarked."""

    key: str
    parts: tuple[Part, ...]
    remarks: tuple[Problem, ...] = ()


class Sheet(NamedTuple):
    """What an index says of one sheet: its file, a digest of its graphs, and how much stands on it."""

    name: str
    contents: str
    slices: int
    graphs: int
    quads: int
    remarks: int


_BLANK = Sheet("", "", 0, 0, 0, 0)


class Sheets(Mapping[str, Done]):
    """Slices by name; a sheet is read when somebody asks for a slice on it."""

    def __init__(self, cache: Path, listed: Iterable[Sheet] = (_BLANK,) * COUNT) -> None:
        self.listed = tuple(listed)
        self._folder = cache / SHEETS
        self._read: dict[str, dict[str, Done]] = {"": {}}
        self._unsaved: dict[str, str] = {}

    @classmethod
    def unwritten(cls, parts: Iterable[Part]) -> Sheets:
        """Graphs of no slices, on no file: of an index that lies elsewhere."""
        held = {"": Done("", tuple(parts))}
        found = cls(Path(), (_told_of("unwritten", held), *(_BLANK,) * (COUNT - 1)))
        found._read["unwritten"] = held
        return found

    @property
    def graphs(self) -> int:
        """How many there are in all."""
        return sum(sheet.graphs for sheet in self.listed)

    @property
    def quads(self) -> int:
        """How many there are in all."""
        return sum(sheet.quads for sheet in self.listed)

    @property
    def contents(self) -> str:
        """Digest of all that is in the graphs."""
        return slices.combine(sheet.contents for sheet in self.listed)

    @property
    def remarked(self) -> Iterator[tuple[str, Done]]:
        """Slices on sheets with a remark of the gates."""
        for sheet in self.listed:
            if sheet.remarks:
                yield from self._on(sheet).items()

    def __getitem__(self, name: str) -> Done:
        return self._on(self.listed[_place(name)])[name]

    def __iter__(self) -> Iterator[str]:
        for sheet in self.listed:
            yield from self._on(sheet)

    def __len__(self) -> int:
        return sum(sheet.slices for sheet in self.listed)

    def replaced(self, done: Mapping[str, Done], gone: Iterable[str] = ()) -> Sheets:
        """With some slices as they are done now and some gone; :meth:`save` writes down what is new."""
        touched: dict[int, dict[str, Done]] = {}
        for name in (*done, *gone):
            place = _place(name)
            held = touched.setdefault(place, dict(self._on(self.listed[place])))
            held.pop(name, None)
            if name in done:
                held[name] = done[name]
        listed = list(self.listed)
        found = Sheets(self._folder.parent)
        found._read, found._unsaved = dict(self._read), dict(self._unsaved)
        for place, held in touched.items():
            listed[place] = found._add(held)
        found.listed = tuple(listed)
        return found

    def save(self) -> None:
        """Write down the sheets that are not on file yet."""
        for sheet in self.listed:
            if sheet.name in self._unsaved and not self.path(sheet).exists():
                reading.write_lines(self.path(sheet), [self._unsaved[sheet.name]])
        self._unsaved.clear()

    def without(self, other: Sheets) -> frozenset[Part]:
        """Graphs that stand here and not there, as they stand here."""
        found: set[Part] = set()
        for mine, its in zip(self.listed, other.listed, strict=True):
            if mine.name != its.name:
                found |= _parts(self._on(mine)) - _parts(other._on(its))
        return frozenset(found)

    def hold(self, other: Sheets | None = None) -> None:
        """Have all of it in memory, for a later build may delete the files.

        Sheets that are on ``other`` too are taken over from there.
        """
        for sheet in self.listed:
            if other is not None and sheet.name in other._read:
                self._read.setdefault(sheet.name, other._read[sheet.name])
            self._on(sheet)

    @property
    def lost(self) -> Path | None:
        """A sheet whose file is not there, if there is one."""
        paths = (self.path(sheet) for sheet in self.listed if sheet.name not in self._read)
        return next((path for path in paths if not path.exists()), None)

    def path(self, sheet: Sheet) -> Path:
        """The file of a sheet."""
        return self._folder / f"{sheet.name}.json"

    def _on(self, sheet: Sheet) -> dict[str, Done]:
        if sheet.name not in self._read:
            path = self.path(sheet)
            try:
                told = json.loads(path.read_text("utf-8"))
                self._read[sheet.name] = {name: _done(*one) for name, one in told.items()}
            except (OSError, ValueError, TypeError, AttributeError) as error:
                raise ReadError(
                    f"A sheet of the index does not read: {error}",
                    where=str(path),
                    mend="delete the file and build again: partnering build",
                ) from error
        return self._read[sheet.name]

    def _add(self, held: dict[str, Done]) -> Sheet:
        if not held:
            return _BLANK
        told = json.dumps({name: _told(held[name]) for name in sorted(held)})
        sheet = _told_of(hashlib.sha256(told.encode()).hexdigest()[:32], held)
        self._read[sheet.name] = held
        self._unsaved[sheet.name] = told
        return sheet


def _told_of(name: str, held: Mapping[str, Done]) -> Sheet:
    parts = sorted(_parts(held))
    return Sheet(
        name,
        slices.combine(f"{part.graph} {part.digest}" for part in parts),
        len(held),
        len(parts),
        sum(part.quads for part in parts),
        sum(len(one.remarks) for one in held.values()),
    )


def _place(name: str) -> int:
    return zlib.crc32(name.encode()) % COUNT


def _parts(held: Mapping[str, Done]) -> frozenset[Part]:
    return frozenset(part for one in held.values() for part in one.parts)


def _told(one: Done) -> tuple[Any, ...]:
    return one.key, one.parts, [asdict(problem) for problem in one.remarks]


def _done(key: str, parts: list[list[Any]], remarks: list[dict[str, Any]]) -> Done:
    return Done(key, tuple(Part(*part) for part in parts), tuple(Problem(**one) for one in remarks))
