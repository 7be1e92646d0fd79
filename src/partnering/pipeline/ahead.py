"""The next text index, begun while a build is still at work: a copy of the last one.

It is a hundred megabytes at ten thousand cases, and copying them takes no interpreter.
"""

from __future__ import annotations

import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from partnering.pipeline import texts
from partnering.pipeline.publish import Index


class Ahead:
    """Follows the text index of the index in force; what is begun and not used goes at the end."""

    def __init__(self, last: Index) -> None:
        self._last = last
        self._path = texts.path_of(last)
        self._worker = ThreadPoolExecutor(1)
        self._copy: Future[Path] | None = None

    def begin(self) -> None:
        """Copy it meanwhile, for something is going to change."""
        if self._copy is None and self._path.exists():
            beside = texts.beside(self._path, "copying")
            self._copy = self._worker.submit(shutil.copyfile, self._path, beside)

    def bring_up_to_date(self, index: Index) -> tuple[int, int]:
        """As :func:`texts.bring_up_to_date`, from the copy if one was begun."""
        copy = self._copy.result() if self._copy else None
        return texts.bring_up_to_date(index, since=self._last, copy=copy)

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._worker.shutdown()
        texts.beside(self._path, "copying").unlink(missing_ok=True)
