"""Gates over what the files say: syntax, names, form, tidiness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import URIRef
from rdflib.namespace import SH

from partnering import names, reading, slices
from partnering.checking import hygiene, lint, validate
from partnering.checking.problems import Checked, Problem, checked, combine
from partnering.checking.shapes import Shapes
from partnering.errors import PartneringError
from partnering.gates.material import Material
from partnering.namespaces import CONCEPT, PTN
from partnering.slices import Slice
from partnering.workspace import SCHEMA_KINDS, GraphFile

_KINDS = {"class": "classes", "property": "properties", "concept": "concepts"}


def read(material: Material) -> Checked:
    """Every graph parses; counts files, triples, and the classes, properties and concepts."""
    problems, triples = [], 0
    for file in material.workspace.graph_files:
        try:
            quads = reading.quads(material.workspace, file)
        except PartneringError as error:
            problems.append(
                Problem(
                    gate="read",
                    severity="violation",
                    message=error.message,
                    where=error.where or file.relative,
                    focus="",
                    why="Nothing of a file that does not read can be checked or published.",
                    mend=error.mend or "",
                    rule="does-not-read",
                )
            )
            continue
        triples += quads.read_bytes().count(b"\n")
    counts = {"files": len(material.workspace.graph_files), "triples": triples}
    if not problems:
        counts |= _terms(material)
    return checked("read", problems, counts, where=".", must_see="triples")


def _terms(material: Material) -> dict[str, int]:
    found = dict.fromkeys(_KINDS.values(), 0)
    for iri, kinds in material.known.kinds.items():
        if iri.startswith((str(PTN), str(CONCEPT))):
            for kind in {kind.rpartition(" ")[2] for kind in kinds} & set(_KINDS):
                found[_KINDS[kind]] += 1
    return found


def spelt(material: Material) -> Checked:
    """Closed namespace over every slice."""
    return _of_slices(material, lint.GATE, ("slices", "triples"), "triples")


def shaped(material: Material) -> Checked:
    """SHACL and set-based rules over every slice; counts those tried on anything at all."""
    found = _of_slices(material, validate.GATE, ("slices", "focus nodes", "checks"), "focus nodes")
    return Checked(found.problems, {**found.counts, "constraints tried": _tried(material)})


def _of_slices(material: Material, gate: str, names: tuple[str, ...], must_see: str) -> Checked:
    every = material.slices
    material.looked_anew += every.counts["fresh"]
    problems = [p for p in every.problems if p.gate == gate]
    counts = {name: every.counts.get(name, 0) for name in names}
    return checked(gate, problems, counts, where=".", must_see=must_see)


def _tried(material: Material) -> int:
    """How many constraints have something in the workspace to look at."""
    known = validate.load(material.workspace)
    held = material.known.classes_of(material.terms("SELECT DISTINCT ?term { ?s a ?term }"))
    said = set(material.terms("SELECT DISTINCT ?term { ?s ?term ?o }"))
    active = {
        shape
        for shape in known.targeted
        if _targets(known, shape, SH.targetClass) & held
        or (_targets(known, shape, SH.targetSubjectsOf, SH.targetObjectsOf) & said)
    }
    tried = {constraint for shape in active for constraint in known.constraints_of(shape)}
    return len(tried) + len(known.rules)


def _targets(known: Shapes, shape: URIRef, *targets: URIRef) -> set[str]:
    return {str(one) for target in targets for one in known.graph.objects(shape, target)}


def others(material: Material) -> Checked:
    """Closed namespace over what is no published graph: shapes, queries, alignments."""
    workspace = material.workspace
    schema = tuple(file for file in material.files if file.kind in SCHEMA_KINDS)
    found = [lint.check_others(workspace, material.known)]
    if material.alignments:
        known = names.of_files(workspace, (*schema, *material.alignments))
        part = Slice("alignments", "schema", material.alignments, beside=schema)
        aligned = lint.check(workspace, part, known)
        counts = {"alignments": aligned.counts["files"]}
        found.append(Checked(aligned.problems, counts))
    both = combine(found)
    counts = {name: both.counts[name] for name in ("shapes files", "query files", "alignments")
              if name in both.counts}  # fmt: skip
    return checked("others", both.problems, counts, where=".", must_see="query files")


def tidy(material: Material) -> Checked:
    """Every hygiene rule; those that look at the schema alone are kept as long as it stays."""
    rules = hygiene.rules(material.workspace)
    schema = tuple(file for file in material.files if file.kind in SCHEMA_KINDS)
    digest = hygiene.digest(material.workspace)
    found = []
    for over, files in (("schema", schema), ("all", material.files)):
        which = [rule for rule in rules if rule.over == over]
        one, fresh = material.kept.or_look(
            f"hygiene.{over}",
            [digest, *_digests(files)],
            lambda files=files, which=which: hygiene.check_files(  # type: ignore[misc]
                material.workspace, files, which
            ),
        )
        material.looked_anew += fresh
        found.append(one)
    counts = {"rules": len(rules), "triples": found[-1].counts["triples"]}
    # No rule over data is no fault; no rule at all is.
    problems = [p for p in combine(found).problems if p.rule != "saw-nothing"]
    return checked(hygiene.GATE, problems, counts, where="queries/hygiene", must_see="rules")


def _digests(files: Iterable[GraphFile]) -> Iterator[str]:
    for file in files:
        yield f"{file.graph} {file.relative} {file.digest}"


def every_graph(material: Material) -> Iterator[str]:
    """Digests of all graphs, published or not."""
    yield from _digests(material.workspace.graph_files)


def published(material: Material) -> Iterator[str]:
    """Digests of published graphs."""
    yield from _digests(material.files)


def not_data(material: Material) -> Iterator[str]:
    """Digests of schema, alignments, shapes and queries."""
    yield from _digests(file for file in material.files if file.kind in SCHEMA_KINDS)
    yield from _digests(material.alignments)
    yield _queries(material)


def everything(material: Material) -> Iterator[str]:
    """Digests of all graphs, shapes and queries."""
    yield from every_graph(material)
    yield _queries(material)


def _queries(material: Material) -> str:
    workspace = material.workspace
    return slices.digest_of(
        [*workspace.files("queries/**/*.rq"), *workspace.files("shapes/**/*.*")]
    )
