"""The last build, as far as it still holds: what of it need not be looked at again.

A slice of which no file has changed, in a context that has not, is as the index has it: it need
not be put together, nor its key compared. Nor are products looked for while nobody has put one
into the cache or taken one out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from partnering import reading
from partnering.pipeline import noted, publish
from partnering.pipeline.flow import Flow
from partnering.pipeline.noted import Noted
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Done, Part, Sheets
from partnering.slices import Slice, Slicing
from partnering.workspace import GraphFile, Workspace


class Before:
    """The index in force when a build begins, and the note left beside it."""

    def __init__(self, workspace: Workspace, flow: Flow, slicing: Slicing) -> None:
        self.index = publish.last_good(workspace)
        self._workspace = workspace
        self._flow = flow
        self._slicing = slicing
        self._noted = Noted.read(workspace)
        # Asked now: the build will put products there itself.
        self._untouched = self._noted.untouched(workspace)

    def unread(self) -> Iterator[GraphFile]:
        """Files that may not have been turned into N-Quads."""
        held = publish.names_in(self._workspace.cache / "quads")
        known = self._noted.files if self._untouched else {}
        for name, digest in self._digests.items():
            file = self._slicing.files[name]
            if known.get(name) != digest and reading.name_of(file) not in held:
                yield file
        for file in self._workspace.schema_files:
            if reading.name_of(file) not in held:
                yield file

    def touched(self) -> list[Slice]:
        """Slices that may have to be brought up to date; the schema is always one."""
        every = self._slicing.every
        if not self._by_parts:
            return list(every())
        before = self._noted.files
        touched = {name for name, digest in self._digests.items() if before.get(name) != digest}
        if touched or self._gone:
            spoke = [self._workspace.cache / self.index.sheets[name].parts[0].file
                     for name in (*touched, *self._gone) if name in before]  # fmt: skip
            if not all(path.exists() for path in spoke):
                return list(every())
            touched = self._slicing.touched(touched, spoke)
        touched |= self._robbed() & self._digests.keys()
        return [self._slicing.schema, *(self._slicing.slice(name) for name in sorted(touched))]

    def done(self, name: str, key: str) -> Done | None:
        """A slice that was done under the same key, if its products are all there still."""
        found = self.index.sheets.get(name)
        if found and found.key == key and all(self._is_there(part.file) for part in found.parts):
            return found
        return None

    def parts(self, name: str, graphs: Mapping[str, Path]) -> tuple[Part, ...]:
        """Graphs of a slice; a product that was listed for it before need not be read."""
        before = self.index.sheets.get(name)
        known = {(part.graph, part.file): part for part in before.parts} if before else {}
        return tuple(
            known.get((graph, path.relative_to(self._workspace.cache).as_posix()))
            or publish.part(self._workspace, graph, path)
            for graph, path in graphs.items()
        )

    def replaced(self, done: Mapping[str, Done]) -> Sheets:
        """What stays as it was, with some slices as they are done now."""
        if self._by_parts:
            return self.index.sheets.replaced(done, self._gone)
        return Sheets(self._workspace.cache).replaced(done)

    def drop(self, name: str, parts: Iterable[Part]) -> None:
        """Delete what was made for an index that is not to be."""
        listed = self.index.sheets.get(name)
        for part in set(parts) - set(listed.parts if listed else ()):
            (self._workspace.cache / part.file).unlink(missing_ok=True)

    def follow(self, index: Index) -> frozenset[Part]:
        """Delete what only indexes before this one need; returns the graphs that are new.

        Readers may still be on this one when the next is in force, and start anew from it if
        they fall.
        """
        fresh = index.sheets.without(self.index.sheets)
        needed = {part.file for part in fresh}
        dropped = {part.file for part in self.index.sheets.without(index.sheets)} - needed
        waiting = set(self._noted.dropped) - needed if self._untouched else set()
        if index.snapshot == self.index.snapshot:
            dropped |= waiting
        elif self._untouched:
            publish.drop(self._workspace, waiting, index, self.index)
        else:
            publish.sweep(self._workspace, index, self.index)
        if fresh or dropped or not (self._by_parts and self._untouched):
            noted.leave(self._workspace, index.snapshot, self._flow.context, self._digests, dropped)
        return fresh

    @cached_property
    def _digests(self) -> dict[str, str]:
        """Of the file of each slice, now."""
        return {name: file.digest for name, file in self._slicing.files.items()}

    @cached_property
    def _by_parts(self) -> bool:
        """Whether only slices need be looked at that a changed file touches."""
        return self._noted.fits(self.index.snapshot, self._flow.context)

    @cached_property
    def _gone(self) -> frozenset[str]:
        """Slices whose files are not there any more."""
        return frozenset(self._noted.files.keys() - self._digests.keys())

    def _robbed(self) -> set[str]:
        """Slices of which a product is not there any more."""
        if self._untouched:
            return set()
        return {name for name, one in self.index.sheets.items()
                if not all(self._is_there(part.file) for part in one.parts)}  # fmt: skip

    def _is_there(self, file: str) -> bool:
        return self._untouched or file in self._products

    @cached_property
    def _products(self) -> frozenset[str]:
        return publish.files_held(self._workspace)
