"""What a paragraph is, told from its form alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partnering.sources.rendition import Paragraph

HEADING = "heading"
BODY = "body"
BULLET = "bullet"
QUOTATION = "quotation"
SPEAKER_LABEL = "speaker label"
TABLE_CELL = "table cell"
TABLE_ITEM = "table item"
CAPTION = "caption"
BLANK = "blank"

_BULLET = re.compile(r"[-*•□◦▪]\s+\S")
_CAPTION = re.compile(r"(?:Table|Diagram|Figure|Chart|Box)\s+\d+\s*[.:]")
_LONGEST_LABEL = 60


def kind_of(
    paragraphs: Sequence[Paragraph], at: int, *, heading: bool = False, default: str | None = None
) -> str:
    """The kind of ``paragraphs[at]``.

    ``heading`` and ``default`` are what the outline knows: that a section begins here,
    and what the paragraphs of this section are (contents lines, references). An
    outline's word is stronger than a tab or a dash, weaker than a blank or a caption.
    """
    paragraph = paragraphs[at]
    text = paragraph.text.strip()
    if not text:
        return BLANK
    if heading:
        return HEADING
    if _CAPTION.match(text) and len(text) <= _LONGEST_LABEL:
        return CAPTION
    if default:
        return default
    if paragraph.part != "line":
        return TABLE_ITEM if paragraph.part == "item" else TABLE_CELL
    if _BULLET.match(text):
        return BULLET
    if _is_label(text) and (before := _neighbour(paragraphs, at, -1)) and _opens(before):
        return SPEAKER_LABEL
    if _opens(text) and (_closes(text) or _is_label(_neighbour(paragraphs, at, 1))):
        return QUOTATION
    return BODY


def _neighbour(paragraphs: Sequence[Paragraph], at: int, step: int) -> str:
    """The text of the next paragraph that is not blank, or nothing at either end."""
    at += step
    while 0 <= at < len(paragraphs) and paragraphs[at].is_blank:
        at += step
    return paragraphs[at].text.strip() if 0 <= at < len(paragraphs) else ""


def _opens(text: str) -> bool:
    return text[:1] in "'\"‘“" and bool(text)


def _closes(text: str) -> bool:
    return text[-1:] in "'\"’”"


def _is_label(text: str) -> bool:
    """Words in capitals and no sentence: who spoke the quotation above."""
    return text.isupper() and len(text) <= _LONGEST_LABEL and text[-1].isalnum()
