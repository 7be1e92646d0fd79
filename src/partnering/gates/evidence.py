"""Gates over the source: anchors against the user's copy, and paragraphs accounted for."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from partnering import reading
from partnering.checking.problems import Checked, Problem, checked, combine
from partnering.gates.material import Blind, Material
from partnering.namespaces import PTN
from partnering.sources import Source, coverage_of
from partnering.sources import verify as verify_anchors
from partnering.sources.verification import Checked as Verified
from partnering.workspace import GraphFile, Workspace
from partnering.written import written

_SAID = (
    *("anchoredIn", "paragraphNumber", "paragraphKind", "inSection", "sectionPath"),
    *("coverageStatus", "coverageReason"),
)
"""What coverage is counted from."""


def anchors(material: Material) -> Checked:
    """Every anchor of every file against the attached copy; blind where none is attached.

    Each file is kept by itself: what became of its anchors depends on it and the copy alone.
    """
    sources = _sources(material.workspace)
    attached = [source for source in sources if source.text_file() is not None]
    found: list[Checked] = []
    for source in attached:
        digest = source.rendition().digest
        for file in (file for file in material.files if file.relative.startswith("data/")):
            name = f"anchors.{source.slug}.{file.relative.replace('/', '.')}"
            one, fresh = material.kept.or_look(
                name,
                [digest, source.base, file.relative, file.digest],
                lambda file=file, source=source: _verified(file, source),  # type: ignore[misc]
            )
            material.looked_anew += fresh
            found.append(one)
    whole = combine(found)
    lacking = [source.slug for source in sources if source not in attached]
    if not attached:
        raise Blind(f"nothing was verified: no copy of {', '.join(lacking)} is attached")
    counts = {"anchors": whole.counts.get("anchors", 0), "paragraphs compared": 0} | dict(
        whole.counts
    )
    verified = checked("anchors", whole.problems, counts, where="data", must_see="anchors")
    if lacking:
        raise Blind(f"no copy of {', '.join(lacking)} is attached", verified)
    return verified


def _sources(workspace: Workspace) -> list[Source]:
    sources = Source.all_of(workspace)
    if not sources:
        raise Blind("the workspace has no source with an outline")
    return sources


def _verified(file: GraphFile, source: Source) -> Checked:
    graphs = {file.relative: reading.graph(file)}
    result = verify_anchors(graphs, source.rendition(), source.base)
    problems = [_not_exact(file, source, one) for one in result.not_exact]
    if not result.same_text:
        problems.append(
            _problem(
                file.relative,
                "The attached copy is not the text that was coded: the digests differ.",
                "attach the same rendition: partnering source attach FILE",
                "same-text",
            )
        )
    for number in result.paragraphs_changed:
        problems.append(
            _problem(
                written(file).where(f"{source.base}p{number}"),
                f"Paragraph p{number} is not as it was coded: the digests differ.",
                "attach the same rendition, or describe the source anew",
                "paragraph",
            )
        )
    counts = {"anchors": len(result.anchors), "paragraphs compared": result.paragraphs_seen}
    return Checked(tuple(sorted(set(problems))), counts)


def _not_exact(file: GraphFile, source: Source, one: Verified) -> Problem:
    return _problem(
        written(file).where(f"{source.base}{one.anchor}"),
        f"The anchor {one.anchor} is {one.status}: {one.detail}.",
        "quote the words again and run partnering source anchor FILE",
        str(one.status),
    )


def _problem(where: str, message: str, mend: str, rule: str) -> Problem:
    return Problem(
        gate="anchors",
        severity="violation",
        message=message,
        where=where,
        focus="",
        why="A statement whose anchor does not hold rests on nothing that anybody can check.",
        mend=mend,
        rule=rule,
    )


def coverage(material: Material) -> Checked:
    """Every paragraph is coded, apparatus, or has nothing to code and a reason."""
    problems: list[Problem] = []
    counts = {"paragraphs": 0, "accounted for": 0, "coded": 0}
    graphs = {"": _facts(material)}
    for source in _sources(material.workspace):
        report = coverage_of(graphs, source.base)
        total = report.total
        counts["paragraphs"] += total.total
        counts["accounted for"] += total.total - total.left
        counts["coded"] += total.coded
        at = f"data/sources/{source.slug}/coverage.ttl"
        for contradiction in report.contradictions:
            name = contradiction.partition(":")[0]
            problems.append(
                Problem(
                    gate="coverage",
                    severity="violation",
                    message=f"{contradiction}.",
                    where=_place(material, at, f"{source.base}{name}"),
                    focus=f"{source.base}{name}",
                    why="What is said of a paragraph must not contradict what is coded in it.",
                    mend="take the status back, or the anchors that stand in the paragraph",
                    rule="contradiction",
                )
            )
        if report.left:
            some = ", ".join(f"p{one.number}" for one in report.left[:5])
            problems.append(
                Problem(
                    gate="coverage",
                    severity="warning",
                    message=f"{len(report.left)} paragraphs of {source.slug} are not accounted"
                    f" for, such as {some}.",
                    where=at,
                    focus="",
                    why="What was passed over cannot be told from what was never read.",
                    mend="code them, or say why not: partnering coverage --left lists them",
                    rule="left",
                )
            )
    return checked("coverage", problems, counts, where="data/sources", must_see="paragraphs")


def _facts(material: Material) -> Graph:
    """Of all that files say, what coverage is counted from."""
    graph = Graph()
    wanted = [ox.NamedNode(str(PTN[name])) for name in _SAID]
    wanted.append(ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"))
    lines = []
    for predicate in wanted:
        for quad in material.asserted.quads_for_pattern(None, predicate, None):
            graph_name = getattr(quad.graph_name, "value", "")
            if predicate != wanted[-1] or "/graph/source/" in graph_name:
                lines.append(f"{quad.triple} .")
    graph.parse(data="\n".join(lines), format="nt")
    return graph


def _place(material: Material, relative: str, iri: str) -> str:
    for file in material.files:
        if file.relative == relative:
            return written(file).where(iri)
    return str(Path(relative))
