"""Check every anchor against the text: exact, moved, changed or missing. Nothing is mended.

An anchor that no longer matches is reported with where its words are now; moving it is a
coder's decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from partnering.namespaces import PTN
from partnering.sources.anchors import Anchor
from partnering.sources.rendition import Paragraph, Rendition, digest_of, paragraphs


class Status(StrEnum):
    """What became of an anchor's words."""

    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True)
class Checked:
    """One anchor as one graph has it; ``detail`` says what is wrong, or where the words are."""

    graph: str
    anchor: str
    status: Status
    detail: str = ""


@dataclass(frozen=True)
class Verification:
    """All anchors checked against one rendition.

    ``coded_digest`` is the digest of the text that was coded, where a graph names one, and
    ``paragraphs_changed`` the numbers of described paragraphs whose digest is another.
    """

    anchors: tuple[Checked, ...]
    digest: str
    coded_digest: str | None
    paragraphs_seen: int
    paragraphs_changed: tuple[int, ...]

    @property
    def same_text(self) -> bool:
        return self.coded_digest in (None, self.digest)

    @property
    def counts(self) -> Counter[Status]:
        return Counter(checked.status for checked in self.anchors)

    @property
    def by_graph(self) -> dict[str, Counter[Status]]:
        found: dict[str, Counter[Status]] = {}
        for checked in self.anchors:
            found.setdefault(checked.graph, Counter())[checked.status] += 1
        return found

    @property
    def not_exact(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.anchors if one.status is not Status.EXACT)

    @property
    def ok(self) -> bool:
        """At least one anchor seen, and all of them and the paragraphs as they were coded."""
        return bool(self.anchors) and not self.not_exact and not self.paragraphs_changed


@dataclass(frozen=True)
class _Claim:
    graph: str
    name: str
    anchor: Anchor | None
    digest: str
    fault: str = ""


def verify(graphs: Mapping[str, Graph], rendition: Rendition, base: str) -> Verification:
    """Check the anchors of all graphs that are of the source whose names begin with ``base``."""
    found = paragraphs(rendition)
    claims = [claim for name, graph in graphs.items() for claim in _claims(name, graph, base)]
    wrong = [c for c in claims if c.anchor and not c.fault and not _holds(c, found)]
    lost = {(c.anchor.end - c.anchor.start, c.digest) for c in wrong if c.anchor}
    elsewhere = _places(lost, found)
    seen, changed = _described(graphs.values(), found, base)
    coded = {
        str(digest)
        for graph in graphs.values()
        for rendered, digest in graph.subject_objects(PTN.renditionDigest)
        if str(rendered).startswith(base)
    }
    return Verification(
        tuple(_check(claim, found, elsewhere) for claim in claims),
        rendition.digest,
        min(coded) if coded else None,
        seen,
        changed,
    )


def _claims(name: str, graph: Graph, base: str) -> list[_Claim]:
    used: set[Node] = set(graph.objects(None, PTN.hasAnchor))
    described = set(graph.subjects(PTN.anchoredIn, None))
    return [
        _claim(name, graph, node, base)
        for node in sorted(used | described, key=str)
        # Words left in place of an anchor belong to no source yet, and are no anchor.
        if isinstance(node, Literal) or str(node).startswith(base)
    ]


def _claim(name: str, graph: Graph, node: Node, base: str) -> _Claim:
    shown = str(node).removeprefix(base)
    anchor = Anchor.parse(str(node))
    digest = str(graph.value(node, PTN.passageDigest) or "")
    if isinstance(node, Literal):
        return _Claim(name, f"'{shown[:30]}…'", None, "", "words instead of an anchor")
    if anchor is None:
        return _Claim(name, shown, None, digest, "its name is not that of an anchor")
    if not digest:
        return _Claim(name, shown, anchor, "", "used, but not described in this file")
    says = (
        graph.value(node, PTN.anchoredIn),
        graph.value(node, PTN.startOffset),
        graph.value(node, PTN.endOffset),
    )
    meant = (URIRef(f"{base}p{anchor.paragraph}"), Literal(anchor.start), Literal(anchor.end))
    fault = "" if says == meant else "its description differs from its name"
    return _Claim(name, shown, anchor, digest, fault)


def _holds(claim: _Claim, found: Sequence[Paragraph]) -> bool:
    passage = claim.anchor.passage(found) if claim.anchor else None
    return passage is not None and digest_of(passage) == claim.digest


def _check(
    claim: _Claim, found: Sequence[Paragraph], elsewhere: Mapping[str, list[Anchor]]
) -> Checked:
    if claim.anchor is None or not claim.digest:
        return Checked(claim.graph, claim.name, Status.MISSING, claim.fault)
    if claim.fault:
        return Checked(claim.graph, claim.name, Status.CHANGED, claim.fault)
    if _holds(claim, found):
        return Checked(claim.graph, claim.name, Status.EXACT)
    if places := elsewhere.get(claim.digest):
        where = ", ".join(place.local_name for place in places[:3])
        return Checked(claim.graph, claim.name, Status.MOVED, f"its words are now at {where}")
    if claim.anchor.passage(found) is None:
        return Checked(claim.graph, claim.name, Status.MISSING, "lies outside the text")
    return Checked(claim.graph, claim.name, Status.CHANGED, "other words stand there now")


def _places(
    wanted: Iterable[tuple[int, str]], found: Sequence[Paragraph]
) -> dict[str, list[Anchor]]:
    """Where else spans with these lengths and digests stand: one walk a length."""
    by_length: dict[int, set[str]] = {}
    for length, digest in wanted:
        by_length.setdefault(length, set()).add(digest)
    places: dict[str, list[Anchor]] = {}
    for length, digests in by_length.items():
        for paragraph in found:
            for start in range(paragraph.length - length + 1):
                digest = digest_of(paragraph.text[start : start + length])
                if digest in digests:
                    place = Anchor(paragraph.number, start, start + length)
                    places.setdefault(digest, []).append(place)
    return places


def _described(
    graphs: Iterable[Graph], found: Sequence[Paragraph], base: str
) -> tuple[int, tuple[int, ...]]:
    """How many described paragraphs were seen, and which differ from the text's."""
    digests = {f"{base}p{paragraph.number}": paragraph.digest for paragraph in found}
    seen, changed = 0, set()
    for graph in graphs:
        for node, digest in graph.subject_objects(PTN.textDigest):
            if str(node).startswith(base):
                seen += 1
                if digests.get(str(node)) != str(digest):
                    changed.add(int(str(node).removeprefix(f"{base}p")))
    return seen, tuple(sorted(changed))
