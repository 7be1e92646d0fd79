"""A new rule of success: a copy of a shipped one that works at once, to be changed."""

from __future__ import annotations

import re
from pathlib import Path

from partnering.errors import NotFound, WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import slug
from partnering.workspace import Workspace

FOLDER = "data/success-rules"
JUDGE = "queries/rules/judge"


def add(
    workspace: Workspace, edits: Edits, label: str, *, like: str, definition: str
) -> tuple[str, str]:
    """Write a rule's data file and its query; returns their paths in the workspace.

    ``like`` is the rule that is copied. Raises ``WrongUse`` where the name is taken, and
    ``NotFound`` where there is no rule to copy.
    """
    name = slug(label)
    rules = {f.path.stem: f.path for f in workspace.graph_files if f.kind == "success-rule"}
    if like not in rules:
        raise NotFound(f"There is no rule {like!r}.", mend=f"copy one of {', '.join(rules)}")
    if name in rules or not name:
        raise WrongUse(f"There is a rule {name!r}.", mend="choose another label")
    data = _data(rules[like].read_text("utf-8"), like, name, label, definition, len(rules) + 1)
    query = _query(_rule_file(workspace, like).read_text("utf-8"), like, name, label)
    paths = f"{FOLDER}/{name}.ttl", f"{JUDGE}/{name}.rq"
    for relative, text in zip(paths, (data, query), strict=True):
        edits.create(relative, text)
    return paths


def _rule_file(workspace: Workspace, like: str) -> Path:
    for path in workspace.files(f"{JUDGE}/*.rq"):
        if path.stem == like:
            return path
    raise NotFound(f"The rule {like!r} has no query.", mend="copy another")


def _data(text: str, like: str, name: str, label: str, definition: str, rank: int) -> str:
    said = definition.replace("\\", "\\\\").replace('"', '\\"')
    text = re.sub(rf"\brule:{like}\b", f"rule:{name}", text)
    text = text.replace(f"{JUDGE}/{like}.rq", f"{JUDGE}/{name}.rq")
    text = re.sub(r'rdfs:label "[^"]*"', lambda _: f'rdfs:label "{label}"', text)
    # The other words for the rule copied are not words for this one.
    text = re.sub(r"\n    skos:altLabel [^;]*;", "", text)
    if definition:
        text = re.sub(r'skos:definition "[^"]*"', lambda _: f'skos:definition "{said}"', text)
    else:
        text = _marked(text, "skos:definition", f"what it counts as success; these are of '{like}'")
    text = _marked(text, "ptn:rationale", f"why; these are the words of '{like}'")
    text = re.sub(r'ptn:ruleVersion "[^"]*"', 'ptn:ruleVersion "0.1.0"', text)
    return re.sub(r"ptn:rank \d+", f"ptn:rank {rank}", text)


def _marked(text: str, prop: str, what: str) -> str:
    return text.replace(f"    {prop}", f"    # TODO: say {what}.\n    {prop}")


def _query(text: str, like: str, name: str, label: str) -> str:
    said = re.sub(r'["\\]', "", label)
    text = re.sub(rf"\brule:{like}\b", f"rule:{name}", text)
    text = text.replace(f".assessment.{like}", f".assessment.{name}")
    text = re.sub(rf"\brule {like}\b", f"rule {said}", text)
    first, _, rest = text.partition("\n")
    return (
        f"# {said[:1].upper()}{said[1:]}: a copy of '{like}', to be changed.\n"
        f"# TODO: change what is counted; '{like}' says of itself:\n{first}\n{rest}"
    )
