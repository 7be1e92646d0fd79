"""Files out: the ontology, a graph or everything, in any form of RDF; findings as a flat table.

The same workspace gives the same bytes: quads are sorted, and blank nodes are named after their
place in their graph.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from partnering import notation, reading
from partnering.errors import NotFound
from partnering.namespaces import DATA, GRAPH, PREFIXES
from partnering.pipeline import publish
from partnering.store.base import Engine, select
from partnering.workspace import UNPUBLISHED_KINDS, Workspace

_SPACE = re.compile(rf"<{re.escape(str(DATA))}([a-z][a-z0-9-]*)/")


def graphs(workspace: Workspace, wanted: Sequence[str] = ()) -> dict[str, Path]:
    """Graphs by name and the N-Quads file each is in; all that is published without a choice.

    A choice is a graph's name or how it begins: ``case/case-c``, ``ontology``, ``inferred``.
    Asserted graphs are read from the files alone; for inferred ones the index is brought up to
    date. Raises ``NotFound`` where nothing fits a choice.
    """
    names = [one.removeprefix(str(GRAPH)).strip("/") for one in wanted]
    files = {
        file.graph.removeprefix(str(GRAPH)): file
        for file in workspace.graph_files
        if file.kind not in UNPUBLISHED_KINDS
    }
    if names and all(any(_fits(graph, name) for graph in files) for name in names):
        chosen = [graph for graph in files if any(_fits(graph, name) for name in names)]
        return {f"{GRAPH}{g}": reading.quads(workspace, files[g]) for g in sorted(chosen)}
    index = published(workspace)
    every = {part.graph: index.folder / part.file for part in index.parts}
    for name in names:
        if not any(_fits(graph.removeprefix(str(GRAPH)), name) for graph in every):
            raise NotFound(
                f"There is no graph {name!r}.",
                mend="name one, or the beginning of some: "
                + ", ".join(sorted({g.removeprefix(str(GRAPH)).partition("/")[0] for g in every})),
            )
    return {
        graph: path for graph, path in sorted(every.items())
        if not names or any(_fits(graph.removeprefix(str(GRAPH)), name) for name in names)
    }  # fmt: skip


def _fits(graph: str, name: str) -> bool:
    return graph == name or graph.startswith(f"{name}/")


def published(workspace: Workspace) -> publish.Index:
    """The index in force, brought up to date where files have changed."""
    index = publish.current(workspace)
    if index is None or index.inputs != publish.inputs_digest(workspace):
        # Imported here: the pages that offer downloads should not wait for what only builds need.
        from partnering.pipeline import build as building

        index = building.build(workspace).index
    return index


def write(files: Iterable[Path], form: str) -> bytes:
    """The quads of N-Quads files in one form of RDF, with prefixes where it has any."""
    lines = sorted({line for path in files for line in path.read_text("utf-8").splitlines()})
    text = "".join(f"{line}\n" for line in lines)
    if form == "nq":
        return text.encode("utf-8")
    quads: Iterable[ox.Quad] = ox.parse(text, format=ox.RdfFormat.N_QUADS)
    prefixes = {**spaces(text), **PREFIXES}
    if form in notation.WITH_GRAPHS:
        return notation.write(quads, form, prefixes)
    return notation.write((quad.triple for quad in quads), form, prefixes)


def spaces(text: str) -> dict[str, str]:
    """Prefixes for the namespaces of data that N-Quads name: ``case-c``."""
    return {name: f"{DATA}{name}/" for name in sorted(set(_SPACE.findall(text)))}


@dataclass(frozen=True)
class _Cell:
    title: str
    property: str


_CELLS = (
    _Cell("arrangement", "ptn:findingAbout"), _Cell("phase", "ptn:findingInPhase"),
    _Cell("concerns", "ptn:concernsConcept"), _Cell("context", "ptn:hasContextKind"),
    _Cell("polarity", "ptn:hasPolarity"),
    _Cell("presence", "ptn:hasPresence"), _Cell("direction", "ptn:hasDirection"),
    _Cell("realisation", "ptn:hasRealisation"), _Cell("contribution", "ptn:hasContribution"),
    _Cell("evidence", "ptn:hasEvidenceStrength"), _Cell("prominence", "ptn:hasProminence"),
    _Cell("whose", "ptn:concernsActor"), _Cell("felt by", "ptn:experiencedBy"),
    _Cell("claimed by", "ptn:claimedBy"), _Cell("voice", "ptn:hasVoice"),
    _Cell("paragraphs", "ptn:restsOnParagraph"), _Cell("case", "ptn:findingInCase"),
)  # fmt: skip
_KINDS = "Factor Context Outcome Mechanism Cost"
_HEAD = """PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_FINDINGS = f"""{_HEAD}SELECT DISTINCT ?finding ?kind ?summary WHERE {{
  VALUES (?class ?kind) {{ {" ".join(f'(ptn:{k}Finding "{k.lower()}")' for k in _KINDS.split())}
    (ptn:OptionAppraisal "option") (ptn:EvidenceGap "gap") }}
  ?finding a ?class . OPTIONAL {{ ?finding ptn:summary ?summary }}
}}"""
_SAID = f"""{_HEAD}SELECT DISTINCT ?finding ?label WHERE {{
  ?finding a ptn:Finding ; %s ?thing . ?thing rdfs:label ?label
}}"""


def findings(engine: Engine) -> str:
    """Every finding of every case as one line of CSV, in words; several values with ``;``."""
    said: dict[str, defaultdict[str, set[str]]] = {}
    for cell in _CELLS:
        held = said.setdefault(cell.title, defaultdict(set))
        for finding, label in select(engine, _SAID % cell.property).rows:
            held[str(finding)].add(str(label))
    rows = []
    for finding, kind, summary in select(engine, _FINDINGS).rows:
        cells = ["; ".join(sorted(said[c.title][str(finding)])) for c in _CELLS[:-1]]
        case = "; ".join(sorted(said["case"][str(finding)]))
        rows.append([case, str(kind), *cells, str(summary or ""), str(finding)])
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["case", "kind", *(c.title for c in _CELLS[:-1]), "summary", "finding"])
    for row in sorted(rows, key=lambda row: (row[0], row[-1])):
        sheet.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
