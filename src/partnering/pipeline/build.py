"""The whole flow: read, check, infer, judge, publish, each saying what it saw and skipped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from partnering import names, reading, slices, workers
from partnering.checking import lint
from partnering.checking.problems import Problem
from partnering.errors import CheckFailed, PartneringError
from partnering.pipeline import catalogue, noted, provenance, publish, texts
from partnering.pipeline.flow import Brought, Flow
from partnering.pipeline.noted import Noted
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Done, Part, Sheets
from partnering.progress import Pace, Progress
from partnering.slices import Slice, Slicing
from partnering.workspace import GraphFile, Workspace

CATALOGUE = "catalogue"
PROVENANCE = "provenance"
"""Names under which an index lists what is made of all files together, beside the slices."""
Echo = Callable[[str], None]
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Step:
    """One step of the flow: how many things it saw, and how many of them were new."""

    name: str
    seen: int = 0
    done: int = 0
    seconds: float = 0.0
    note: str = ""

    def __str__(self) -> str:
        skipped = f"{self.seen - self.done} unchanged" if self.seen != self.done else "all new"
        note = f"; {self.note}" if self.note else ""
        return f"{self.name:8} {self.seen:5} seen, {self.done:5} done ({skipped}){note}"


@dataclass
class Built:
    """What a build did, and the index it left in force."""

    index: Index
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = field(default=())


def build(
    workspace: Workspace,
    *,
    echo: Echo = lambda _: None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Built:
    """Bring the index up to the files.

    ``echo`` hears of each step at its end, ``progress`` about once a second of long ones.
    Raises ``CheckFailed`` with every violation found; the last good index then stays in
    force, and what was done for other files is kept, as it is when a build is interrupted.
    """
    return _Build(workspace, echo, progress).run()


class _Build:
    def __init__(
        self, workspace: Workspace, echo: Echo, progress: Callable[[Progress], None]
    ) -> None:
        self.workspace = workspace
        self.echo = echo
        self.progress = progress
        self.flow = Flow(workspace)
        self.slicing = Slicing(workspace)
        self.steps: list[Step] = []
        self.last = publish.last_good(workspace)
        self.noted = Noted.read(workspace)
        # Asked now: this build will put products there itself.
        self.untouched = self.noted.untouched(workspace)

    def run(self) -> Built:
        self._read()
        index = self._publish(self._bring())
        with self._step("search") as now:
            now.seen, now.done = texts.bring_up_to_date(index, since=self.last)
        return Built(index, tuple(self.steps), index.problems)

    @contextmanager
    def _step(self, name: str) -> Iterator[Step]:
        now = Step(name)
        begun = time.monotonic()
        yield now
        now.seconds = time.monotonic() - begun
        self._said(now)

    def _said(self, step: Step) -> None:
        self.steps.append(step)
        self.echo(str(step))

    def _read(self) -> None:
        """Turn files into N-Quads where that was not done before."""
        with self._step("read") as now:
            files = self.workspace.graph_files
            if not files:
                raise CheckFailed("The workspace holds no graph at all.",
                                  where=str(self.workspace.root))  # fmt: skip
            todo = list(self._unread())
            self.workspace.digests.save()
            errors = [error for error in self._each(self._parse, todo, "read") if error]
            now.seen, now.done = len(files), len(todo)
            if errors:
                raise CheckFailed("\n".join(sorted(errors)))

    def _unread(self) -> Iterator[GraphFile]:
        held = publish.names_in(self.workspace.cache / "quads")
        known = self.noted.files if self.untouched else {}
        for name, digest in self.digests.items():
            file = self.slicing.files[name]
            if known.get(name) != digest and reading.name_of(file) not in held:
                yield file
        for file in self.workspace.schema_files:
            if reading.name_of(file) not in held:
                yield file

    def _parse(self, file: GraphFile) -> str:
        try:
            reading.quads(self.workspace, file)
        except PartneringError as error:
            return str(error)
        return ""

    @cached_property
    def digests(self) -> dict[str, str]:
        """Of the file of each slice."""
        return {name: file.digest for name, file in self.slicing.files.items()}

    @cached_property
    def by_parts(self) -> bool:
        """Whether only slices need be looked at that a changed file touches."""
        return self.noted.fits(self.last.snapshot, self.flow.context)

    @cached_property
    def gone(self) -> frozenset[str]:
        """Slices of the last index whose files are not there any more."""
        return (
            frozenset(self.noted.files.keys() - self.digests.keys())
            if self.by_parts
            else frozenset()
        )

    def _touched(self) -> list[Slice]:
        """Slices that may have to be brought up to date; the schema is always one."""
        if not self.by_parts:
            return list(self.slicing.every())
        before = self.noted.files
        touched = {name for name, digest in self.digests.items() if before.get(name) != digest}
        if touched or self.gone:
            spoke = [self.workspace.cache / self.last.sheets[name].parts[0].file
                     for name in (*touched, *self.gone) if name in before]  # fmt: skip
            if not all(path.exists() for path in spoke):
                return list(self.slicing.every())
            touched = self.slicing.touched(touched, spoke)
        touched |= self._robbed() & self.digests.keys()
        return [self.slicing.schema, *(self.slicing.slice(name) for name in sorted(touched))]

    def _robbed(self) -> set[str]:
        """Slices of which a product is not there any more."""
        if self.untouched:
            return set()
        return {name for name, one in self.last.sheets.items()
                if not all(self._is_there(part.file) for part in one.parts)}  # fmt: skip

    def _bring(self) -> Sheets:
        """Check, infer and judge every slice of which anything has changed."""
        check, infer, judge = (
            Step(name, len(self.digests) + 1) for name in ("check", "infer", "judge")
        )
        judge.seen = sum(len(self.flow.rules(file.kind)) for file in self.slicing.files.values())
        begun = time.monotonic()
        parts = self._touched()
        keys = {part.name: self.flow.key(part) for part in parts}
        done = dict(self._as_before(keys))
        violations: list[Problem] = []
        for one in self._brought([part for part in parts if part.name not in done]):
            check.done, infer.done = check.done + one.checked, infer.done + one.inferred
            judge.done += one.judged
            made = tuple(self._parts(one.name, one.graphs))
            done[one.name] = Done(keys[one.name], made, one.problems)
            violations += one.violations
        check.seconds = time.monotonic() - begun
        done[CATALOGUE] = self._questions(self.slicing.schema)
        sheets = self.base.replaced(done, self.gone)
        remarks = sum(sheet.remarks for sheet in sheets.listed) - len(done[CATALOGUE].remarks)
        check.note = f"{len(violations)} violations, {remarks - len(violations)} remarks"
        self._said(check)
        violations += done[CATALOGUE].remarks
        if violations:
            raise CheckFailed("\n\n".join(str(problem) for problem in sorted(violations)))
        infer.note = f"{len(self.flow.inference.rules)} rules"
        judge.note = "rules " + ", ".join(rule.name for rule in self.flow.bench.rules)
        self._said(infer)
        self._said(judge)
        return sheets

    @property
    def base(self) -> Sheets:
        """What stays as it is where nothing is said of it."""
        return self.last.sheets if self.by_parts else Sheets(self.workspace.cache)

    def _as_before(self, keys: dict[str, str]) -> Iterator[tuple[str, Done]]:
        """Slices that were done under the same key and whose files are all there still."""
        for name, key in keys.items():
            if found := self._known_as(name, key):
                yield name, found

    def _known_as(self, name: str, key: str) -> Done | None:
        found = self.last.sheets.get(name)
        if found and found.key == key and all(self._is_there(part.file) for part in found.parts):
            return found
        return None

    def _is_there(self, file: str) -> bool:
        return self.untouched or file in self._products

    @cached_property
    def _products(self) -> frozenset[str]:
        return publish.files_held(self.workspace)

    def _parts(self, name: str, graphs: dict[str, Path]) -> Iterator[Part]:
        """Graphs of a slice, or of none; a product that was listed before need not be read."""
        before = self.last.sheets.get(name)
        known = {(part.graph, part.file): part for part in before.parts} if before else {}
        for graph, path in graphs.items():
            file = path.relative_to(self.workspace.cache).as_posix()
            yield known.get((graph, file)) or publish.part(self.workspace, graph, path)

    def _questions(self, schema: Slice) -> Done:
        """The saved questions as a graph; remarked is every name in a query that nothing declares."""
        files = [*self.workspace.files(publish.QUERIES), Path(catalogue.__file__)]
        key = slices.combine([schema.digest, self.flow.gates.digest, slices.digest_of(files)])
        if before := self._known_as(CATALOGUE, key):
            return before
        found = lint.check_queries(self.workspace, names.of_workspace(self.workspace)).violations
        # A query that names everything in full has nothing to look at, and may.
        wrong = tuple(problem for problem in found if problem.rule != "saw-nothing")
        made = catalogue.graph(self.workspace)
        return Done(key, tuple(self._parts(CATALOGUE, made)), wrong)

    @cached_property
    def inputs(self) -> str:
        """Of every file that this build reads."""
        return publish.inputs_digest(self.workspace)

    def _brought(self, todo: list[Slice]) -> Iterator[Brought]:
        if todo and todo[0].schema is None:
            yield self.flow.bring(todo.pop(0))
        if len(todo) >= workers.MANY:
            # Whatever every slice needs is loaded now, once, and shared by the processes.
            yield self.flow.bring(todo.pop())
        yield from self._each(self.flow.bring, todo, "check, infer and judge")

    def _each(
        self, work: Callable[[Item], Result], items: list[Item], what: str
    ) -> Iterable[Result]:
        pace = Pace(what, len(items))
        many = len(items) >= workers.MANY
        for result in workers.on_every_core(work, items) if many else map(work, items):
            yield result
            if many and (now := pace.one_more()):
                self.progress(now)

    def _publish(self, sheets: Sheets) -> Index:
        with self._step("publish") as now:
            made = provenance.graph(self.workspace)
            generated = Done("", tuple(self._parts(PROVENANCE, made)))
            index = publish.publish(
                self.workspace, sheets.replaced({PROVENANCE: generated}), self.inputs
            )
            dropped = frozenset(part.file for part in self.last.sheets.without(index.sheets))
            fresh = index.sheets.without(self.last.sheets)
            self._clean(index, dropped, frozenset(part.file for part in fresh))
            now.seen, now.done = index.sheets.graphs, len(fresh)
            now.note = f"{index.quads:,} quads, snapshot {index.snapshot}"
        return index

    def _clean(self, index: Index, dropped: frozenset[str], fresh: frozenset[str]) -> None:
        """Delete what neither index needs, and note how things stand.

        Readers may still be on the last index, and start anew from it if they fall.
        """
        waiting = frozenset(self.noted.dropped) if self.untouched else frozenset()
        if index.snapshot == self.last.snapshot:
            dropped |= waiting
        elif self.untouched:
            publish.drop(self.workspace, waiting - fresh, index, self.last)
        else:
            publish.sweep(self.workspace, index, self.last)
        if not (self.by_parts and self.untouched) or dropped or fresh:
            noted.leave(self.workspace, index.snapshot, self.flow.context, self.digests,
                        dropped - fresh)  # fmt: skip
