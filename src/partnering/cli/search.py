"""``partnering search``: things found by words."""

from __future__ import annotations

import json

import click

from partnering.cli import options
from partnering.pipeline import texts
from partnering.search import Hit, Piece, words_of
from partnering.workspace import Workspace


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", default="", help=f"Only one kind of thing: {', '.join(texts.KINDS)}.")
@click.option("--case", default="", metavar="NAME", help="Only what belongs to one case.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1), help="Page of hits.")
@options.workspace
@options.result_format
def search(
    words: tuple[str, ...], kind: str, case: str, page: int, workspace: Workspace, form: str
) -> None:
    """Find things whose labels or summaries hold all WORDS, in any inflection.

    Leaves with 1 where nothing is found.
    """
    kg = options.opened(workspace)
    found = kg.search(" ".join(words), kind=kind, case=case, page=page)
    if form == "json":
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    elif form == "csv":
        rows = [(h.kind, h.case, h.iri, words_of(h.title), words_of(h.excerpt)) for h in found.hits]
        click.echo(options.rows_as("csv", ("kind", "case", "iri", "title", "text"), rows), nl=False)
    else:
        for wrong, right in found.replaced:
            click.echo(f"Nothing here says “{wrong}”; looked for “{right}”.", err=True)
        if found.loose:
            click.echo("Hardly a text holds all these words; these hold some.", err=True)
        for hit in found.hits:
            click.echo(_told(hit))
        page_of = f", page {page} of {found.pages}" if found.pages > 1 else ""
        click.echo(f"{found.total} found{page_of}", err=True)
    if not found.total:
        raise SystemExit(1)


def _told(hit: Hit) -> str:
    head = " · ".join(part for part in (hit.kind, hit.case, _marked(hit.title)) if part)
    other = f" ({_marked(hit.names)})" if hit.names else ""
    text = f"\n    {_marked(hit.excerpt)}" if hit.excerpt else ""
    return f"{head}{other}\n    {hit.iri}{text}"


def _marked(pieces: tuple[Piece, ...]) -> str:
    return "".join(click.style(text, bold=True) if hit else text for text, hit in pieces)
