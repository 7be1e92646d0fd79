"""Why something cannot be: Pellet's explanation as sentences with labels and places.

Pellet gives a smallest set of axioms that cannot hold together. They are followed from what
is said of a thing to the two classes it ends up in, so that the first sentence is what a
person wants to know and those below it are how it comes about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rdflib import OWL, RDF, RDFS, URIRef

from partnering.names import Names
from partnering.written import Written

Steps = tuple[str, ...]
_TOKEN = re.compile(r"[^\s(),]+")
_RELATIONS = {
    "domain": RDFS.domain,
    "range": RDFS.range,
    "subClassOf": RDFS.subClassOf,
    "equivalentTo": OWL.equivalentClass,
    "subPropertyOf": RDFS.subPropertyOf,
    "disjointWith": OWL.disjointWith,
    "inverseOf": OWL.inverseOf,
    "type": RDF.type,
}


@dataclass(frozen=True)
class Explanation:
    """What cannot be, in one sentence, and the steps to it, each with its place."""

    sentence: str
    because: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"    {step}" for step in self.because)])


@dataclass(frozen=True)
class Axiom:
    """One axiom of Pellet's: its keyword, and the names in it in order."""

    keyword: str
    names: tuple[str, ...]


def axioms(words: str, names: Mapping[str, str]) -> tuple[Axiom, ...]:
    """The axioms of the first explanation in Pellet's output, numbers turned into names."""
    found = re.search(r"Explanation\(s\):\s*\n1\)(?P<block>.*?)(?:\n\s*\n|\Z)", words, re.S)
    if found is None:
        return ()
    joined: list[str] = []
    for line in f"  {found['block']}".splitlines():
        indent = len(line) - len(line.lstrip())
        if joined and indent > 5:
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line.strip())
    return tuple(_axiom(line, names) for line in joined if line)


def _axiom(line: str, names: Mapping[str, str]) -> Axiom:
    tokens = _TOKEN.findall(line)
    keyword = next((t for t in tokens if t in _RELATIONS or t == "DisjointClasses"), "")
    inside = tuple(names.get(token, token) for token in tokens if token != keyword)
    return Axiom(keyword, inside)


class Explainer:
    """Says axioms in the words of the schema, and where they stand."""

    def __init__(self, known: Names, files: Sequence[Written]) -> None:
        self.known = known
        self.files = files

    def explain(
        self, words: str, names: Mapping[str, str], empty: str | None = None
    ) -> Explanation:
        """Pellet's words as sentences; ``empty`` is the class that cannot have a member."""
        found = axioms(words, names)
        followed = _Followed(self, found, empty)
        for axiom in found:
            if axiom.keyword not in ("DisjointClasses", "disjointWith"):
                continue
            for thing, (one, other) in followed.clashes(axiom.names):
                return Explanation(
                    self._clash(thing, one, other, axiom, empty),
                    tuple(
                        dict.fromkeys([*followed.steps(thing, one), *followed.steps(thing, other)])
                    ),
                )
        return Explanation(
            f"Nothing can be {self.a(empty)}; these do not go together:"
            if empty
            else "These do not go together:",
            tuple(self.place(axiom) for axiom in found) or ("the reasoner does not say why",),
        )

    def _clash(self, thing: str, one: str, other: str, axiom: Axiom, empty: str | None) -> str:
        one, other = sorted((one, other), key=self.label)
        both = f"{self.a(one)} and {self.a(other)}, which are declared disjoint"
        at = self.disjoint_at(axiom.names)
        if empty:
            return f"Nothing can be {self.a(empty)}: it would be {both} at {at}."
        return f"{self.say(thing)} is {both} at {at}."

    def label(self, name: str) -> str:
        """What a name is called, in the schema or in a file that is reasoned over with it."""
        if name in self.known.labels:
            return self.known.labels[name]
        found = (file.graph.value(URIRef(name), RDFS.label) for file in self.files)
        return next((str(label) for label in found if label is not None), self.known.say(name))

    def say(self, name: str) -> str:
        """A name as people know it, marked off where it is a label."""
        label = self.label(name)
        return label if label == self.known.say(name) else f"'{label}'"

    def a(self, name: str | None) -> str:
        label = self.label(name or "")
        return f"{'an' if label[:1].lower() in tuple('aeiou') else 'a'} {label}"

    def at(self, subject: str, predicate: URIRef, value: str | None = None) -> str:
        """``file:line`` of a statement, else the file or the short name of its subject."""
        wanted = (URIRef(subject), predicate, None if value is None else URIRef(value))
        for file in self.files:
            if wanted in file.graph:
                return file.where(subject, value if value else str(predicate))
        return self.known.say(subject)

    def disjoint_at(self, classes: Iterable[str]) -> str:
        """Where these classes are declared disjoint, all at once or two by two."""
        wanted = set(classes)
        for file in self.files:
            for lists in re.finditer(r"owl:members\s*\(([^)]*)\)", file.text):
                inside = lists[1].split()
                if {n for n in wanted if set(file.spellings(n)) & set(inside)} == wanted:
                    begun = file.text.rfind("AllDisjointClasses", 0, lists.start())
                    line = file.text.count("\n", 0, max(begun, 0)) + 1
                    return f"{file.relative}:{line}"
        for one, other in combinations(sorted(wanted), 2):
            for first, second in ((one, other), (other, one)):
                at = self.at(first, OWL.disjointWith, second)
                if at != self.known.say(first):
                    return at
        return "a place unknown"

    def place(self, axiom: Axiom) -> str:
        """One axiom in plain words, with its place where it has one."""
        if axiom.keyword == "DisjointClasses":
            kinds = " and ".join(self.label(name) for name in axiom.names)
            return f"nothing is two of {kinds} ({self.disjoint_at(axiom.names)})"
        if axiom.keyword and len(axiom.names) == 2:
            subject, value = axiom.names
            said = self._pair(axiom.keyword, subject, value)
            return f"{said} ({self.at(subject, _RELATIONS[axiom.keyword], value)})"
        if not axiom.keyword and len(axiom.names) == 3:
            subject, relation, value = axiom.names
            said = f"{self.say(subject)} {self.label(relation)} {self.say(value)}"
            return f"{said} ({self.at(subject, URIRef(relation), value)})"
        said = " ".join(self.label(n) if "://" in n else n for n in axiom.names[1:])
        if axiom.keyword == "equivalentTo":
            at = self.at(axiom.names[0], OWL.equivalentClass)
            return f"{self.a(axiom.names[0])} is defined as {said} ({at})"
        return " ".join((self.label(axiom.names[0]), axiom.keyword, said))

    def _pair(self, keyword: str, subject: str, value: str) -> str:
        match keyword:
            case "type":
                return f"{self.say(subject)} is {self.a(value)}"
            case "subClassOf":
                return f"{self.a(subject)} is {self.a(value)}"
            case "domain":
                return f"'{self.label(subject)}' is only said of {self.a(value)}"
            case "range":
                return f"'{self.label(subject)}' only leads to {self.a(value)}"
            case "subPropertyOf":
                return f"what '{self.label(subject)}' says, '{self.label(value)}' says too"
            case "inverseOf":
                return f"'{self.label(subject)}' is '{self.label(value)}' the other way round"
            case "disjointWith":
                return f"nothing is {self.a(subject)} and {self.a(value)}"
        return f"{self.a(subject)} is the same as {self.a(value)}"


