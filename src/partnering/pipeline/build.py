"""The whole flow: read, check, infer, judge, publish, each saying what it saw and skipped."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from partnering import names, reading, slices, workers
from partnering.checking import lint
from partnering.checking.problems import Problem
from partnering.errors import CheckFailed, PartneringError
from partnering.pipeline import catalogue, provenance, publish
from partnering.pipeline.ahead import Ahead
from partnering.pipeline.before import Before
from partnering.pipeline.flow import Brought, Flow
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Done, Sheets
from partnering.progress import Pace, Progress
from partnering.slices import Slice, Slicing
from partnering.workspace import GraphFile, Workspace

CATALOGUE = "catalogue"
PROVENANCE = "provenance"
"""Names under which an index lists what is made of all files together, beside the slices."""
ANEW = "anew"
"""Folder in the cache of what is done again though it was kept."""
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


def build_anew(
    workspace: Workspace,
    *,
    echo: Echo = lambda _: None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Built:
    """As :func:`build`, believing nothing that was kept, but what one like it did before it was interrupted.

    It is done in a folder of its own, and takes the place of what there is when it is whole.
    """
    folder = workspace.cache / ANEW
    built = build(workspace.keeping_in(folder), echo=echo, progress=progress)
    return replace(built, index=publish.take_over(workspace, folder))


class _Build:
    def __init__(
        self, workspace: Workspace, echo: Echo, progress: Callable[[Progress], None]
    ) -> None:
        self.workspace = workspace
        self.echo = echo
        self.progress = progress
        self.standby = workers.Standby(
            lambda: Flow.ready(workspace).bring, lambda part: self.flow.bring(part)
        )
        self.flow = Flow(workspace)
        self.slicing = Slicing(workspace)
        self.before = Before(workspace, self.flow, self.slicing)
        self.steps: list[Step] = []
        self.inputs = ""
        """Digest of every file that it reads."""

    def run(self) -> Built:
        try:
            self._read()
            with Ahead(self.before.index) as search:
                index = self._publish(self._bring(search.begin))
                with self._step("search") as now:
                    now.seen, now.done = search.bring_up_to_date(index)
            return Built(index, tuple(self.steps), index.problems)
        finally:
            self.standby.end()

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
            todo = list(self.before.unread())
            self.workspace.digests.save()
            errors = [error for error in self._each(self._parse, todo, "read") if error]
            now.seen, now.done = len(files), len(todo)
            if errors:
                raise CheckFailed("\n".join(sorted(errors)))

    def _parse(self, file: GraphFile) -> str:
        try:
            reading.quads(self.workspace, file)
        except PartneringError as error:
            return str(error)
        return ""

    def _bring(self, begin: Callable[[], None]) -> Sheets:
        """Check, infer and judge every slice of which anything has changed; ``begin`` hears if any."""
        check, infer, judge = (
            Step(name, len(self.slicing.files) + 1) for name in ("check", "infer", "judge")
        )
        kinds = Counter(file.kind for file in self.slicing.files.values())
        judge.seen = sum(len(self.flow.rules(kind)) * many for kind, many in kinds.items())
        begun = time.monotonic()
        parts = self.before.touched()
        keys = {part.name: self.flow.key(part) for part in parts}
        done = {n: kept for n, key in keys.items() if (kept := self.before.done(n, key))}
        violations: list[Problem] = []
        todo = [part for part in parts if part.name not in done]
        brought = self._brought(todo)
        if 0 < len(todo) < workers.MANY:  # for many there are forks, beside which no thread may run
            begin()
        # Meanwhile, where another process has begun with the first: what is made of all files alike.
        said = self.before.parts(PROVENANCE, provenance.graph(self.workspace))
        done[PROVENANCE] = Done("", said)
        self.inputs = publish.inputs_digest(self.workspace)
        for one in brought:
            check.done, infer.done = check.done + one.checked, infer.done + one.inferred
            judge.done += one.judged
            made = self.before.parts(one.name, one.graphs)
            done[one.name] = Done(keys[one.name], made, one.problems)
            violations += one.violations
        check.seconds = time.monotonic() - begun
        done[CATALOGUE] = self._questions(self.slicing.schema)
        sheets = self.before.replaced(done)
        remarks = sum(sheet.remarks for sheet in sheets.listed) - len(done[CATALOGUE].remarks)
        check.note = f"{len(violations)} violations, {remarks - len(violations)} remarks"
        self._said(check)
        violations += done[CATALOGUE].remarks
        if violations:
            self.before.drop(PROVENANCE, said)
            raise CheckFailed("\n\n".join(str(problem) for problem in sorted(violations)))
        infer.note = f"{len(self.flow.inference.rules)} rules"
        judge.note = "rules " + ", ".join(rule.name for rule in self.flow.bench.rules)
        self._said(infer)
        self._said(judge)
        return sheets

    def _questions(self, schema: Slice) -> Done:
        """The saved questions as a graph; remarked is every name in a query that nothing declares."""
        files = [*self.workspace.files(publish.QUERIES), Path(catalogue.__file__)]
        key = slices.combine([schema.digest, self.flow.gates.digest, slices.digest_of(files)])
        if before := self.before.done(CATALOGUE, key):
            return before
        found = lint.check_queries(self.workspace, names.of_workspace(self.workspace)).violations
        # A query that names everything in full has nothing to look at, and may.
        wrong = tuple(problem for problem in found if problem.rule != "saw-nothing")
        made = catalogue.graph(self.workspace)
        return Done(key, self.before.parts(CATALOGUE, made), wrong)

    def _brought(self, todo: list[Slice]) -> Iterable[Brought]:
        """A few by the process that stands by with all loaded; many, or the schema first, from here."""
        if todo and todo[0].schema and len(todo) < workers.MANY:
            brought = zip(todo, self.standby.each(todo), strict=True)
            return (one if one.context == self.flow.context else self.flow.bring(part)
                    for part, one in brought)  # fmt: skip
        self.standby.end()
        return self._all(todo)

    def _all(self, todo: list[Slice]) -> Iterator[Brought]:
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
            index = publish.publish(self.workspace, sheets, self.inputs)
            fresh = self.before.follow(index)
            now.seen, now.done = index.sheets.graphs, len(fresh)
            now.note = f"{index.quads:,} quads, snapshot {index.snapshot}"
        return index
