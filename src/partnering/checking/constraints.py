"""The reference table of everything that is checked: what, why, and the file that provokes it.

``python -m partnering.checking.constraints > docs/reference/constraints.md`` writes it anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef
from rdflib.namespace import RDFS, SH

from partnering import workspace
from partnering.checking import hygiene, pitfalls, shapes
from partnering.workspace import Workspace

PROVOCATIONS = Path("tests/provocation")
_HEAD = """# What is checked

Written by `python -m partnering.checking.constraints`; do not edit it by hand. Each line names a
constraint, what it asks for, what it prevents, and the small files under `tests/provocation/`
that are right but for that one fault. The tests demand that each file raises exactly its
constraint, and that no constraint is without a file.
"""


@dataclass(frozen=True)
class Line:
    """One constraint as the table shows it."""

    name: str
    severity: str
    asks: str
    prevents: str


def table(at: Workspace) -> str:
    """The whole page in Markdown."""
    known = shapes.load(at)
    files = _provoking(at.root / PROVOCATIONS)
    parts = [_HEAD]
    for title, folder, lines in (
        *_by_group(known),
        ("Within one file, set by set", "validate", map(_of_rule, known.rules)),
        ("Names and references (lint)", "lint", _lint_lines(at.root / PROVOCATIONS / "lint")),
        ("Ontology and vocabularies (hygiene)", "hygiene", map(_of_rule, hygiene.rules(at))),
    ):
        rows = [_row(line, files[folder, line.name]) for line in lines]
        parts.append(f"## {title}\n\n{len(rows)} constraints.\n\n{_TOP}" + "".join(rows))
    every = hygiene.rules(at)
    found = len(pitfalls.looked_for(every))
    parts.append(_PITFALLS.format(found=found, all=len(pitfalls.PITFALLS)) + pitfalls.table(every))
    return "\n".join(parts)


_PITFALLS = """## Pitfalls of the OOPS! catalogue

{found} of the {all} pitfalls of the catalogue (https://oops.linkeddata.es/catalogue.jsp) are looked for
without a network.

"""
_TOP = "| constraint | gravity | asks | prevents | provoked by |\n|---|---|---|---|---|\n"


def _row(line: Line, files: list[str]) -> str:
    cells = (f"`{line.name}`", line.severity, line.asks, line.prevents, ", ".join(files))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _provoking(root: Path) -> dict[tuple[str, str], list[str]]:
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted((*root.glob("*/*.ttl"), *root.glob("*/*.rq"))):
        if (rule := _raises(path)) is not None:
            where = path.relative_to(root)
            found[path.parent.name, rule[0]].append(
                f"[{path.stem}](../../{PROVOCATIONS.as_posix()}/{where.as_posix()})"
            )
    return found


def _raises(path: Path) -> tuple[str, str, str] | None:
    first = path.read_text("utf-8").partition("\n")[0]
    if not first.startswith("# raises: "):
        return None
    rule, _, rest = first.removeprefix("# raises: ").partition(" | ")
    words, _, why = rest.partition(" — because ")
    return rule, words, why


def _by_group(known: shapes.Shapes) -> Iterator[tuple[str, str, Iterable[Line]]]:
    graph = known.graph
    grouped: defaultdict[URIRef, list[Line]] = defaultdict(list)
    for shape in known.constraints:
        group = graph.value(shape, SH.group)
        assert isinstance(group, URIRef), f"{shape} is in no group"
        said = shapes.spoken(str(graph.value(shape, SH.message)))
        severity = str(graph.value(shape, SH.severity)).rpartition("#")[2].lower()
        name = str(shape).rpartition("#")[2]
        grouped[group].append(Line(name, severity, said.what, said.why))
    for group in sorted(grouped, key=lambda one: int(str(graph.value(one, SH.order)))):
        yield f"{graph.value(group, RDFS.label)} (shapes)", "validate", grouped[group]


def _of_rule(rule: hygiene.Rule) -> Line:
    return Line(rule.name, rule.severity, f"{rule.banner}.", rule.why)


def _lint_lines(folder: Path) -> Iterator[Line]:
    first: dict[str, Line] = {}
    for path in sorted(folder.iterdir()):
        if (rule := _raises(path)) is not None:
            severity = "warning" if rule[0] == "deprecated-term" else "violation"
            first.setdefault(rule[0], Line(rule[0], severity, f"{rule[1]}.", rule[2]))
    yield from (first[name] for name in sorted(first))


if __name__ == "__main__":
    print(table(workspace.locate()), end="")
