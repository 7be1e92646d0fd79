"""Anchors: IRIs that say which words of which paragraph, and how to find the words.

``pfi:p152.10-40`` is the span of paragraph 152 from code point 10 up to, not including, 40.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from partnering.errors import SourceError
from partnering.sources.rendition import Paragraph, digest_of

_LOCAL = re.compile(r"p([1-9]\d*)\.(0|[1-9]\d*)-([1-9]\d*)\Z")
_PICK = re.compile(r"\s*p([1-9]\d*)\s*:\s*(?=\S)")
_ELLIPSIS = re.compile(r"\s(?:…|\.\.\.)\s")
_MARKS = {ord(mark): "'" for mark in '‘’“”"\u201a\u201b\u201e\u201f'}
_WIDEST_CANDIDATE = 120


@dataclass(frozen=True, order=True)
class Anchor:
    """A span of a paragraph in code points, end exclusive."""

    paragraph: int
    start: int
    end: int

    @property
    def local_name(self) -> str:
        return f"p{self.paragraph}.{self.start}-{self.end}"

    @classmethod
    def parse(cls, name: str) -> Anchor | None:
        """Read the last part of an anchor's IRI, or of its prefixed name; None if it is none."""
        match = _LOCAL.match(re.split(r"[/#:]", name)[-1])
        if match is None:
            return None
        anchor = cls(*(int(part) for part in match.groups()))
        return anchor if anchor.start < anchor.end else None

    def passage(self, paragraphs: Sequence[Paragraph]) -> str | None:
        """The words it names, or None when it lies outside the text."""
        if self.paragraph > len(paragraphs):
            return None
        text = paragraphs[self.paragraph - 1].text
        return text[self.start : self.end] if self.end <= len(text) else None

    def reach(self, paragraphs: Sequence[Paragraph]) -> str:
        """How far the text goes where it ends before the anchor does."""
        if self.paragraph > len(paragraphs):
            return f"it has {len(paragraphs)} paragraphs"
        return f"p{self.paragraph} has {len(paragraphs[self.paragraph - 1].text)} characters"

    def digest(self, paragraphs: Sequence[Paragraph]) -> str:
        """SHA-256 of its passage; SourceError when it lies outside the text."""
        passage = self.passage(paragraphs)
        if passage is None:
            raise SourceError(f"{self.local_name} lies outside the text")
        return digest_of(passage)


class NotLocated(SourceError):
    """A quotation is not in the text, or not in one place only.

    ``candidates`` are the nearest passages, or all the places, as ``p152: words``.
    """

    def __init__(self, message: str, *, candidates: Sequence[str], mend: str) -> None:
        super().__init__(message, mend=mend)
        self.candidates = tuple(candidates)


def locate_all(quote: str, paragraphs: Sequence[Paragraph]) -> list[Anchor]:
    """Every place where the quotation stands, whole words only, in document order.

    ``p152: words`` looks in one paragraph; ``first … last`` spans from the first words
    to the last within one paragraph. Curly and straight quotation marks and runs of
    white space are alike; letters, case and other punctuation are not.
    """
    pick = _PICK.match(quote)
    if pick:
        quote = quote[pick.end() :]
        paragraphs = [p for p in paragraphs if p.number == int(pick.group(1))]
    if not quote.strip():
        return []
    if found := list(_spans([quote], paragraphs)):
        return found
    ends = _ELLIPSIS.split(quote.strip())
    return list(_spans(ends, paragraphs)) if len(ends) == 2 else []


def locate(quote: str, paragraphs: Sequence[Paragraph]) -> Anchor:
    """The one place where the quotation stands; NotLocated when there is none or several."""
    found = locate_all(quote, paragraphs)
    if len(found) == 1:
        return found[0]
    if found:
        raise NotLocated(
            f"stands in {len(found)} places: {_short(quote)}",
            candidates=[_excerpt(anchor, paragraphs) for anchor in found],
            mend="quote more words"
            + ("" if _PICK.match(quote) else f', or pick a paragraph: "p{found[0].paragraph}: …"'),
        )
    # Of a span it is told which of its ends is not there.
    missing = [end for end in _ELLIPSIS.split(quote) if not locate_all(end, paragraphs)]
    sought = missing[0] if missing else quote
    raise NotLocated(
        f"is not in the source, word for word: {_short(sought)}",
        candidates=nearest(sought, paragraphs),
        mend='copy the words from the source; for a long span give its ends: "first … last"',
    )


def nearest(quote: str, paragraphs: Sequence[Paragraph], *, count: int = 3) -> list[str]:
    """The passages most like the quotation, best first, as ``p152: words``."""
    wanted = _words(_PICK.sub("", quote, count=1))
    if not wanted:
        return []
    sought = Counter(wanted)
    likely = sorted(
        paragraphs, key=lambda p: sum((Counter(_words(p.text)) & sought).values()), reverse=True
    )[: 4 * count]
    scored: list[tuple[float, str]] = []
    for paragraph in likely:
        places = list(re.finditer(r"\S+", paragraph.text))
        best = (0.0, "")
        for at in range(max(1, len(places) - len(wanted) + 1)):
            window = places[at : at + len(wanted)]
            if not window:
                continue
            passage = paragraph.text[window[0].start() : window[-1].end()]
            ratio = SequenceMatcher(None, wanted, _words(passage), autojunk=False).ratio()
            best = max(best, (ratio, f"p{paragraph.number}: {_cut(passage)}"))
        scored.append(best)
    scored.sort(key=lambda pair: -pair[0])
    return [shown for ratio, shown in scored[:count] if ratio > 0.3]


def _spans(parts: Sequence[str], paragraphs: Sequence[Paragraph]) -> Iterator[Anchor]:
    """Places of one part; of two parts, every span from the first to the second."""
    patterns = [_pattern(part) for part in parts]
    for paragraph in paragraphs:
        text = paragraph.text.translate(_MARKS)
        for first in patterns[0].finditer(text):
            start, end = first.span(1)
            if len(patterns) == 1:
                yield Anchor(paragraph.number, start, end)
                continue
            for last in patterns[1].finditer(text, end):
                yield Anchor(paragraph.number, start, last.end(1))


def _pattern(quote: str) -> re.Pattern[str]:
    words = unicodedata.normalize("NFC", quote).translate(_MARKS).split()
    body = r"\s+".join(re.escape(word) for word in words)
    before = r"(?<!\w)" if words[0][0].isalnum() else ""
    after = r"(?!\w)" if words[-1][-1].isalnum() else ""
    # Looking ahead lets places that overlap be seen as the several places they are.
    return re.compile(rf"{before}(?=({body}){after})")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.translate(_MARKS).casefold())


def _excerpt(anchor: Anchor, paragraphs: Sequence[Paragraph]) -> str:
    by_number = {paragraph.number: paragraph for paragraph in paragraphs}
    text = by_number[anchor.paragraph].text
    around = text[max(0, anchor.start - 30) : anchor.end + 30].strip()
    return f"p{anchor.paragraph} from {anchor.start}: {_cut(around)}"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST_CANDIDATE else text[: _WIDEST_CANDIDATE - 1] + "…"


def _short(quote: str) -> str:
    return f"'{_cut(quote)}'"
