"""Small words: counts said in English, and what may go unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

UNSAID = frozenset({"presence-present", "prominence-supporting", "precision-order-only"})
"""Values so usual that a list of statements reads better without them; tables show them."""


def counted(number: int, noun: str) -> str:
    """``one case``, ``12 findings``; ``noun`` is a column's title, such as ``Findings``."""
    one = noun.lower()
    single = one.removesuffix("s") if not one.endswith("ss") else one
    word = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {single if number == 1 else one}"


def capital(text: str) -> str:
    """First letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def cut(text: str, most: int) -> str:
    """The first words of a text, with an ellipsis where some are left out."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + "…"


def thinness(counts: Iterable[tuple[str, list[int]]], rows: int) -> str:
    """How thin an answer is: ``Eight of 11 rows rest on one case; all on one voice``.

    ``counts`` are the numbers in the columns that say what rows rest on, by title.
    """
    parts = []
    for title, numbers in counts:
        alone = sum(number == 1 for number in numbers)
        one = counted(1, title)
        if alone and alone == rows:
            parts.append(f"{'it rests' if rows == 1 else 'every row rests'} on {one}")
        elif alone:
            parts.append(f"{alone} of {rows} rows rest{'s' if alone == 1 else ''} on {one}")
    return capital("; ".join(parts)) + "." if parts else ""


def standing(counts: Mapping[str, int]) -> str:
    """What something rests on, such as ``Two findings by one voice in one case.`` from counts."""
    before = {"Voices": "by ", "Cases": "in "}
    said = [f"{before.get(noun, '')}{counted(number, noun)}" for noun, number in counts.items()]
    return capital(" ".join(said)) + "." if said else ""