class _Followed:
    """What follows, step by step, from the axioms of one explanation."""

    def __init__(self, speaker: Explainer, found: Sequence[Axiom], empty: str | None) -> None:
        self.speaker = speaker
        self.empty = empty
        self._types: dict[tuple[str, str], tuple[str, ...]] = {}
        self._related: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._follow(found)

    def clashes(self, disjoint: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
        things = sorted({thing for thing, _ in self._types})
        for pair in combinations(list(disjoint), 2):
            for thing in things:
                if all((thing, kind) in self._types for kind in pair):
                    yield thing, pair

    def steps(self, thing: str, kind: str) -> tuple[str, ...]:
        return self._types[thing, kind]

    def _follow(self, found: Sequence[Axiom]) -> None:
        before = -1
        while before < (before := len(self._types) + len(self._related)):
            for axiom in found:
                self._apply(axiom)

    def _type(self, thing: str, kind: str, steps: Iterable[str]) -> None:
        self._types.setdefault((thing, kind), tuple(steps))

    def _apply(self, axiom: Axiom) -> None:
        said = self.speaker.place(axiom)
        match axiom.keyword, axiom.names:
            case "type", (thing, kind):
                # A thing made up for the sake of the explanation is no reason.
                self._type(thing, kind, () if kind == self.empty else (said,))
            case "", (subject, predicate, value):
                self._related.setdefault((subject, predicate, value), (said,))
            case "subPropertyOf", (below, above):
                for (subject, predicate, value), steps in list(self._related.items()):
                    if predicate == below:
                        self._related.setdefault((subject, above, value), (*steps, said))
            case ("inverseOf", (one, other)):
                for (subject, predicate, value), steps in list(self._related.items()):
                    if predicate in (one, other):
                        turned = other if predicate == one else one
                        self._related.setdefault((value, turned, subject), (*steps, said))
            case (("domain" | "range"), (relation, kind)):
                for (subject, predicate, value), steps in list(self._related.items()):
                    if predicate == relation:
                        thing = subject if axiom.keyword == "domain" else value
                        self._type(thing, kind, (*steps, said))
            case (("subClassOf" | "equivalentTo"), (below, *above)) if "or" not in above:
                conditions = list(_conditions(above))
                for (thing, kind), steps in list(self._types.items()):
                    if kind == below:
                        self._meets(thing, conditions, (*steps, said))
                if axiom.keyword == "equivalentTo":
                    for thing in {thing for thing, _ in self._types}:
                        if (met := self._met(thing, conditions)) is not None:
                            self._type(thing, below, (*met, said))
            case _:
                pass

    def _meets(self, thing: str, conditions: Iterable[Sequence[str]], steps: Steps) -> None:
        for condition in conditions:
            match condition:
                case [kind]:
                    self._type(thing, kind, steps)
                case [relation, "value", value]:
                    self._related.setdefault((thing, relation, value), steps)

    def _met(self, thing: str, conditions: Iterable[Sequence[str]]) -> Steps | None:
        """How a thing meets every condition; None where it does not, or nobody can tell."""
        found: list[str] = []
        for condition in conditions:
            match condition:
                case [kind]:
                    steps = self._types.get((thing, kind))
                case [relation, "value", value]:
                    steps = self._related.get((thing, relation, value))
                case _:
                    steps = None
            if steps is None:
                return None
            found += steps
        return tuple(found)


def _conditions(parts: Iterable[str]) -> Iterator[list[str]]:
    """What stands between one ``and`` and the next: a class, or a relation and its value."""
    held: list[str] = []
    for part in (*parts, "and"):
        if part != "and":
            held.append(part)
        elif held:
            yield held
            held = []
