"""SPARQL's tokens, read once from left to right, and counted as they go by.

Linear on every input: the alternatives of the expression begin with different
characters, its loops are possessive (they never give back), and an attempt at an IRI
ends at the next ``<``. Tokens follow https://www.w3.org/TR/sparql11-query/#sparqlGrammar;
where pyoxigraph reads more leniently (``SERVICE<iri>{``, ``?a<?b``) so does the walk.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from partnering.errors import QueryRefused, QuerySyntax

# Letters of the grammar's PN_CHARS_BASE that \w does not know, and its other name characters.
_LETTERS = (
    r"\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    r"\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE = _LETTERS + r"\u00b7\u0300-\u036f\u203f\u2040"
_TOKEN = re.compile(
    r"""
    (?: [ \t\r\n]++ | \#[^\r\n]*+ )*+
    (?: (?P<var>    [?$][\wMORE]++ )
      | (?P<iri>    <(?!<)(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+> )
      | (?P<text>   \"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
                  | "(?!"")(?:[^"\\\r\n]|\\.)*+" | '(?!'')(?:[^'\\\r\n]|\\.)*+' )
      | (?P<name>   (?:(?:[^\W\d]|[LETTERS])(?:[\wMORE-]|\.(?=[\wMORE]))*+)?+
                    :(?:[\wMORE:-]|\.(?=[\wMORE:%\\])|%[0-9A-Fa-f]{2}
                       |\\[_~.\-!$&'()*+,;=/?\#@%])*+ )
      | (?P<word>   (?:[^\W\d]|[LETTERS])(?:[\wMORE-]|\.(?=[\wMORE]))*+ )
      | (?P<number> [0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+ )
      | (?P<lang>   @[A-Za-z][A-Za-z0-9-]*+ )
      | (?P<open>   <<\(? | \{\| | [{(\[] )
      | (?P<close>  \)>> | >> | \|\} | [})\]] )
      | (?P<op>     && | \|\| | \^\^ | [<>!]= | [-+*/|^!=<>?] )
      | (?P<punct>  [.;,~] )
      | (?P<end>    \Z )
      | (?P<bad>    . )
    )
    """.replace("MORE", _MORE).replace("LETTERS", _LETTERS),
    re.X | re.S,
)
# Words that add a layer to the algebra without an operator of their own.
_LAYERS = {"FILTER", "BIND", "AS", "UNION", "OPTIONAL", "MINUS"}
_LAYERS |= {"EXISTS", "GRAPH", "LATERAL", "VALUES", "SELECT", "HAVING"}
# Before the first of these, or the group they begin with, stands a query's FROM.
_AFTER_DATASET = {"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
_PATH = frozenset("/|*+?^")
# What a bracket holds. OUTER is the query outside all brackets.
OUTER, TRIPLES, EXPRESSION, PATH, LIST, DATA = range(6)
# Where in a triple the next term stands. REST is after the object or a keyword, until the next
# bracket closes; CLAUSE is a sub-select's own SELECT, HAVING or BY, until a brace.
SUBJECT, PREDICATE, OBJECT, REST, CLAUSE = range(5)


def place(query: str, offset: int) -> str:
    """Line and column of an offset, both from 1."""
    before = query[:offset]
    return f"line {before.count(chr(10)) + 1}, column {offset - before.rfind(chr(10))}"


MAX_BASES, MAX_BASE, MAX_DATASETS = 16, 2048, 100
"""Each costs a look at the whole IRI it is resolved against."""


class Walk:
    """One pass over a query; the attributes hold what it met."""

    def __init__(self, query: str, depth: int, operators: int, patterns: int) -> None:
        self.query = query
        self.max_depth, self.max_operators, self.max_patterns = depth, operators, patterns
        self.deepest = self.operators = self.patterns = 0
        self.first_word, self.first_offset = "", 0
        self.services: list[int] = []
        self.datasets: list[tuple[str, bool, int]] = []
        self.groups: list[int] = []
        self.after_form = len(query)
        self._stack: list[tuple[int, int]] = []
        self._holds, self._at = OUTER, REST
        self._pending = ""
        self._perhaps_service: int | None = None
        self._operand = False
        self._prefixes: dict[str, tuple[str, str]] = {}
        self._base, self._bases = "", 0
        self._prefix = ""

    def run(self) -> None:
        """Read to the end, or raise at the first token that does not fit."""
        for token in _TOKEN.finditer(self.query):
            group = token.lastgroup or "bad"
            if group == "end":
                return
            text, offset = token[group], token.start(group)
            if self._perhaps_service is not None:
                if text == "{":
                    self.services.append(self._perhaps_service)
                self._perhaps_service = None
            if group in ("var", "iri", "name", "text", "number"):
                self._term(group, text, offset)
            elif group == "word":
                self._word(text, offset)
            elif group == "open":
                self._open(text, offset)
            elif group == "close":
                self._close()
            elif group == "op":
                self._operator(text, offset)
            elif group == "punct":
                self._separator(text)
            elif group == "bad":
                self._refuse_character(text, offset)
            self._operand = group not in ("op", "open", "word", "punct")

    def _term(self, group: str, text: str, offset: int) -> None:
        if self._holds == OUTER:
            self._outer_term(group, text, offset)
            return
        if self._holds == EXPRESSION:
            if group == "iri" and self._operand:
                # "?a<?b+1>?c": the engine reads operators where the grammar reads an IRI.
                self._grow_operators(sum(text.count(c) for c in "<>+-*/=!&"), offset)
                self._grow_depth(len(self._stack) + text.count("("), offset)
        elif self._holds == TRIPLES:
            self._advance(offset)
        elif self._holds == LIST:
            self._grow_patterns(1, offset)
        if group == "name" and text.partition(":")[0].upper().startswith("SERVICE"):
            self._perhaps_service = offset

    def _advance(self, offset: int) -> None:
        """Take the next place in the triple; an object completes one pattern."""
        if self._at == OBJECT:
            self._grow_patterns(1, offset)
        if self._at < REST:
            self._at += 1

    def _outer_term(self, group: str, text: str, offset: int) -> None:
        pending = self._pending
        if pending == "PREFIX":
            if group == "name":
                self._prefix = text[:-1]
            elif group == "iri":
                self._prefixes[self._prefix] = (self._base, text)
                self._pending = ""
        elif pending == "BASE" and group == "iri":
            self._bases += 1
            if self._bases > MAX_BASES:
                raise self._past(offset, f"sets BASE more than {MAX_BASES} times")
            if len(text) > MAX_BASE:
                raise self._past(offset, f"sets a BASE longer than {MAX_BASE:,} characters")
            self._base, self._pending = _resolve(self._base, text), ""
        elif pending in ("FROM", "NAMED") and group in ("iri", "name"):
            if len(self.datasets) == MAX_DATASETS:
                raise self._past(offset, f"names more than {MAX_DATASETS} graphs by FROM")
            iri = _resolve(self._base, text) if group == "iri" else self._expand(text)
            self.datasets.append((iri, pending == "NAMED", offset))
            self._pending = ""
        elif self.first_word == "DESCRIBE":
            self._grow_operators(1, offset)

    def _word(self, text: str, offset: int) -> None:
        for part in text.split("."):
            self._keyword(part.upper(), offset)
            offset += len(part) + 1

    def _keyword(self, word: str, offset: int) -> None:
        if self._holds == OUTER:
            self._pending = "NAMED" if (self._pending, word) == ("FROM", "NAMED") else word
            if word not in ("PREFIX", "BASE", "VERSION") and not self.first_word:
                self.first_word, self.first_offset = word, offset
            if word in _AFTER_DATASET:
                self.after_form = min(self.after_form, offset)
        elif self._holds == TRIPLES:
            self._pending = word
            if word in ("A", "TRUE", "FALSE"):
                self._advance(offset)
            elif word in ("SELECT", "BY", "HAVING"):
                self._at = CLAUSE
            else:
                self._at = max(self._at, REST)
        if "SERVICE" in word:
            self.services.append(offset)
        if word in _LAYERS:
            self._grow_operators(1, offset)
            if word == "VALUES":
                self._grow_patterns(1, offset)

    def _open(self, bracket: str, offset: int) -> None:
        holds, at = self._holds, self._at
        if bracket == "{":
            if holds == OUTER:
                self.groups.append(offset)
            inner = DATA if self._pending in ("VALUES", "CONSTRUCT") or holds == DATA else TRIPLES
            start, after = SUBJECT, SUBJECT
        elif holds == DATA:
            inner, start, after = DATA, SUBJECT, at
        elif bracket == "(":
            inner, start, after = self._round(offset)
        else:
            if bracket != "{|" and holds == TRIPLES:
                self._advance(offset)
            elif bracket != "{|" and holds == LIST:
                self._grow_patterns(1, offset)
            inner, after = TRIPLES, self._at
            start = SUBJECT if bracket.startswith("<<") else PREDICATE
        self._stack.append((holds, after))
        self._holds, self._at = inner, start
        if bracket != "(" or self._pending != "VALUES":  # VALUES (?x ?y) {
            self._pending = ""
        self._grow_depth(len(self._stack), offset)

    def _round(self, offset: int) -> tuple[int, int, int]:
        """What a round bracket holds, and where the triple stands before and after it."""
        if self._holds == TRIPLES and self._at == PREDICATE:
            return PATH, SUBJECT, OBJECT
        if self._holds == PATH:
            return PATH, SUBJECT, self._at
        if self._holds == TRIPLES and self._at < REST:
            self._advance(offset)
            return LIST, SUBJECT, self._at
        if self._holds == LIST:
            self._grow_patterns(1, offset)
            return LIST, SUBJECT, self._at
        if self._holds == OUTER:
            self._grow_operators(1, offset)
        return EXPRESSION, SUBJECT, CLAUSE if self._at == CLAUSE else SUBJECT

    def _close(self) -> None:
        # One bracket too many is the parser's business; here it only must not stop the count.
        self._holds, self._at = self._stack.pop() if self._stack else (OUTER, REST)
        if self._pending != "VALUES":
            self._pending = ""

    def _operator(self, text: str, offset: int) -> None:
        if self._holds == PATH and text in _PATH:
            self._grow_patterns(1, offset)
        elif self._holds == TRIPLES and self._at in (PREDICATE, OBJECT) and text in _PATH:
            self._grow_patterns(1, offset)
            if text in "/|":
                self._at = PREDICATE
        else:
            self._grow_operators(1, offset)

    def _separator(self, text: str) -> None:
        if self._holds == TRIPLES:
            self._at = {".": SUBJECT, ";": PREDICATE, ",": OBJECT}.get(text, self._at)

    def _grow_depth(self, depth: int, offset: int) -> None:
        if depth > self.deepest:
            self.deepest = depth
            if depth > self.max_depth:
                raise self._past(
                    offset, f"nests brackets {depth} deep; {self.max_depth} is the most"
                )

    def _grow_operators(self, by: int, offset: int) -> None:
        self.operators += by
        if self.operators > self.max_operators:
            raise self._past(offset, f"holds more than {self.max_operators} operators")

    def _grow_patterns(self, by: int, offset: int) -> None:
        self.patterns += by
        if self.patterns > self.max_patterns:
            raise self._past(
                offset, f"holds more than {self.max_patterns} triple patterns and path steps"
            )

    def _past(self, offset: int, what: str) -> QueryRefused:
        return QueryRefused(
            f"The query {what}.",
            where=place(self.query, offset),
            mend="ask in smaller steps; a long list of values fits in VALUES",
        )

    def _refuse_character(self, text: str, offset: int) -> None:
        what = (
            "A string is opened here and never closed."
            if text in "\"'"
            else (f"The character {text!r} stands where none like it may stand.")
        )
        raise QuerySyntax(
            what, where=place(self.query, offset), mend="close it, escape it or remove it"
        )

    def _expand(self, text: str) -> str:
        prefix, _, local = text.partition(":")
        # Looked up only where a graph is named by it: queries declare many and name few.
        space = _resolve(*self._prefixes[prefix]) if prefix in self._prefixes else f"{prefix}:"
        return space + re.sub(r"\\(.)", r"\1", local)


def _resolve(base: str, text: str) -> str:
    """An IRI as written, absolute."""
    iri = text[1:-1]
    if "\\" in iri:
        iri = re.sub(r"\\(?:u(.{4})|U(.{8}))", lambda m: _character(m[1] or m[2]), iri)
    return urljoin(base, iri) if base else iri


def _character(hexadecimal: str) -> str:
    code = int(hexadecimal, 16)
    return chr(code) if code < 0x110000 else "\ufffd"
