"""``partnering source``: attach, describe, anchor, verify; ``partnering coverage``."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from partnering.errors import Missing, WrongUse
from partnering.sources import (
    Anchor,
    Coverage,
    NotLocated,
    Outline,
    Problem,
    Rendition,
    Source,
    Status,
    Tally,
    Unresolved,
    coverage_of,
    data_graphs,
    describe,
    locate,
    paragraphs,
    resolve_file,
)
from partnering.sources import verify as verify_anchors
from partnering.sources.attach import ENVIRONMENT
from partnering.workspace import Workspace
from partnering.workspace import locate as locate_workspace

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _open(_context: click.Context, _parameter: click.Parameter, folder: Path | None) -> Workspace:
    return locate_workspace(folder)


_workspace = click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    callback=_open,
    help="The workspace; else the one you stand in, else the shipped one.",
)


def _of_source(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that works on one source of a workspace."""
    command = click.option(
        "--source", "slug", metavar="SLUG", help="Which source, where the workspace has several."
    )(command)
    return _workspace(command)


_text = click.option(
    "--text",
    type=_FILE,
    help="Your copy of the source; else PARTNERING_SOURCE or the attached copy.",
)


@click.group()
def source() -> None:
    """The source: attach your copy, describe it, anchor statements in it, verify them."""


@source.command("import")
@click.argument("file", type=_FILE)
@_of_source
@click.option("--outline", type=_FILE, help="Else outline.yaml in the source's folder.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if the file would change.")
def import_(
    file: Path, workspace: Workspace, slug: str | None, outline: Path | None, check: bool
) -> None:
    """Describe FILE, a source's text, in source.ttl: document, sections, paragraphs, no text."""
    plan = Outline.read(outline) if outline else Source.of(workspace, slug).outline
    if slug is not None and slug != plan.document.slug:
        raise WrongUse(
            f"the outline is of '{plan.document.slug}', not of '{slug}'", where=plan.where
        )
    target = Source.new(workspace, plan.document.slug).description
    rendition = Rendition.from_file(file)
    placed = plan.place(paragraphs(rendition))
    text = describe(rendition, plan)
    same = target.exists() and target.read_text(encoding="utf-8") == text
    if not same and not check:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    state = "unchanged" if same else "would change" if check else "written"
    click.echo(
        f"{workspace.relative(target)}: {state}; {len(plan.rules)} sections, {len(placed)} paragraphs, "
        f"{len(rendition.text)} characters, digest {rendition.digest[:12]}…"
    )
    if check and not same:
        raise click.exceptions.Exit(1)


@source.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@_of_source
@_text
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file would change.")
def anchor(
    files: tuple[Path, ...], workspace: Workspace, slug: str | None, text: Path | None, check: bool
) -> None:
    """Replace the words quoted after ptn:hasAnchor in FILES by anchors, and describe those.

    Nothing is written to a file in which anything fails; all that is wrong is listed.
    """
    of = Source.of(workspace, slug) if slug else Source.of_files(workspace, files)
    found = of.paragraphs(text)
    problems: list[Problem] = []
    changed = 0
    for file in files:
        try:
            resolution = resolve_file(file, found, of.base, check=check)
        except Unresolved as error:
            problems += error.problems
            continue
        changed += resolution.changed
        click.echo(
            f"{file}: {len(resolution.resolved)} quotations resolved, "
            f"{len(resolution.anchors)} anchors, "
            f"{'unchanged' if not resolution.changed else 'would change' if check else 'written'}"
        )
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        click.echo(
            f"{len(problems)} problems; files with a problem are left as they were", err=True
        )
    if problems or (check and changed):
        raise click.exceptions.Exit(1)


@source.command()
@click.argument("words")
@_of_source
@_text
def find(words: str, workspace: Workspace, slug: str | None, text: Path | None) -> None:
    """Print the anchor of WORDS; every one, and exit 1, where they stand more than once."""
    of = Source.of(workspace, slug)
    prefix = of.outline.document.prefix
    try:
        place = locate(words, of.paragraphs(text))
    except NotLocated as error:
        for candidate in error.candidates:
            click.echo(candidate)
        raise
    click.echo(f"{prefix}:{place.local_name}  <{of.base}{place.local_name}>")


