"""Gates over what follows: the reasoner, the inference rules, the rules of success."""

from __future__ import annotations

from collections.abc import Iterator

from partnering.checking.problems import Checked, Problem, checked
from partnering.errors import Missing
from partnering.gates.material import Blind, Material
from partnering.reasoning import contradictions, reason
from partnering.reasoning.explanation import Explainer
from partnering.store.base import select
from partnering.store.embedded import EmbeddedEngine
from partnering.workspace import SCHEMA_KINDS, GraphFile
from partnering.written import Written

_VERDICTS = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT ?rule (COUNT(DISTINCT ?verdict) AS ?verdicts)
WHERE { ?verdict a ptn:DerivedAssessment ; ptn:underRule ?rule } GROUP BY ?rule"""


def schema(material: Material) -> Iterator[str]:
    """Digests of what the reasoner looks at."""
    for file in (*_schema(material), *material.alignments):
        yield f"{file.relative} {file.digest}"


def _schema(material: Material) -> tuple[GraphFile, ...]:
    return tuple(file for file in material.files if file.kind in SCHEMA_KINDS)


def reasoner(material: Material) -> Checked:
    """HermiT over ontology, vocabularies and alignments; blind without a Java."""
    try:
        reason.java()
    except Missing as error:
        raise Blind(f"{error.message} {error.mend}") from error
    files = [*_schema(material), *material.alignments]
    found = reason.over_files(material.workspace, files, explain=True)
    counts = {"classes": found.classes, "things": found.individuals, "inferred": len(found.above)}
    problems = [
        Problem(
            gate="reasoner",
            severity="violation",
            message=one.sentence,
            where=one.sentence.rpartition(" ")[2].rstrip(".") if ".ttl:" in one.sentence else "",
            focus="",
            why="; ".join(one.because),
            mend="take one of these statements back, or the disjointness if it asks too much",
            rule="consistent" if not found.consistent else "satisfiable",
        )
        for one in found.explanations
    ]
    return checked("reasoner", problems, counts, where="ontology", must_see="classes")


def inference(material: Material) -> Checked:
    """The rules come to an end, and nothing is of two classes that are declared disjoint.

    With the classes that domains and ranges give, that is all the inconsistency to which the
    ontology's axioms can lead; so a slip in a case is found without handing it to a reasoner.
    """
    files = [Written(f.path, f.relative) for f in (*material.files, *material.alignments)]
    pairs = contradictions.disjoint_pairs(material.whole)
    problems = contradictions.problems(
        contradictions.among(material.whole, material.known, pairs),
        "inference",
        Explainer(material.known, files),
        material.where,
    )
    triples = sum(path.read_bytes().count(b"\n") for path in material.inferred.values())
    counts = {
        "rules": len(material.inference.rules),
        "slices": len(material.parts),
        "inferred triples": triples,
        "disjoint pairs": len(pairs),
    }
    return checked("inference", problems, counts, where="queries/rules", must_see="rules")


def success(material: Material) -> Checked:
    """Every rule of success has its query, runs, and gives a verdict where there is a case."""
    rules = material.bench.rules
    rows = select(EmbeddedEngine(material.whole), _VERDICTS).rows
    given = {str(rule): int(str(verdicts)) for rule, verdicts in rows}
    judged = {iri.rpartition("/")[2]: count for iri, count in given.items()}
    problems = [
        Problem(
            gate="success",
            severity="violation",
            message=f"The rule of success '{rule.name}' gives no verdict on any arrangement.",
            where=material.workspace.relative(rule.rule.path),
            focus="",
            why="A rule that judges nothing answers every question about success with nothing.",
            mend="run its query on a case and see which line of its pattern fits nothing",
            rule="no-verdict",
        )
        for rule in rules
        if material.judged and not judged.get(rule.name)
    ]
    counts = {"rules of success": len(rules), "verdicts": sum(given.values())}
    return checked(
        "success", problems, counts, where="data/success-rules", must_see="rules of success"
    )
