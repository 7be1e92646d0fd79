"""Words that nobody used: the ones that were probably meant.

Every word of the texts is kept with the pairs of letters it is made of; the words that share
most pairs with an unknown one are compared with it letter by letter.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter

LAYOUT = """
CREATE TABLE words (word TEXT PRIMARY KEY, texts INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pairs (pair TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (pair, word)) WITHOUT ROWID;
"""
_WORD = re.compile(r"[^\W\d_]{3,24}")
_COMPARED = 60


def words(text: str) -> set[str]:
    """The words of a text that a reader might misspell, in small letters, each once."""
    return {word.casefold() for word in _WORD.findall(text)}


def pairs(word: str) -> list[str]:
    """Neighbouring letters, the word's ends among them: ``^t tr ru us st t$``."""
    framed = f"^{word}$"
    return [framed[at : at + 2] for at in range(len(framed) - 1)]


def count(held: sqlite3.Connection, changed: Counter[str]) -> None:
    """Add to (or take from) the number of texts that each word stands in."""
    held.executemany(
        "INSERT INTO words VALUES (?, ?)"
        " ON CONFLICT (word) DO UPDATE SET texts = texts + excluded.texts",
        [(word, number) for word, number in sorted(changed.items()) if number],
    )
    held.executemany(
        "INSERT OR IGNORE INTO pairs VALUES (?, ?)",
        [(pair, word) for word, number in changed.items() if number > 0 for pair in pairs(word)],
    )


def near(held: sqlite3.Connection, word: str, most: int = 3) -> list[str]:
    """Words of the texts that differ from ``word`` by little, the likeliest first."""
    wanted = word.casefold()
    allowed = 1 if len(wanted) < 6 else 2 if len(wanted) < 10 else 3
    listed = sorted(set(pairs(wanted)))
    rows = held.execute(
        f"SELECT p.word, w.texts FROM pairs p JOIN words w USING (word)"
        f" WHERE p.pair IN ({', '.join('?' * len(listed))}) AND w.texts > 0"
        f" AND length(p.word) BETWEEN ? AND ?"
        f" GROUP BY p.word ORDER BY count(*) DESC, w.texts DESC, p.word LIMIT {_COMPARED}",
        (*listed, len(wanted) - allowed, len(wanted) + allowed),
    ).fetchall()
    # The first letter is seldom the wrong one.
    told = [(distance(wanted, other), other[0] != wanted[0], -texts, other)
            for other, texts in rows]  # fmt: skip
    return [other for far, *_, other in sorted(told) if 0 < far <= allowed][:most]


def distance(left: str, right: str) -> int:
    """Letters to change, add, drop or swap with a neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for at, letter in enumerate(left, 1):
        row = [at]
        for to, other in enumerate(right, 1):
            cost = min(last[to] + 1, row[to - 1] + 1, last[to - 1] + (letter != other))
            if before and to > 1 and letter == right[to - 2] and left[at - 2] == other:
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
