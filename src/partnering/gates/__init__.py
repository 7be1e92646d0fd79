"""Every gate at once: what ``partnering check`` runs, in order, and what came of it.

A gate looks at one side of a workspace and says how many things it saw; one that saw nothing
fails. One that cannot look (no Java, no copy of the source) says so and fails nothing, unless
strictness is asked for. What a gate found is kept under the digest of all it looked at.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from partnering.checking.problems import Checked, Problem
from partnering.errors import PartneringError
from partnering.gates import answers, evidence, logic, statements
from partnering.gates.material import Blind, Material
from partnering.workspace import Workspace

__all__ = ["GATES", "Outcome", "Report", "check", "run"]


@dataclass(frozen=True)
class Gate:
    """One gate: its name, what it asks, what it looks at, and how it looks.

    ``depends`` gives the digests of all that can change what it says; None for a gate that
    keeps what it found file by file itself.
    """

    name: str
    asks: str
    look: Callable[[Material], Checked]
    depends: Callable[[Material], Iterator[str]] | None


GATES = (
    Gate("read", "does every file read?", statements.read, statements.every_graph),
    Gate("lint", "is every name declared, and used as what it is?", statements.spelt, None),
    Gate("others", "do shapes, queries and alignments use declared names?",
         statements.others, statements.not_data),
    Gate("shapes", "does what is said have the form it needs?", statements.shaped, None),
    Gate("hygiene", "are ontology and vocabularies tidy?", statements.tidy, None),
    Gate("reasoner", "can all axioms hold together?", logic.reasoner, logic.schema),
    Gate("inference", "do the rules settle, and is nothing two things at once?",
         logic.inference, statements.everything),
    Gate("success", "does every rule of success run and judge?",
         logic.success, statements.everything),
    Gate("questions", "does every saved question run and answer?",
         answers.questions, statements.everything),
    Gate("anchors", "do all anchors fit the text they point into?", evidence.anchors, None),
    Gate("coverage", "is every paragraph accounted for?", evidence.coverage, statements.published),
)  # fmt: skip
"""In the order in which they run; a file that does not read stops those after it."""


@dataclass(frozen=True)
class Outcome:
    """What came of one gate; ``blind`` says why it could not look, ``seconds`` how long it took."""

    gate: str
    asks: str
    checked: Checked
    fresh: bool
    seconds: float
    blind: str = ""

    @property
    def holds(self) -> bool:
        return not self.checked.violations


@dataclass(frozen=True)
class Report:
    """What came of all gates."""

    outcomes: tuple[Outcome, ...]

    @property
    def holds(self) -> bool:
        return all(outcome.holds for outcome in self.outcomes)

    @property
    def blind(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.blind)

    @property
    def problems(self) -> tuple[Problem, ...]:
        found = {p for outcome in self.outcomes for p in outcome.checked.problems}
        return tuple(sorted(found))


def check(workspace: Workspace, *, changed: bool = False) -> Report:
    """Run every gate; with ``changed``, only over what differs from what was checked before.

    Without it nothing that was kept is believed: all is read, inferred and judged anew, and
    kept for the next time.
    """
    return Report(tuple(run(workspace, changed=changed)))


def run(workspace: Workspace, *, changed: bool = False) -> Iterator[Outcome]:
    """As ``check``, each outcome as it comes."""
    if changed:
        yield from _run(Material(workspace))
        return
    with tempfile.TemporaryDirectory(prefix="partnering-check-") as folder:
        yield from _run(Material(workspace.keeping_in(Path(folder))))
        shutil.copytree(folder, workspace.cache, dirs_exist_ok=True)


def _run(material: Material) -> Iterator[Outcome]:
    unread = False
    for gate in GATES:
        begun = time.monotonic()
        if unread:
            yield Outcome(gate.name, gate.asks, Checked(), False, 0.0, "a file does not read")
            continue
        try:
            checked, fresh, blind = (*_outcome(gate, material), "")
        except Blind as error:
            checked, fresh, blind = error.checked, True, error.why
        except PartneringError as error:
            checked, fresh, blind = Checked((_problem(gate, error),)), True, ""
        yield Outcome(gate.name, gate.asks, checked, fresh, time.monotonic() - begun, blind)
        unread |= gate.name == "read" and bool(checked.violations)


def _outcome(gate: Gate, material: Material) -> tuple[Checked, bool]:
    if gate.depends is None:
        before = material.looked_anew
        return gate.look(material), material.looked_anew > before
    return material.kept.or_look(gate.name, gate.depends(material), lambda: gate.look(material))


def _problem(gate: Gate, error: PartneringError) -> Problem:
    return Problem(
        gate=gate.name,
        severity="violation",
        message=error.message,
        where=error.where or "(no place given)",
        focus="",
        why="The gate could not look at what comes after it.",
        mend=error.mend or "",
        rule="does-not-run",
    )
