"""Reviewed answers: what each question answered when somebody last looked, kept to compare.

One CSV a question in ``queries/answers/`` of the workspace's own folder: how it was asked, then
the row, labels left out. Whatever is text for people (labels, summaries, definitions) is
replaced by the thing's short name before asking, so that rewording changes no answer.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDFS, SKOS

from partnering.answering.comparison import name_of, short
from partnering.answering.questions import Catalogue, Question
from partnering.answering.vocabulary import Vocabulary
from partnering.namespaces import PREFIXES, PTN
from partnering.reading import write_lines
from partnering.store.base import select
from partnering.store.embedded import EmbeddedEngine
from partnering.workspace import Workspace

FOLDER = Path("queries/answers")
SPOKEN = frozenset(
    str(name)
    for name in (
        RDFS.label, RDFS.comment, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition,
        SKOS.scopeNote, SKOS.changeNote, SKOS.example, DCTERMS.description, DCTERMS.title,
        PTN.summary, PTN.codingNote, PTN.caveat,
    )
)  # fmt: skip
"""Properties whose text is there to be read, not to be computed with."""
NONE = "(no rows)"
EACH = ("rule", "case")
"""Kinds of parameter whose every value is asked, not the default alone."""

Asked = dict[str, str]
Lines = tuple[tuple[str, ...], ...]


def wordless(store: ox.Store) -> ox.Store:
    """The store with every text for people replaced by its thing's short name, in place."""
    spoken = [q for name in sorted(SPOKEN)
              for q in store.quads_for_pattern(None, ox.NamedNode(name), None)]  # fmt: skip
    for quad in spoken:
        store.remove(quad)
    store.extend(_renamed(quad) for quad in spoken)
    return store


def _renamed(quad: ox.Quad) -> ox.Quad:
    text = name_of(getattr(quad.subject, "value", ""))
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(text), quad.graph_name)


class Answers:
    """The answers of a catalogue over one store, as lines of plain cells."""

    def __init__(self, store: ox.Store, catalogue: Catalogue) -> None:
        self.engine = EmbeddedEngine(wordless(store), prefixes=PREFIXES)
        self.catalogue = catalogue
        self.vocabulary = Vocabulary(self.engine)

    def asked(self, question: Question) -> tuple[Asked, ...]:
        """With the defaults; but under each rule of success and of each case, where it asks for one.

        What a case says is often in the answers about that case alone.
        """
        ways: list[Asked] = [{}]
        for parameter in question.parameters:
            if parameter.kind in EACH and not parameter.may_be_any:
                names = sorted(choice.name for choice in self.vocabulary.choices(parameter.kind))
                ways = [{**way, parameter.name: name} for way in ways for name in names]
        return tuple(ways)

    def lines(self, question: Question, given: Asked) -> Lines:
        """How it was asked, then a row, for every row; sorted."""
        bound = question.bind(given, self.vocabulary)
        asked = " ".join(f"{name}={value}" for name, value in bound.values.items())
        table = select(self.engine, bound.query)
        plain = [table.columns.index(column.name) for column in question.columns]
        rows = sorted(tuple(short(row[at]) for at in plain) for row in table.rows)
        nothing = (NONE, *[""] * (len(plain) - 1))
        return tuple((asked, *row) for row in rows or [nothing])

    def all_lines(self, question: Question) -> Lines:
        """Every way of asking it that is kept."""
        return tuple(line for given in self.asked(question) for line in self.lines(question, given))


class Reviewed:
    """The reviewed answers of one workspace."""

    def __init__(self, workspace: Workspace, answers: Answers) -> None:
        self.folder = workspace.root / FOLDER
        self._answers = answers

    def chosen(self, slugs: Sequence[str] = ()) -> tuple[Question, ...]:
        """Some questions by slug, or all of them."""
        catalogue = self._answers.catalogue
        return tuple(catalogue.get(slug) for slug in slugs) if slugs else catalogue.questions

    def path(self, question: Question) -> Path:
        """Where a question's reviewed answer is kept."""
        return self.folder / f"{question.slug}.csv"

    def kept(self, question: Question) -> Lines | None:
        """The reviewed answer; None where there is none yet."""
        if not self.path(question).exists():
            return None
        with self.path(question).open(encoding="utf-8", newline="") as file:
            return tuple(tuple(row) for row in list(csv.reader(file))[1:])

    def differences(self, question: Question) -> Iterator[str]:
        """What the present answer lacks (−) of the reviewed one or has beyond it (+)."""
        kept = self.kept(question)
        if kept is None:
            yield "no answer has been reviewed; look at it, then: partnering answers accept"
            return
        now = self._answers.all_lines(question)
        for sign, lines, others in (("-", kept, now), ("+", now, kept)):
            spare = Counter(others)
            for line in lines:
                if spare[line]:
                    spare[line] -= 1
                else:
                    yield f"{sign} {' · '.join(cell for cell in line if cell)}"

    def accept(self, question: Question) -> Path | None:
        """Keep the present answer; the file, if that changed it."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["asked", *(column.name for column in question.columns)])
        writer.writerows(self._answers.all_lines(question))
        path = self.path(question)
        if path.exists() and path.read_text("utf-8") == out.getvalue():
            return None
        write_lines(path, out.getvalue().splitlines())
        return path

    def forget_dropped(self) -> list[str]:
        """Delete the answers to questions that are no more; their names."""
        known = {self.path(question) for question in self.chosen()}
        gone = [path for path in sorted(self.folder.glob("*.csv")) if path not in known]
        for path in gone:
            path.unlink()
        return [path.name for path in gone]
