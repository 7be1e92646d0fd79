"""The gates as the provocations meet them: small files beside an invented case that is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import SH

from partnering import names, reading
from partnering.checking import hygiene, lint, validate
from partnering.checking.problems import Problem
from partnering.errors import ReadError
from partnering.slices import Slice
from partnering.workspace import SCHEMA_KINDS, GraphFile, Workspace

HERE = Path(__file__).parent
CONTEXT = {
    "mill-report.ttl": ("data/sources/mill-report/source.ttl", "source"),
    "mills.ttl": ("data/cases/mills.ttl", "case"),
}


PARTS = {
    *("minCount", "maxCount", "class", "node", "datatype", "pattern", "minLength", "maxLength"),
    *("minInclusive", "lessThan", "languageIn", "uniqueLang", "closed", "or", "xone"),
    *("qualifiedMinCount", "nodeKind"),
}
"""Parameters of SHACL that say what must hold."""


def graph_file(path: Path, relative: str, kind: str) -> GraphFile:
    return GraphFile(
        str(path), relative, kind, f"https://w3id.org/partnering/graph/{path.stem}", ""
    )


def context(workspace: Workspace) -> tuple[GraphFile, ...]:
    """The schema as shipped, and the invented case and report."""
    schema = tuple(file for file in workspace.graph_files if file.kind in SCHEMA_KINDS)
    return schema + tuple(
        graph_file(HERE / "context" / name, *said) for name, said in CONTEXT.items()
    )


OLD_TERMS = graph_file(HERE / "context" / "old-terms.ttl", "ontology/old-terms.ttl", "ontology")


@dataclass(frozen=True)
class Expected:
    """What the first line of a provocation says: ``# raises: RULE | WORDS — because WHY``."""

    rule: str
    words: str
    why: str

    @classmethod
    def of(cls, path: Path) -> Expected:
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("# raises: "), f"{path.name} does not say what it raises"
        rule, _, rest = first.removeprefix("# raises: ").partition(" | ")
        words, _, why = rest.partition(" — because ")
        assert rule, f"{path.name} names no rule"
        assert words, f"{path.name} says nothing of the message"
        assert why, f"{path.name} does not say why"
        return cls(rule.strip(), words.strip(), why.strip())


def provocations(gate: str) -> list[Path]:
    return sorted(path for path in (HERE / gate).iterdir() if path.suffix in (".ttl", ".rq"))


@dataclass(frozen=True)
class Gates:
    """Each gate over one file."""

    workspace: Workspace
    reports: dict[Path, Graph] = field(default_factory=dict)

    def syntax(self, path: Path) -> list[Problem]:
        try:
            reading.parse_turtle(path, f"data/cases/{path.name}")
        except ReadError as error:
            where, mend = error.where or "", error.mend or ""
            return [
                Problem("syntax", "violation", error.message, where, "", "", mend, "not-turtle")
            ]
        return []

    def lint(self, path: Path) -> list[Problem]:
        schema = tuple(f for f in context(self.workspace) if f.kind in SCHEMA_KINDS)
        known = names.of_files(self.workspace, (*schema, OLD_TERMS))
        text = path.read_text("utf-8")
        if path.suffix == ".rq":
            return list(lint.check_query(path, f"queries/{path.name}", known).problems)
        if "sh:NodeShape" in text:
            return list(lint.check_shapes(path, f"shapes/{path.name}", known).problems)
        return list(lint.check(self.workspace, self.slice(path), known).problems)

    def validate(self, path: Path) -> list[Problem]:
        shapes = validate.load(self.workspace)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(validate.pyshacl, "validate", self._recording(path))
            return list(validate.check(self.workspace, self.slice(path), shapes).problems)

    def _recording(self, path: Path) -> Callable[..., tuple[bool, Graph, str]]:
        plain = pyshacl.validate
        self.reports[path] = Graph()

        def run(*given: Any, **named: Any) -> tuple[bool, Graph, str]:
            conforms, report, text = plain(*given, **named)
            self.reports[path] = report
            return conforms, report, text

        return run

    def components(self, path: Path) -> set[str]:
        """The parts of shapes, such as minCount, that a file was found to break."""
        if path not in self.reports:
            self.validate(path)
        found = self.reports[path].objects(None, SH.sourceConstraintComponent)
        names_ = {str(c).rpartition("#")[2].removesuffix("ConstraintComponent") for c in found}
        return {name[:1].lower() + name[1:] for name in names_}

    def components_of_shapes(self) -> set[tuple[str, str]]:
        """Every part of every shape that speaks, but for what another part stands in for."""
        graph = validate.load(self.workspace).graph
        return {
            (str(shape).rpartition("#")[2], part)
            for shape in validate.load(self.workspace).constraints
            for part in (str(p).rpartition("#")[2] for p in graph.predicates(shape))
            if part in PARTS
        }

    def hygiene(self, path: Path) -> list[Problem]:
        files = (
            graph_file(
                HERE / "hygiene" / "context" / "mill-ontology.ttl", "ontology/m.ttl", "ontology"
            ),
            graph_file(path, f"ontology/{path.name}", "ontology"),
        )
        which = hygiene.rules(self.workspace)
        return list(hygiene.check_files(self.workspace, files, which).problems)

    def run(self, gate: str, path: Path) -> list[Problem]:
        return getattr(self, gate)(path)  # type: ignore[no-any-return]

    def slice(self, path: Path) -> Slice:
        """A slice of one file beside the invented case, of the kind that its content says."""
        kind, folder = "case", "data/cases"
        if "a skos:Concept" in path.read_text("utf-8"):
            kind, folder = "vocabulary", "ontology/vocab"
        file = graph_file(path, f"{folder}/{path.name}", kind)
        return Slice(path.stem, kind, (file,), beside=context(self.workspace))
