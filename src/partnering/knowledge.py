"""The knowledge graph as a library: ``import partnering; kg = partnering.open()``."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import URIRef
from rdflib.term import Identifier

from partnering import build as building
from partnering import publish, texts
from partnering.errors import Missing
from partnering.explain import Explainer, Why
from partnering.namespaces import BASE
from partnering.publish import Index
from partnering.questions import BoundQuestion, Catalogue, Question
from partnering.search import Results, Search
from partnering.sources.passages import Passages
from partnering.store.base import Engine, Table, select
from partnering.vocabulary import Vocabulary
from partnering.workspace import Workspace, locate

if TYPE_CHECKING:
    from partnering.candidates import Kind
    from partnering.scratch import Scratch
    from partnering.sensitivity import Sensitivity
    from partnering.why_not import WhyNot

_RULE = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label ?version ?definition WHERE {
  VALUES ?rule { %s }
  ?rule rdfs:label ?label ; ptn:ruleVersion ?version ; skos:definition ?definition .
}"""


_SAID = "CONSTRUCT { ?thing ?about ?value } WHERE { VALUES ?thing { %s } ?thing ?about ?value }"


@dataclass(frozen=True)
class RuleUsed:
    """The success rule an answer was given under."""

    name: str
    label: str
    version: str
    definition: str


@dataclass(frozen=True)
class Answer:
    """Rows of a saved question, with all that is needed to read and to doubt them."""

    bound: BoundQuestion
    table: Table
    rules: tuple[RuleUsed, ...]
    snapshot: str
    explainer: Explainer

    @property
    def question(self) -> Question:
        return self.bound.question

    @property
    def sentence(self) -> str:
        """The question as it was asked."""
        return self.bound.sentence

    @property
    def reading(self) -> str:
        """The answer in one line of plain English."""
        count = len(self.table)
        rows = "Nothing was found" if not count else f"{count} row{'' if count == 1 else 's'}"
        under = " and ".join(f"the rule “{r.label}” (version {r.version})" for r in self.rules)
        return f"{rows}{', success by ' + under if under else ''}."

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dict a row, by column; IRIs as str, literals as Python values."""
        return self.table.records()

    def why(self, row: int | Mapping[str, Identifier | None]) -> Why:
        """The reasons of one row, by its number from 0 or its cells."""
        cells = (
            dict(zip(self.table.columns, self.table.rows[row], strict=True))
            if isinstance(row, int)
            else row
        )
        rules = [
            choice.iri
            for parameter in self.question.parameters
            if parameter.kind == "rule"
            for choice in self.bound.bound[parameter.name]
        ]
        return self.explainer.why(self.bound.query, cells, rules=rules)

    def to_dict(self) -> dict[str, Any]:
        """The object that the command line's and the web's JSON are."""
        one = self.rules[0] if len(self.rules) == 1 else None
        return {
            "question": {
                "id": self.question.id,
                "slug": self.question.slug,
                "wording": self.sentence,
            },
            "parameters": self.bound.values,
            "rule": None if not self.rules else vars(one) if one else [vars(r) for r in self.rules],
            "snapshot": self.snapshot,
            "caveats": list(self.question.caveats),
            "columns": list(self.table.columns),
            "rows": self.rows,
        }

    def to_csv(self) -> str:
        """The rows as CSV (RFC 4180), a header line first."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.table.columns)
        for record in self.rows:
            writer.writerow(["" if cell is None else cell for cell in record.values()])
        return out.getvalue()


