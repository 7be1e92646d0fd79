"""The knowledge graph as a library: ``import partnering; kg = partnering.open()``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import URIRef
from rdflib.term import Identifier

from partnering.answering.answer import Answer, RuleUsed
from partnering.answering.explain import Explainer, Why
from partnering.answering.questions import BoundQuestion, Catalogue, Question
from partnering.answering.together import together
from partnering.answering.vocabulary import Vocabulary
from partnering.errors import Missing
from partnering.namespaces import BASE
from partnering.pipeline import publish, texts
from partnering.pipeline.publish import Index
from partnering.search import Results, Search
from partnering.sources.passages import Passages
from partnering.store.base import Engine, Table, select
from partnering.workspace import Workspace, locate

if TYPE_CHECKING:
    from partnering.doubt.candidates import Kind
    from partnering.doubt.scratch import Scratch
    from partnering.doubt.sensitivity import Sensitivity
    from partnering.doubt.why_not import WhyNot

_RULES = """
PREFIX ptn: <https://w3id.org/partnering/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?rule ?label ?version ?definition WHERE {
  ?rule a ptn:SuccessRule ;
    rdfs:label ?label ; ptn:ruleVersion ?version ; skos:definition ?definition .
}"""


_SAID = "CONSTRUCT { ?thing ?about ?value } WHERE { VALUES ?thing { %s } ?thing ?about ?value }"


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
        return self.ask_together([self.bind(slug, parameters)])[0]

    def bind(self, slug: str, parameters: Mapping[str, str | Sequence[str]]) -> BoundQuestion:
        """A saved question with its blanks filled, not yet asked; raises as ``ask_question``."""
        return self.catalogue.get(slug).bind(parameters, self.vocabulary)

    def ask_together(self, asked: Sequence[BoundQuestion]) -> list[Answer]:
        """Answer several at once: the same answers, with fewer round trips."""
        tables = together(self.engine, [bound.query for bound in asked])
        day = self.index.published.date()
        return [Answer(bound, tables[bound.query], self._rules(bound), self.snapshot, day,
                       self.explainer) for bound in asked]  # fmt: skip

    def turtle(self, answer: Answer) -> str:
        """All that is said of each thing an answer names, as Turtle; how to cite it as a comment."""
        things = sorted({cell for row in answer.table for cell in row
                         if isinstance(cell, URIRef) and cell.startswith(BASE)})  # fmt: skip
        query = _SAID % " ".join(thing.n3() for thing in things)
        told = self.engine.execute(query, media_type="ttl").body.decode() if things else ""
        return f"# {answer.citation}\n{told}"

    def why(self, query: str, row: Mapping[str, Identifier | None]) -> Why:
        """Reasons of one row of a query of your own."""
        return self.explainer.why(query, row)

    @cached_property
    def scratch(self) -> Scratch:
        """A copy in memory on which cases can be changed; loaded when first asked for."""
        from partnering.doubt.scratch import Scratch

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
        seconds: float | None = None,
    ) -> WhyNot:
        """The same, with at most so many additions tried, none begun after so long."""
        from partnering.doubt.given import resolved
        from partnering.doubt.why_not import MOST_TRIED, Asker

        question = self.catalogue.get(slug)
        blanks = {parameter.name for parameter in question.parameters}
        filled = {name: value for name, value in given.items() if name in blanks}
        bound = question.bind({**parameters, **filled}, self.vocabulary)
        wanted = {name: value for name, value in given.items() if name not in blanks}
        terms = resolved(bound, wanted, self.engine, self.vocabulary)
        most = MOST_TRIED if most_tried is None else most_tried
        return Asker(self.scratch, most, seconds).why_not(bound, terms)

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
        from partnering.doubt.candidates import KINDS
        from partnering.doubt.sensitivity import Doubter

        doubter = Doubter(self.workspace, self.scratch)
        return doubter.doubt(answer.bound, kinds or KINDS, about=about)

    def close(self) -> None:
        self.engine.close()

    def _rules(self, bound: BoundQuestion) -> tuple[RuleUsed, ...]:
        used = []
        for parameter in bound.question.parameters:
            if parameter.kind == "rule":
                chosen = bound.bound[parameter.name] or self.vocabulary.choices("rule")
                used += [RuleUsed(one.name, *self._rules_told[str(one.iri)]) for one in chosen]
        return tuple(used)

    @cached_property
    def _rules_told(self) -> dict[str, tuple[str, str, str]]:
        """Label, version and definition of each rule; read once, as all that names things."""
        return {str(rule): (str(label), str(version), str(definition))
                for rule, label, version, definition in self.select(_RULES).rows}  # fmt: skip


def open(workspace: Path | str | None = None, *, build: bool = True) -> KnowledgeGraph:
    """Open a workspace as a knowledge graph in this process, building what is stale.

    ``workspace`` is a folder; without one, the one stood in, else the shipped one. With
    ``build=False`` the index in force is used as it is; ``Missing`` where there is none.
    """
    place = locate(workspace)
    index = publish.current(place)
    if build and (index is None or index.inputs != publish.inputs_digest(place)):
        # Imported here: what is not stale should not wait for what only builds need.
        from partnering.pipeline import build as building

        index = building.build(place).index
    if index is None:
        raise Missing("Nothing has been built yet.", where=str(place.root), mend="partnering build")
    return KnowledgeGraph(index.load(), place, index)
