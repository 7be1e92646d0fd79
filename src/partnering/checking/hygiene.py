"""Hygiene: one SPARQL query a rule, each naming what offends by entity, property and value.

A rule file begins with a header in YAML, one ``#+`` a line: ``banner`` (what is wrong),
``severity``, ``why`` and ``mend``, and ``over: schema`` (the default) or ``over: all`` for a
rule that looks at data beside the schema. The rules are those pitfalls of the OOPS! catalogue
(https://oops.linkeddata.es/catalogue.jsp) and of SKOS integrity that need no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pyoxigraph as ox
import yaml

from partnering import names, reading, slices, written, yaml_text
from partnering.checking.problems import SEVERITIES, Checked, Problem, Severity, checked
from partnering.errors import ReadError
from partnering.names import Names, short
from partnering.workspace import SCHEMA_KINDS, UNPUBLISHED_KINDS, GraphFile, Workspace

GATE = "hygiene"
PATTERN = "queries/hygiene/*.rq"
COLUMNS = ["entity", "property", "value"]


@dataclass(frozen=True)
class Rule:
    """A query whose every row is a fault, and how to speak of it."""

    name: str
    path: Path
    banner: str
    severity: Severity
    why: str
    mend: str
    over: Literal["schema", "all"]
    query: str


@lru_cache(maxsize=256)
def _parsed(path: Path, text: str) -> Rule:
    header = "\n".join(re.findall(r"^#\+ ?(.*)$", text, re.M))
    try:
        said = yaml_text.load(header)
        rule = Rule(
            name=path.stem,
            path=path,
            banner=said["banner"],
            severity=said["severity"],
            why=said["why"],
            mend=said["mend"],
            over=said.get("over", "schema"),
            query=text,
        )
        if rule.severity not in SEVERITIES or rule.over not in ("schema", "all"):
            raise KeyError(f"severity {rule.severity}, over {rule.over}")
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            f"The header of this rule does not read: {error}",
            where=str(path),
            mend="begin it with '#+ banner:', '#+ severity: violation|warning|info',"
            " '#+ why:' and '#+ mend:'",
        ) from error
    return rule


def load(paths: Iterable[Path]) -> tuple[Rule, ...]:
    """Rules from their files; ``ReadError`` for a header that does not read."""
    return tuple(_parsed(path, path.read_text("utf-8")) for path in paths)


def rules(workspace: Workspace) -> tuple[Rule, ...]:
    """The hygiene rules of a workspace."""
    return load(workspace.files(PATTERN))


def store_of(workspace: Workspace, files: Iterable[GraphFile]) -> ox.Store:
    """An in-memory store of these files, each in its graph."""
    store = ox.Store()
    for file in files:
        quads = reading.quads(workspace, file)
        store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    return store


def rows(rule: Rule, store: ox.Store) -> Iterator[tuple[str, str, str]]:
    """Entity, property and value of every fault that a rule finds, as they are said.

    Raises ``ReadError`` for a query that does not run or has other columns.
    """
    try:
        found = store.query(rule.query, use_default_graph_as_union=True)
    except (SyntaxError, ValueError) as error:
        raise ReadError(f"The rule does not run: {error}", where=str(rule.path)) from error
    if not isinstance(found, ox.QuerySolutions) or [v.value for v in found.variables] != COLUMNS:
        raise ReadError(
            "The rule has other columns than entity, property and value.",
            where=str(rule.path),
            mend="write SELECT DISTINCT ?entity ?property ?value",
        )
    for row in found:
        yield tuple("" if term is None else _bare(term) for term in row)  # type: ignore[misc]


def _bare(term: object) -> str:
    return str(getattr(term, "value", term))


def check(workspace: Workspace, which: Sequence[Rule] | None = None) -> Checked:
    """Every hygiene rule over the schema, or over all that is published where it says so.

    Counts ``rules``, ``files`` and ``triples``.
    """
    files = tuple(f for f in workspace.graph_files if f.kind not in UNPUBLISHED_KINDS)
    return check_files(workspace, files, rules(workspace) if which is None else which)


def check_files(workspace: Workspace, files: Sequence[GraphFile], which: Sequence[Rule]) -> Checked:
    """Rules over chosen files, those of the schema first and then the others beside them."""
    schema = [file for file in files if file.kind in SCHEMA_KINDS]
    known = names.of_files(workspace, tuple(schema))
    store = store_of(workspace, schema)
    found = [_problem(rule, row, known, files) for rule in which if rule.over == "schema"
             for row in rows(rule, store)]  # fmt: skip
    wide = [rule for rule in which if rule.over == "all"]
    if wide:
        rest = [file for file in files if file not in schema]
        store.extend(q for q in store_of(workspace, rest))
        found += [_problem(rule, row, known, files) for rule in wide for row in rows(rule, store)]
    counts = {"rules": len(which), "files": len(files), "triples": len(store)}
    return checked(GATE, found, counts, where="queries/hygiene", must_see="rules")


def _problem(
    rule: Rule, row: tuple[str, str, str], known: Names, files: Sequence[GraphFile]
) -> Problem:
    return Problem(
        gate=GATE,
        severity=rule.severity,
        message=say(rule, row, known),
        where=_place(row[0], files),
        focus=row[0],
        why=rule.why,
        mend=rule.mend,
        rule=rule.name,
    )


def say(rule: Rule, row: tuple[str, str, str], known: Names) -> str:
    """A fault in words: the rule's banner, and the entity, property and value it is about."""
    entity, prop, value = (known.say(part) if _is_iri(part) else part for part in row)
    detail = ": ".join(part for part in (prop, value) if part)
    if entity.startswith("'"):
        entity = f"{entity} ({short(row[0])})"
    return f"{rule.banner}: {entity or 'something unnamed'}" + (f", {detail}" if detail else "")


def _is_iri(text: str) -> bool:
    return re.match(r"https?://\S+$", text) is not None


def _place(entity: str, files: Sequence[GraphFile]) -> str:
    for file in files:
        seen = written.written(file)
        if (line := seen.line_of(entity)) is not None:
            return f"{file.relative}:{line}"
    return entity


def digest(workspace: Workspace) -> str:
    """Of every rule, so that the caller can tell whether to run them again."""
    return slices.digest_of(workspace.files(PATTERN))
