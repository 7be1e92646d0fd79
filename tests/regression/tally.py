"""What became of mutants, kind by kind."""

from __future__ import annotations

from collections import Counter
from typing import Literal

Fate = Literal["no answer changed", "by answers", "by gates only", "missed"]
FATES: tuple[Fate, ...] = ("no answer changed", "by answers", "by gates only", "missed")


class Tally:
    """How many mutants of each kind met which fate, and where those missed changed an answer."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = {}
        self.missed: list[str] = []

    def add(self, kind: str, fate: Fate, where: str = "") -> None:
        """Count one mutant."""
        self.rows.setdefault(kind, Counter())[fate] += 1
        if fate == "missed":
            self.missed.append(f"{kind}: {where}")

    def __add__(self, other: Tally) -> Tally:
        both = Tally()
        for one in (self, other):
            for kind, row in one.rows.items():
                both.rows.setdefault(kind, Counter()).update(row)
            both.missed += one.missed
        return both

    @property
    def counted(self) -> int:
        """Mutants that changed an answer."""
        return self.caught + self._total("missed")

    @property
    def caught(self) -> int:
        """Those that were noticed."""
        return self._total("by answers") + self._total("by gates only")

    def _total(self, fate: str) -> int:
        return sum(row[fate] for row in self.rows.values())

    def __str__(self) -> str:
        lines = [f"{'edit':34}" + "".join(f"{fate:>19}" for fate in FATES)]
        for kind, row in [*sorted(self.rows.items()), ("all", sum(self.rows.values(), Counter()))]:
            lines.append(f"{kind:34}" + "".join(f"{row[fate]:>19}" for fate in FATES))
        return "\n".join([*lines, *(f"missed: {one}" for one in self.missed)])