@source.command()
@click.argument("name", metavar="pN[.START-END]")
@_of_source
@_text
def show(name: str, workspace: Workspace, slug: str | None, text: Path | None) -> None:
    """Print a paragraph or a passage from your copy."""
    found = Source.of(workspace, slug).paragraphs(text)
    number = name.rpartition(":")[2].removeprefix("p")
    if (place := Anchor.parse(name)) is not None:
        passage = place.passage(found)
    else:
        passage = (
            found[int(number) - 1].text
            if number.isdigit() and 1 <= int(number) <= len(found)
            else None
        )
    if passage is None:
        raise WrongUse(
            f"'{name}' names no passage of the source's {len(found)} paragraphs",
            mend="write it as p152 or p152.10-40",
        )
    click.echo(passage)


@source.command()
@click.argument("file", type=_FILE)
@_of_source
def attach(file: Path, workspace: Workspace, slug: str | None) -> None:
    """Keep FILE, your copy of the source, in the workspace, so that passages can be shown."""
    of = Source.of(workspace, slug)
    rendition = of.attach(file)
    click.echo(
        f"{workspace.relative(of.attached)}: attached, the text that was coded "
        f"({len(rendition.text)} characters, digest {rendition.digest[:12]}…)"
    )


@source.command()
@click.argument("file", type=_FILE, required=False)
@_of_source
def verify(file: Path | None, workspace: Workspace, slug: str | None) -> None:
    """Check every anchor against FILE, else PARTNERING_SOURCE, else the attached copy.

    Exits 1 when an anchor is not exact, 3 when there is no copy and nothing was verified.
    """
    of = Source.of(workspace, slug)
    if of.text_file(file) is None:
        raise Missing(
            "nothing was verified: no copy of the source is attached",
            where=str(of.attached),
            mend=f"run 'partnering source attach FILE' or set {ENVIRONMENT}",
        )
    result = verify_anchors(data_graphs(workspace), of.rendition(file), of.base)
    if not result.same_text:
        click.echo("This is not the text that was coded: the digests differ.")
    for one in result.not_exact:
        click.echo(f"{one.graph}: {one.anchor}: {one.status}: {one.detail}")
    rows = [
        (name, *(counts[status] for status in Status)) for name, counts in result.by_graph.items()
    ]
    rows.append(("all", *(result.counts[status] for status in Status)))
    click.echo(_table(("file", *Status), rows))
    click.echo(
        f"{result.paragraphs_seen} paragraphs compared, "
        f"{len(result.paragraphs_changed)} differ"
        + (
            f" (p{', p'.join(map(str, result.paragraphs_changed[:10]))}…)"
            if result.paragraphs_changed
            else ""
        )
    )
    if not result.anchors:
        click.echo("No anchor was seen.")
    if not result.ok:
        raise click.exceptions.Exit(1)


@click.command()
@_of_source
@click.option(
    "--by",
    type=click.Choice(["part", "section"]),
    default="part",
    show_default=True,
    help="A row for each case and chapter, or for each section.",
)
@click.option("--left", is_flag=True, help="List the paragraphs that are left; exit 1 if any is.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
def coverage(workspace: Workspace, slug: str | None, by: str, left: bool, form: str) -> None:
    """Count the source's paragraphs: coded, nothing to code, apparatus, left.

    Exits 1 where statuses contradict each other.
    """
    report = coverage_of(data_graphs(workspace), Source.of(workspace, slug).base)
    if left:
        columns: tuple[str, ...] = ("paragraph", "kind", "section", "label")
        rows: list[tuple[Any, ...]] = [
            (f"p{one.number}", one.kind, one.section, one.label) for one in report.left
        ]
    else:
        columns = (by, *Coverage, "all", "accounted for %")
        tallies = report.by_part() if by == "part" else report.by_section()
        rows = [_tally_row(tally) for tally in (*tallies, report.total)]
    click.echo(_shown(columns, rows, form), nl=form != "csv")
    for contradiction in report.contradictions:
        click.echo(contradiction, err=True)
    if report.contradictions or (left and rows):
        raise click.exceptions.Exit(1)


def _tally_row(tally: Tally) -> tuple[Any, ...]:
    # Rounded down: with one paragraph left it is not 100.
    share = math.floor(100 * tally.accounted)
    return (tally.name, tally.coded, tally.nothing, tally.apparatus, tally.left, tally.total, share)


def _shown(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> str:
    if form == "json":
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], indent=2)
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([columns, *rows])
        return out.getvalue()
    return _table(columns, rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    cells = [[str(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    numeric = [bool(rows) and not isinstance(rows[0][at], str) for at in range(len(columns))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in cells
    )
