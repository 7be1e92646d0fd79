"""Saved questions: a ``.rq`` file with a ``#+`` header in YAML, after grlc.

A parameter is bound by rewriting the ``VALUES ?name { … }`` block of the query with terms;
no text a user gives is ever spliced into a query.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from partnering import yaml_text
from partnering.anatomy import dissect
from partnering.answering.vocabulary import Choice, Vocabulary
from partnering.errors import NotFound, ReadError, WrongUse
from partnering.workspace import Workspace

ANY = "any"
"""The value that leaves a parameter open (``UNDEF``)."""
_VALUES = r"VALUES\s+\?{name}\s*\{{[^}}]*\}}"


@dataclass(frozen=True)
class Parameter:
    """One blank in a question: what kind of value fills it, and what it is filled with unasked.

    ``kind`` is ``scheme:<notation>``, ``case``, ``partnership``, ``actor``, ``rule``, ``text``
    or ``number``; ``any_phrase`` is what the question says when it is left open.
    """

    name: str
    title: str
    kind: str
    default: str
    any_phrase: str | None = None

    @property
    def may_be_any(self) -> bool:
        return self.any_phrase is not None


@dataclass(frozen=True)
class Column:
    """One column of an answer; ``label`` names the variable that holds its words."""

    name: str
    title: str
    kind: str
    label: str | None = None


@dataclass(frozen=True)
class Question:
    """A saved question: its header and its query."""

    id: str
    slug: str
    wording: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    caveats: tuple[str, ...]
    view: str
    query: str
    path: Path

    @property
    def asks_success(self) -> bool:
        """Whether the answer depends on a rule of success."""
        return any(parameter.kind == "rule" for parameter in self.parameters)

    @property
    def variables(self) -> tuple[str, ...]:
        """Every declared variable, labels after their things."""
        return tuple(
            name for c in self.columns for name in ((c.name, c.label) if c.label else (c.name,))
        )

    def summary(self) -> dict[str, Any]:
        """The object that ``partnering questions`` and ``/api/questions`` list."""
        return {
            "id": self.id,
            "slug": self.slug,
            "question": self.wording,
            "description": self.description,
            "parameters": [
                {"name": p.name, "title": p.title, "kind": p.kind, "default": p.default}
                for p in self.parameters
            ],
            "tags": list(self.tags),
        }

    def bind(
        self, given: Mapping[str, str | Sequence[str]], vocabulary: Vocabulary
    ) -> BoundQuestion:
        """Fill the blanks; ``WrongUse`` for an unknown parameter or a value it does not take."""
        names = [parameter.name for parameter in self.parameters]
        for name in given:
            if name not in names:
                raise WrongUse(
                    f"The question {self.slug!r} has no parameter {name!r}.",
                    mend=f"it takes {', '.join(names) or 'none'}",
                )
        bound: dict[str, tuple[Choice, ...]] = {}
        text = self.query
        for parameter in self.parameters:
            value = given.get(parameter.name) or parameter.default
            values = [value] if isinstance(value, str) else list(value)
            choices = _choices(parameter, values, vocabulary)
            bound[parameter.name] = choices
            text = _rewrite(text, parameter, choices)
        return BoundQuestion(self, bound, text)


@dataclass(frozen=True)
class BoundQuestion:
    """A question with its blanks filled; an empty tuple of choices means any."""

    question: Question
    bound: Mapping[str, tuple[Choice, ...]]
    query: str

    @property
    def sentence(self) -> str:
        """The question as it was asked, in words."""
        words = {}
        for parameter in self.question.parameters:
            choices = self.bound[parameter.name]
            words[parameter.name] = (
                " or ".join(choice.label for choice in choices)
                if choices
                else (parameter.any_phrase or "")
            )
        return re.sub(r"\s+", " ", self.question.wording.format(**words)).replace(" ?", "?").strip()

    @property
    def values(self) -> dict[str, str]:
        """Parameter names to short names, as they stand in a URL."""
        return {
            name: ",".join(choice.name for choice in choices) or ANY
            for name, choices in self.bound.items()
        }

    @property
    def narrower(self) -> str:
        """How to ask for less, as the beginning of a sentence; '' where nothing was left open."""
        still_open = [p for p in self.question.parameters if not self.bound[p.name]]
        named = " or ".join(f"{p.name}=…" for p in still_open)
        return f"narrow it, with {named} in its address, or " if named else ""

    @property
    def rules(self) -> tuple[URIRef, ...]:
        """The success rules it is asked under; none where the question knows no rule."""
        return tuple(
            choice.iri for parameter in self.question.parameters if parameter.kind == "rule"
            for choice in self.bound[parameter.name]
        )  # fmt: skip


def _choices(parameter: Parameter, values: list[str], vocabulary: Vocabulary) -> tuple[Choice, ...]:
    if parameter.may_be_any and any(value.casefold() == ANY for value in values):
        return ()
    return tuple(_choice(parameter, value, vocabulary) for value in values)


def _choice(parameter: Parameter, value: str, vocabulary: Vocabulary) -> Choice:
    if parameter.kind == "text":
        return Choice(value, f"“{value}”", URIRef(""))
    if parameter.kind == "number":
        try:
            number = int(value)
        except ValueError as error:
            raise WrongUse(
                f"{parameter.name}={value!r} is no whole number.", mend="give digits, such as 2"
            ) from error
        return Choice(str(number), str(number), URIRef(""))
    return vocabulary.resolve(parameter.kind, value, parameter=parameter.name)


def _rewrite(query: str, parameter: Parameter, choices: tuple[Choice, ...]) -> str:
    terms = " ".join(_term(parameter, choice) for choice in choices) or "UNDEF"
    block = f"VALUES ?{parameter.name} {{ {terms} }}"
    return re.sub(_VALUES.format(name=parameter.name), lambda _: block, query)


def _term(parameter: Parameter, choice: Choice) -> str:
    if parameter.kind == "text":
        return Literal(choice.name).n3()
    if parameter.kind == "number":
        return Literal(int(choice.name), datatype=XSD.integer).n3()
    return choice.iri.n3()


class Catalogue:
    """Every saved question of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """In the order of their ids; ``ReadError`` for a header that does not hold."""
        found = [
            read(path, self._workspace.relative(path))
            for path in self._workspace.files("queries/questions/*.rq")
        ]
        for attribute in ("id", "slug"):
            seen: dict[str, Question] = {}
            for question in found:
                twin = seen.setdefault(getattr(question, attribute), question)
                if twin is not question:
                    raise ReadError(
                        f"Two questions have the {attribute} {getattr(question, attribute)!r}:"
                        f" this one and {twin.path.name}.",
                        where=self._workspace.relative(question.path),
                        mend=f"give one of them another {attribute}",
                    )
        return tuple(sorted(found, key=lambda question: question.id))

    def get(self, slug: str) -> Question:
        """One question by slug or id; ``NotFound`` offers near ones."""
        for question in self.questions:
            if slug in (question.slug, question.id):
                return question
        near = difflib.get_close_matches(slug, [q.slug for q in self.questions], n=3, cutoff=0.4)
        raise NotFound(
            f"There is no question {slug!r}.",
            mend=(f"did you mean {' or '.join(near)}? " if near else "")
            + "partnering questions lists them all",
        )


