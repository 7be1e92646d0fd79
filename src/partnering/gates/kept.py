"""What gates found, kept under the digest of all that they looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from partnering import checks, reading, slices
from partnering.problems import Checked


@cache
def code_digest() -> str:
    """Of the program itself: another program may find something else in the same files."""
    package = Path(__file__).resolve().parents[1]
    return slices.digest_of(package.rglob("*.py"))


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
