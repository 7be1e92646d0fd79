"""What gates found, kept under the digest of all that they looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from partnering import reading, slices
from partnering.checking import checks
from partnering.checking.problems import Checked

_BESIDE = {"cli", "extend", "reference"}
"""Folders of the package that no gate runs."""


@cache
def code_digest() -> str:
    """Of the program itself: another program may find something else in the same files."""
    package = Path(__file__).resolve().parents[1]
    code = (p for p in package.rglob("*.py") if p.relative_to(package).parts[0] not in _BESIDE)
    return slices.digest_of(code)


class Kept:
    """A folder of outcomes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def or_look(
        self, name: str, depends: Iterable[str], look: Callable[[], Checked]
    ) -> tuple[Checked, bool]:
        """What was found before of the same things, else what is found now, and whether it is."""
        key = slices.combine([code_digest(), *depends])
        path = self.folder / f"{name}@{key}.json"
        if path.exists():
            return checks.load(path), False
        found = look()
        for stale in self.folder.glob(f"{name}@*.json"):
            stale.unlink()
        reading.write_lines(path, [checks.dump(found)])
        return found, True