def read(path: Path, shown: str) -> Question:
    """Read one ``.rq`` file; ``ReadError`` says what its header lacks."""
    text = path.read_text("utf-8")
    header = "\n".join(line[2:] for line in text.splitlines() if line.startswith("#+"))
    query = "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()
    try:
        given = yaml_text.load(header) or {}
        question = Question(
            id=given["id"],
            slug=given["slug"],
            wording=given["question"],
            description=given.get("description", ""),
            tags=tuple(given["tags"]),
            parameters=tuple(
                Parameter(name, p["title"], p["kind"], str(p["default"]), p.get("any"))
                for name, p in (given.get("parameters") or {}).items()
            ),
            columns=tuple(
                Column(name, c["title"], c["kind"], c.get("label"))
                for name, c in given["columns"].items()
            ),
            caveats=tuple(given.get("caveats") or ()),
            view=given.get("view", "table"),
            query=query + "\n",
            path=path,
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            f"The question's header does not hold: {_said(error)}",
            where=shown,
            mend="give id, slug, question, tags and columns in lines that begin with '#+'",
        ) from error
    _agree(question, shown)
    return question


def _said(error: Exception) -> str:
    """What is wrong with a header, in words of one line."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def _agree(question: Question, shown: str) -> None:
    projected = dissect(question.query).columns
    if projected != question.variables:
        raise ReadError(
            f"The header declares the columns {', '.join(question.variables)}, but the query"
            f" selects {', '.join(projected)}.",
            where=shown,
            mend="declare every selected variable, in order, each label after its thing",
        )
    for parameter in question.parameters:
        if not re.search(_VALUES.format(name=parameter.name), question.query):
            raise ReadError(
                f"The parameter {parameter.name!r} has no VALUES ?{parameter.name} {{ … }} block.",
                where=shown,
                mend="write the block with the default in it, or drop the parameter",
            )
        if f"{{{parameter.name}}}" not in question.wording:
            raise ReadError(
                f"The question's wording does not say {{{parameter.name}}}.",
                where=shown,
                mend="let the sentence say every parameter, so that an answer can be read alone",
            )
