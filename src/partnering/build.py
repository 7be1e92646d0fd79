"""The whole flow: read, check, infer, judge, publish, each saying what it saw and skipped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from partnering import catalogue, provenance, publish, reading, slices, texts
from partnering.checks import Gates
from partnering.errors import CheckFailed, PartneringError
from partnering.infer import Inference, inferred_graph
from partnering.judge import JUDGED_KINDS, Bench, assessment_graph
from partnering.problems import Problem
from partnering.publish import Index
from partnering.slices import Slice
from partnering.workspace import UNPUBLISHED_KINDS, Workspace

Echo = Callable[[str], None]


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


def build(workspace: Workspace, *, echo: Echo = lambda _: None) -> Built:
    """Bring the index up to the files.

    Raises ``CheckFailed`` with every violation found; the last good index then stays in force.
    """
    steps: list[Step] = []

    @contextmanager
    def step(name: str) -> Iterator[Step]:
        now = Step(name)
        begun = time.monotonic()
        yield now
        now.seconds = time.monotonic() - begun
        steps.append(now)
        echo(str(now))

    graphs: dict[str, Path] = {}
    with step("read") as now:
        graphs |= _read(workspace, now)
    parts = slices.of_workspace(workspace)
    with step("check") as now:
        problems = _check(workspace, parts, now)
    inference = Inference(workspace)
    with step("infer") as now:
        graphs |= _infer(inference, parts, now)
    with step("judge") as now:
        graphs |= _judge(Bench(workspace, inference), parts, now)
    with step("publish") as now:
        graphs |= catalogue.graph(workspace) | provenance.graph(workspace)
        before = publish.current(workspace)
        index = publish.publish(workspace, graphs, inputs_digest(workspace))
        publish.sweep(workspace, index.paths)
        now.seen, now.done = (
            len(index.parts),
            len(set(index.parts) - set(before.parts if before else ())),
        )
        now.note = f"{index.quads:,} quads, snapshot {index.snapshot}"
    with step("search") as now:
        now.seen, now.done = texts.bring_up_to_date(index)
    return Built(index, tuple(steps), problems)


def inputs_digest(workspace: Workspace) -> str:
    """Of every file that a build reads; an index made from others is stale."""
    graphs = slices.combine(f"{file.graph} {file.digest}" for file in workspace.graph_files)
    queries = slices.digest_of(
        [*workspace.files("queries/**/*.rq"), *workspace.files("shapes/**/*.*")]
    )
    return slices.combine([graphs, queries])


def _read(workspace: Workspace, now: Step) -> dict[str, Path]:
    graphs, errors = {}, []
    for file in workspace.graph_files:
        now.seen += 1
        if file.kind in UNPUBLISHED_KINDS:
            continue
        before = time.time_ns()
        try:
            path = graphs[file.graph] = reading.quads(workspace, file)
        except PartneringError as error:
            errors.append(str(error))
            continue
        now.done += path.stat().st_mtime_ns >= before
    if errors:
        raise CheckFailed("\n".join(errors))
    if not graphs:
        raise CheckFailed("The workspace holds no graph at all.", where=str(workspace.root))
    return graphs


def _check(workspace: Workspace, parts: tuple[Slice, ...], now: Step) -> tuple[Problem, ...]:
    gates = Gates(workspace)
    found: list[Problem] = []
    for one in gates.check(parts):
        now.seen += 1
        now.done += one.fresh
        found += one.checked.problems
    violations = [problem for problem in found if problem.severity == "violation"]
    now.note = f"{len(violations)} violations, {len(found) - len(violations)} remarks"
    if violations:
        raise CheckFailed("\n\n".join(str(problem) for problem in violations))
    return tuple(found)


def _infer(inference: Inference, parts: tuple[Slice, ...], now: Step) -> dict[str, Path]:
    schema, graphs = parts[0], {}
    for part in parts:
        now.seen += 1
        now.done += not inference.product(part).exists()
        graphs[inferred_graph(part)] = inference.infer(part, schema)
    now.note = f"{len(inference.rules)} rules"
    return graphs


def _judge(bench: Bench, parts: tuple[Slice, ...], now: Step) -> dict[str, Path]:
    schema, graphs = parts[0], {}
    for part in parts:
        for rule in bench.rules if part.kind in JUDGED_KINDS else ():
            now.seen += 1
            now.done += not bench.product(part, rule).exists()
            graphs[assessment_graph(part, rule.name)] = bench.judge(part, schema, rule)
    now.note = "rules " + ", ".join(rule.name for rule in bench.rules)
    return graphs
