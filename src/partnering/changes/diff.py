"""What the files as they are change against a git revision, in words with labels, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from partnering.answering.comparison import name_of
from partnering.changes.answer_changes import AnswerChange, answer_changes
from partnering.changes.said import Said, Things
from partnering.changes.state import State, at
from partnering.checking.problems import Problem
from partnering.workspace import Workspace

EXAMPLES = 3
_VERDICTS = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
SELECT ?partnership ?rule ?verdict WHERE {
  ?a a ptn:DerivedAssessment ; ptn:assesses ?partnership ; ptn:underRule ?rule ; ptn:hasVerdict ?verdict .
}"""


@dataclass(frozen=True)
class Thing:
    """A term or instance that came, went or is said otherwise: attribute to (before, after)."""

    iri: str
    label: str
    kind: str
    what: str
    attributes: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


class Diff:
    """Two states of one workspace held against each other."""

    def __init__(self, before: State, after: State) -> None:
        self.before = before
        self.after = after
        self._old, self._new = Things(before), Things(after)

    @cached_property
    def triples(self) -> dict[str, dict[str, list[str]]]:
        """For each graph the asserted triples taken out and put in, as lines of N-Triples."""
        old, new = self.before.asserted, self.after.asserted
        found = {}
        for graph in sorted({*old, *new}):
            gone = old.get(graph, frozenset()) - new.get(graph, frozenset())
            come = new.get(graph, frozenset()) - old.get(graph, frozenset())
            if gone or come:
                found[graph] = {"removed": sorted(gone), "added": sorted(come)}
        return found

    @cached_property
    def terms(self) -> tuple[Thing, ...]:
        """Classes, properties and concepts."""
        return tuple(self._things(self._old.terms, self._new.terms))

    @cached_property
    def instances(self) -> tuple[Thing, ...]:
        """Everything else that has a name."""
        return tuple(self._things(self._old.instances, self._new.instances))

    @cached_property
    def problems(self) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        """What the gates find now and did not, and what they found and do not any more."""
        old, new = ({(p.rule, p.focus, p.message): p for p in state.problems}
                    for state in (self.before, self.after))  # fmt: skip
        return (tuple(new[key] for key in new if key not in old),
                tuple(old[key] for key in old if key not in new))  # fmt: skip

    @cached_property
    def inferences(self) -> tuple[frozenset[str], frozenset[str]]:
        """Inferred triples gained and lost."""
        old, new = self.before.inferred, self.after.inferred
        return new - old, old - new

    @cached_property
    def verdicts(self) -> tuple[tuple[str, str, str, str], ...]:
        """Arrangement, rule, verdict before and after ('' where there was none), as IRIs."""
        old, new = (_verdicts(state.store) for state in (self.before, self.after))
        return tuple((*key, old.get(key, ""), new.get(key, "")) for key in sorted({*old, *new})
                     if old.get(key) != new.get(key))  # fmt: skip

    @cached_property
    def answers(self) -> tuple[AnswerChange, ...]:
        """Questions that gained or lost rows, and the changed things those rest on."""
        changed = {thing.iri for thing in (*self.terms, *self.instances)}
        changed |= {iri for iri, _, _, _ in self.verdicts}
        return tuple(answer_changes(self.before, self.after, changed))

    def to_dict(self) -> dict[str, Any]:
        """All of it; ``triples`` applied to the old triples gives the new ones."""
        gained, lost = self.inferences
        fails, mended = self.problems
        return {
            "triples": self.triples,
            "terms": [vars(thing) for thing in self.terms],
            "instances": [vars(thing) for thing in self.instances],
            "shapes": {"failing": [vars(p) for p in fails], "mended": [vars(p) for p in mended]},
            "inferences": {"gained": sorted(gained), "lost": sorted(lost)},
            "verdicts": [dict(zip(("partnership", "rule", "before", "after"), v, strict=True))
                         for v in self.verdicts],
            "answers": [change.to_dict() for change in self.answers],
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """All of it in words."""
        for title, things in (("Terms", self.terms), ("Instances", self.instances)):
            yield f"{title}: {_count(t.what for t in things) or 'none changed'}"
            yield from (line for thing in things for line in self._told(thing))
        fails, mended = self.problems
        yield f"Shapes and lints: {len(fails)} newly failing, {len(mended)} mended"
        yield from (f"  ! {p.where}: {p.severity}: {p.message} [{p.rule}]" for p in fails)
        yield from (f"  ✓ {p.message} [{p.rule}]" for p in mended)
        for sign, triples in zip(("gained", "lost"), self.inferences, strict=True):
            yield f"Inferences {sign}: {len(triples)}"
            yield from self._examples(triples, self._new if sign == "gained" else self._old)
        yield f"Verdicts: {len(self.verdicts)} changed"
        for thing, rule, before, after in self.verdicts:
            old, new = (self._label(v) if v else "none" for v in (before, after))
            yield f"  {self._label(thing)}, rule {self._label(rule)}: {old} → {new}"
        yield f"Answers: {len({change.slug for change in self.answers})} questions changed"
        yield from (line for change in self.answers for line in change.lines(self._label))

    def _things(self, old: Mapping[str, Said], new: Mapping[str, Said]) -> Iterator[Thing]:
        for iri in sorted({*old, *new}):
            before, after = old.get(iri), new.get(iri)
            if before and after:
                if before.values != after.values:
                    attributes = before.differences(after)
                    yield Thing(iri, after.label, after.kind, _what(attributes), attributes)
            elif said := before or after:
                what = "added" if after else "removed"
                yield Thing(iri, said.label, said.kind, what, {})

    def _told(self, thing: Thing) -> Iterator[str]:
        mark = {"added": "+", "removed": "-"}.get(thing.what, "~")
        yield f"  {mark} {thing.kind} “{thing.label}” ({name_of(thing.iri)})" + (
            "" if mark != "~" else f": {thing.what}"
        )
        for attribute, (before, after) in thing.attributes.items():
            name = self._label(attribute)
            yield from (f"      - {name}: {self._value(value)}" for value in before)
            yield from (f"      + {name}: {self._value(value)}" for value in after)

    def _examples(self, triples: frozenset[str], things: Things) -> Iterator[str]:
        by: dict[str, list[str]] = {}
        for line in sorted(triples):
            by.setdefault(line.split(" ", 2)[1][1:-1], []).append(line)
        for predicate, lines in sorted(by.items(), key=lambda item: (-len(item[1]), item[0])):
            shown = "; ".join(things.say(line) for line in lines[:EXAMPLES])
            yield f"  {len(lines)} × {self._label(predicate)}: {shown}"

    def _label(self, iri: str) -> str:
        return self._new.label(iri) or self._old.label(iri) or name_of(iri)

    def _value(self, value: str) -> str:
        return f"“{self._label(value[1:-1])}”" if value.startswith("<") else value


def between(workspace: Workspace, ref: str) -> Diff:
    """What the work tree changes against a git revision of it; all worked out on return."""
    with at(workspace, ref) as past:
        found = Diff(State(past), State(workspace))
        # The old files go with this block, and what is cached is only made when asked for.
        _ = found.problems, found.answers, found.inferences, found.verdicts, found.triples
        _ = found.terms, found.instances
    return found


def apply(
    triples: Mapping[str, Mapping[str, list[str]]], old: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """The new asserted triples, from the old ones and the ``triples`` of a diff."""
    new = dict(old)
    for graph, change in triples.items():
        held = (new.pop(graph, frozenset()) - set(change["removed"])) | set(change["added"])
        if held:
            new[graph] = held
    return new


def _what(attributes: Mapping[str, Any]) -> str:
    """A change in one word, the weightiest that fits."""
    for part, word in (("deprecated", "deprecated"), ("broader", "moved"), ("subClassOf", "moved"),
                       ("#prefLabel", "renamed"), ("#label", "renamed")):  # fmt: skip
        if any(name.endswith(part) for name in attributes):
            return word
    return "changed"


def _count(whats: Iterator[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(Counter(whats).items()))


def _verdicts(store: ox.Store) -> dict[tuple[str, str], str]:
    rows = store.query(_VERDICTS, use_default_graph_as_union=True)
    return {(row[0].value, row[1].value): row[2].value for row in rows}  # type: ignore[union-attr]