class KnowledgeGraph:
    """Queries, saved questions and their reasons over one engine."""

    def __init__(self, engine: Engine, workspace: Workspace, index: Index) -> None:
        self.engine = engine
        self.workspace = workspace
        self.index = index
        self.catalogue = Catalogue(workspace)

    @property
    def snapshot(self) -> str:
        """Digest that names the state of the data every answer was given from."""
        return self.index.snapshot

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.engine)

    @cached_property
    def passages(self) -> Passages:
        """The words of the sources, where copies are attached."""
        return Passages(self.workspace)

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.engine, self.passages)

    @cached_property
    def _search(self) -> Search:
        texts.bring_up_to_date(self.index)
        return Search(self.index)

    def search(self, words: str, *, kind: str = "", case: str = "", page: int = 1) -> Results:
        """Things whose labels or summaries hold the words, best first; see ``search.Search``."""
        return self._search(words, kind=kind, case=case, page=page)

    def select(self, query: str) -> Table:
        """Rows of any SELECT query."""
        return select(self.engine, query)

    def questions(self) -> tuple[Question, ...]:
        """The catalogue."""
        return self.catalogue.questions

    def ask_question(self, slug: str, **parameters: str | Sequence[str]) -> Answer:
        """Answer a saved question; ``NotFound`` or ``WrongUse`` where slug or value is wrong."""
        bound = self.catalogue.get(slug).bind(parameters, self.vocabulary)
        return Answer(
            bound, self.select(bound.query), self._rules(bound), self.snapshot, self.explainer
        )

    def turtle(self, answer: Answer) -> str:
        """All that is said of each thing an answer names, as Turtle; the question as a comment."""
        things = sorted({cell for row in answer.table for cell in row
                         if isinstance(cell, URIRef) and cell.startswith(BASE)})  # fmt: skip
        query = _SAID % " ".join(thing.n3() for thing in things)
        told = self.engine.execute(query, media_type="ttl").body.decode() if things else ""
        asked = "".join(f"; {name} = {value}" for name, value in answer.bound.values.items())
        return (
            f"# {answer.sentence}\n# {answer.question.id} ({answer.question.slug}{asked})\n"
            f"# Snapshot {answer.snapshot}\n{told}"
        )

    def why(self, query: str, row: Mapping[str, Identifier | None]) -> Why:
        """Reasons of one row of a query of your own."""
        return self.explainer.why(query, row)

    @cached_property
    def scratch(self) -> Scratch:
        """A copy in memory on which cases can be changed; loaded when first asked for."""
        from partnering.scratch import Scratch

        return Scratch(self.workspace, self.index)

    def why_not(
        self, slug: str, parameters: Mapping[str, str] | None = None, **given: str
    ) -> WhyNot:
        """Why nothing in an answer holds the given things, by variable: ``factor="trust"``.

        A name that is a parameter of the question fills it. ``WrongUse`` for any other name
        that the question does not speak of.
        """
        return self.why_missing(slug, parameters or {}, given)

    def why_missing(
        self,
        slug: str,
        parameters: Mapping[str, str],
        given: Mapping[str, str],
        most_tried: int | None = None,
    ) -> WhyNot:
        """The same, with at most so many additions tried."""
        from partnering.given import resolved
        from partnering.why_not import MOST_TRIED, Asker

        question = self.catalogue.get(slug)
        blanks = {parameter.name for parameter in question.parameters}
        filled = {name: value for name, value in given.items() if name in blanks}
        bound = question.bind({**parameters, **filled}, self.vocabulary)
        wanted = {name: value for name, value in given.items() if name not in blanks}
        terms = resolved(bound, wanted, self.engine, self.vocabulary)
        return Asker(self.scratch, most_tried or MOST_TRIED).why_not(bound, terms)

    def sensitivity(
        self,
        answer: Answer,
        kinds: Collection[Kind] | None = None,
        *,
        about: Collection[str] | None = None,
    ) -> Sensitivity:
        """Which single statement, value, case or rule, left out or flipped, changes which rows.

        With ``about`` only changes of these things, by IRI, are tried.
        """
        from partnering.candidates import KINDS
        from partnering.sensitivity import Doubter

        doubter = Doubter(self.workspace, self.scratch)
        return doubter.doubt(answer.bound, kinds or KINDS, about=about)

    def close(self) -> None:
        self.engine.close()

    def _rules(self, bound: BoundQuestion) -> tuple[RuleUsed, ...]:
        used = []
        for parameter in bound.question.parameters:
            if parameter.kind != "rule":
                continue
            for choice in bound.bound[parameter.name] or self.vocabulary.choices("rule"):
                (row,) = self.select(_RULE % choice.iri.n3()).rows
                used.append(RuleUsed(choice.name, *(str(cell) for cell in row)))
        return tuple(used)


def open(workspace: Path | str | None = None, *, build: bool = True) -> KnowledgeGraph:
    """Open a workspace as a knowledge graph in this process, building what is stale.

    ``workspace`` is a folder; without one, the one stood in, else the shipped one. With
    ``build=False`` the index in force is used as it is; ``Missing`` where there is none.
    """
    place = locate(workspace)
    index = publish.current(place)
    if build and (index is None or index.inputs != building.inputs_digest(place)):
        index = building.build(place).index
    if index is None:
        raise Missing("Nothing has been built yet.", where=str(place.root), mend="partnering build")
    return KnowledgeGraph(index.load(), place, index)
