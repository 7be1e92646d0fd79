"""A new source: the outline from which its text is numbered."""

from __future__ import annotations

from pathlib import Path

from partnering.errors import WrongUse
from partnering.extend.edits import Edits
from partnering.extend.scheme import slug
from partnering.sources.attach import Source
from partnering.sources.rendition import Paragraph, Rendition, paragraphs
from partnering.workspace import Workspace

_TEXT = """# Where the sections of the source begin, and what it says about itself.
# Written by 'partnering new source' from the form of the text; correct it by hand, then run
# 'partnering source import' again.

document:
  slug: {slug}
  prefix: {prefix}
  title: {title}
  creators: [{creators}]
  language: en-GB
  # TODO: edition, publisher, funder, and a note of what the source leaves out, where it says so

sections:
  - {{id: front-matter, title: Front matter, starts: 1, kind: title page}}
"""


def add(
    workspace: Workspace,
    edits: Edits,
    name: str,
    text: Path,
    *,
    title: str,
    creators: tuple[str, ...],
) -> tuple[str, list[str]]:
    """Write a source's outline; returns its path and the headings that were found.

    A short paragraph without a full stop is taken for a heading.
    """
    if name != slug(name) or not name:
        raise WrongUse(f"{name!r} cannot be a name in addresses.", mend=f"use {slug(name)!r}")
    if any(name == source.slug for source in Source.all_of(workspace)):
        raise WrongUse(f"There is a source {name!r}.", mend="choose another name")
    taken = {source.outline.document.prefix for source in Source.all_of(workspace)}
    prefix = "".join(word[0] for word in name.split("-"))
    prefix = name.replace("-", "") if prefix in taken or len(prefix) < 2 else prefix
    found = [p for p in paragraphs(Rendition.from_file(text)) if _is_heading(p)]
    relative = f"data/sources/{name}/outline.yaml"
    head = _TEXT.format(slug=name, prefix=prefix, title=_yaml(title),
                        creators=", ".join(map(_yaml, creators)))  # fmt: skip
    edits.create(relative, head + "".join(_section(p, found[:at]) for at, p in enumerate(found)))
    return relative, [p.text.strip() for p in found]


def _section(heading: Paragraph, before: list[Paragraph]) -> str:
    words = heading.text.strip()
    same = sum(slug(one.text) == slug(words) for one in before)
    name = slug(words)[:60].strip("-") + (f"-{same + 1}" if same else "")
    return f"  - {{id: {name}, title: {_yaml(words)}, heading: {heading.number}}}\n"


def _is_heading(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    return (
        paragraph.number > 1
        and paragraph.part == "line"
        and 0 < len(text.split()) <= 8
        and text[0].isupper()
        and not text.isupper()
        and text[-1].isalnum()
    )


def _yaml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
