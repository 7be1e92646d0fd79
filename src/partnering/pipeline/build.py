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
from partnering.pipeline import catalogue, provenance, publish, texts
from partnering.pipeline.flow import Brought, Flow
from partnering.pipeline.publish import Done, Index, Part
from partnering.progress import Pace, Progress
from partnering.slices import Slice
from partnering.workspace import UNPUBLISHED_KINDS, GraphFile, Workspace

CATALOGUE = "catalogue"
"""Name under which the index keeps the saved questions, which are done like a slice."""
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
        self.steps: list[Step] = []
        self.last = publish.last_good(workspace)
        self.known = {part.file: part for part in self.last.parts}

    def run(self) -> Built:
        self._read()
        index = self._publish(self._bring(slices.of_workspace(self.workspace)))
        with self._step("search") as now:
            now.seen, now.done = texts.bring_up_to_date(index)
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
            held = publish.names_in(self.workspace.cache / "quads")
            todo = [file for file in files if file.kind not in UNPUBLISHED_KINDS
                    and reading.name_of(file) not in held]  # fmt: skip
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

    def _bring(self, parts: tuple[Slice, ...]) -> dict[str, Done]:
        """Check, infer and judge every slice of which anything has changed."""
        check, infer, judge = (Step(name, len(parts)) for name in ("check", "infer", "judge"))
        judge.seen = sum(len(self.flow.rules(part)) for part in parts)
        begun = time.monotonic()
        keys = {part.name: self.flow.key(part) for part in parts}
        done = dict(self._as_before(keys))
        violations: list[Problem] = []
        for one in self._brought([part for part in parts if part.name not in done]):
            check.done, infer.done = check.done + one.checked, infer.done + one.inferred
            judge.done += one.judged
            made = tuple(self._part(graph, path) for graph, path in one.graphs.items())
            done[one.name] = Done(keys[one.name], made, one.problems)
            violations += one.violations
        remarks = sum(len(one.remarks) for one in done.values()) - len(violations)
        check.note = f"{len(violations)} violations, {remarks} remarks"
        check.seconds = time.monotonic() - begun
        self._said(check)
        done[CATALOGUE] = self._questions(parts[0])
        violations += done[CATALOGUE].remarks
        if violations:
            raise CheckFailed("\n\n".join(str(problem) for problem in sorted(violations)))
        infer.note = f"{len(self.flow.inference.rules)} rules"
        judge.note = "rules " + ", ".join(rule.name for rule in self.flow.bench.rules)
        self._said(infer)
        self._said(judge)
        return {name: done[name] for name in (*keys, CATALOGUE)}

    def _as_before(self, keys: dict[str, str]) -> Iterator[tuple[str, Done]]:
        """Slices that were done under the same key and whose files are all there still."""
        for name, key in keys.items():
            if found := self._known_as(name, key):
                yield name, found

    def _known_as(self, name: str, key: str) -> Done | None:
        found = self.last.slices.get(name)
        if found and found.key == key and self.gone.isdisjoint(part.file for part in found.parts):
            return found
        return None

    @cached_property
    def gone(self) -> frozenset[str]:
        """Files of the last index that are not there any more."""
        return frozenset(self.known.keys() - publish.files_held(self.workspace))

    def _part(self, graph: str, path: Path) -> Part:
        known = self.known.get(path.relative_to(self.workspace.cache).as_posix())
        return (
            known if known and known.graph == graph else publish.part(self.workspace, graph, path)
        )

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
        return Done(key, tuple(self._part(graph, path) for graph, path in made.items()), wrong)

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

    def _publish(self, done: dict[str, Done]) -> Index:
        with self._step("publish") as now:
            made = provenance.graph(self.workspace)
            generated = [self._part(graph, path) for graph, path in made.items()]
            index = publish.publish(self.workspace, done, generated, self.inputs)
            if index.snapshot != self.last.snapshot:
                # Readers may still be on the last one, and start anew from it if they fall.
                publish.sweep(self.workspace, index, self.last)
            now.seen = len(index.parts)
            now.done = now.seen - len(set(index.parts) & set(self.last.parts))
            now.note = f"{index.quads:,} quads, snapshot {index.snapshot}"
        return index
