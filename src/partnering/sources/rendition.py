"""The text of a source, normalised once, and the numbered paragraphs it falls into.

Offsets everywhere in this package are Unicode code points, end exclusive.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

from partnering.errors import Missing, SourceError

NORMALISATION = "UTF-8 decoded, line ends LF, Unicode NFC, nothing else"

Part = Literal["line", "cell", "item"]

_ITEM = re.compile(r"<p>(.*?)</p>")
_TAG = r"</?(?:p|i|b|em|strong|u|sub|sup|span)>"
_OPENING_TAGS = re.compile(rf"(?:{_TAG})+")
_CLOSING_TAGS = re.compile(rf"(?:{_TAG})+\Z")


def digest_of(text: str) -> str:
    """SHA-256 of the text in UTF-8, lower-case hex."""
    return sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Rendition:
    """A source's text after normalisation; ``digest`` identifies it."""

    text: str
    digest: str

    @classmethod
    def from_text(cls, text: str) -> Rendition:
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        return cls(text, digest_of(text))

    @classmethod
    def from_bytes(cls, data: bytes, *, where: str | None = None) -> Rendition:
        """Decode and normalise; a byte-order mark belongs to the encoding, not to the text.

        Raises SourceError where the bytes are no UTF-8 or hold no text.
        """
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SourceError(
                f"byte {data[error.start]:#04x} at {error.start} (line {line}) is not UTF-8",
                where=f"{where}:{line}" if where else None,
                mend="save the text as UTF-8; a PDF or word-processor file must be made text first",
            ) from error
        if not text.strip():
            raise SourceError("the source holds no text", where=where)
        return cls.from_text(text)

    @classmethod
    def from_file(cls, path: Path) -> Rendition:
        """Read a file; raises Missing when it is not there."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Missing(
                f"the source text cannot be read: {error.strerror}",
                where=str(path),
                mend="give the path of your copy of the source",
            ) from error
        return cls.from_bytes(data, where=str(path))


@dataclass(frozen=True)
class Paragraph:
    """One numbered piece of the rendition.

    ``start`` is the offset in the document, ``line`` the line it stands on (from 1),
    ``part`` whether it is that whole line, one cell of it, or one item of a cell.
    """

    number: int
    start: int
    text: str
    line: int
    part: Part

    @property
    def length(self) -> int:
        return len(self.text)

    @cached_property
    def digest(self) -> str:
        return digest_of(self.text)

    @property
    def is_blank(self) -> bool:
        """White space alone: a line that is not empty but looks so."""
        return not self.text.strip()


def paragraphs(rendition: Rendition) -> list[Paragraph]:
    """All paragraphs in document order, numbered from 1.

    A paragraph is a non-empty line; a line with tabs is split into its cells, a cell
    with ``<p>`` items into those; markup at its edges is outside it. Nothing but
    tabs, line ends, empty pieces and such markup is left out.
    """
    found: list[Paragraph] = []
    offset = 0
    for number, line in enumerate(rendition.text.split("\n"), start=1):
        for start, end, part in _pieces(line):
            text = line[start:end]
            found.append(Paragraph(len(found) + 1, offset + start, text, number, part))
        offset += len(line) + 1
    return found


def _pieces(line: str) -> Iterator[tuple[int, int, Part]]:
    whole: Part = "cell" if "\t" in line else "line"
    start = 0
    for cell in line.split("\t"):
        for first, last, part in _items(cell, whole):
            first, last = _without_tags(cell, first, last)
            if first < last:
                yield start + first, start + last, part
        start += len(cell) + 1


def _items(cell: str, whole: Part) -> Iterator[tuple[int, int, Part]]:
    items = list(_ITEM.finditer(cell))
    if not items:
        yield 0, len(cell), whole
        return
    behind = 0
    for item in items:
        if cell[behind : item.start()].strip():
            yield behind, item.start(), whole
        yield item.start(1), item.end(1), "item"
        behind = item.end()
    if cell[behind:].strip():
        yield behind, len(cell), whole


def _without_tags(cell: str, start: int, end: int) -> tuple[int, int]:
    if opening := _OPENING_TAGS.match(cell, start, end):
        start = opening.end()
    if closing := _CLOSING_TAGS.search(cell, start, end):
        end = closing.start()
    return start, end
