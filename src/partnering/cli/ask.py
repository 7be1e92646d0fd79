"""``partnering questions``, ``ask`` and ``query``: answers on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

import click

from partnering.cli import options
from partnering.errors import WrongUse
from partnering.workspace import Workspace

if TYPE_CHECKING:
    from partnering.store.base import Engine


@click.command()
@options.workspace
@click.option("--tag", help="Only questions with this tag.")
@options.result_format
def questions(workspace: Workspace, tag: str | None, form: str) -> None:
    """List the saved questions."""
    from partnering.answering.questions import Catalogue

    found = [q for q in Catalogue(workspace).questions if tag is None or tag in q.tags]
    if form == "json":
        click.echo(json.dumps([q.summary() for q in found], ensure_ascii=False, indent=2))
        return
    rows = [(q.id, q.slug, q.wording, " ".join(q.tags)) for q in found]
    click.echo(options.rows_as(form, ("id", "slug", "question", "tags"), rows), nl=False)


@click.command()
@click.argument("slug")
@options.parameters
@options.rule
@click.option("--why", is_flag=True, help="Show what each row rests on, down to the paragraph.")
@options.workspace
@options.result_format
def ask(
    slug: str,
    parameters: tuple[str, ...],
    rule: str | None,
    why: bool,
    workspace: Workspace,
    form: str,
) -> None:
    """Answer the saved question SLUG.

    As CSV the rows alone are printed; the line to cite them by goes to standard error.
    """
    from partnering.cli import telling

    kg = options.opened(workspace)
    answer = kg.ask_question(slug, **options.filled(parameters, rule))
    if form == "json":
        document = answer.to_dict()
        if why:
            document["why"] = [answer.why(at).to_dict() for at in range(len(answer.table))]
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    elif form == "csv":
        click.echo(answer.to_csv(), nl=False)
        click.echo(f"To cite: {answer.citation}", err=True)
    else:
        click.echo("\n".join(telling.answer(answer, why)))


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@options.workspace
@click.option(
    "--format",
    "form",
    metavar="NAME",
    help="table, csv, tsv, json, xml; for graphs ttl, nt, jsonld, rdfxml, trig, nq.",
)
@click.option(
    "--why", is_flag=True, help="Show what each row of a SELECT rests on, and whether it is all."
)
def query(file: TextIO, workspace: Workspace, form: str | None, why: bool) -> None:
    """Run any SPARQL query from FILE, or standard input with -, under the endpoint's limits."""
    from partnering.store import gate
    from partnering.store.readers import ReaderPool

    text = file.read()
    asked = gate.check(text)
    index = options.opened(workspace).index
    pool = ReaderPool(index.path, readers=1)
    try:
        if why:
            if asked.form != "SELECT":
                raise WrongUse(f"Only a SELECT has rows to explain, and this is {asked.form}.")
            click.echo("\n".join(_explained(pool, text)))
            return
        if form in (None, "table") and asked.form == "SELECT":
            from partnering.store.base import select

            table = select(pool, text)
            click.echo(options.rows_as("table", table.columns, table.rows), nl=False)
            click.echo(f"rows: {len(table):,}", err=True)
            return
        default = "ttl" if asked.form in ("CONSTRUCT", "DESCRIBE") else None
        reply = pool.execute(text, media_type=default if form == "table" else form or default)
        sys.stdout.buffer.write(reply.body)
    finally:
        pool.close()


def _explained(engine: Engine, text: str) -> Iterator[str]:
    """Every row with its reasons; partial where these alone do not give the row again."""
    from partnering.answering.explain import Explainer
    from partnering.answering.proof import proof_graph, proves
    from partnering.cli import telling
    from partnering.store.base import select

    explainer = Explainer(engine)
    table = select(engine, text)
    proved = 0
    for number, cells in enumerate(table.rows, 1):
        row = dict(zip(table.columns, cells, strict=True))
        yield f"{number}. " + " · ".join(f"{name}: {cell}" for name, cell in row.items())
        yield from telling.reasons(explainer.why(text, row), {})
        graph = proof_graph(engine, text, row)
        if proves(text, row, graph):
            proved += 1
            yield f"  Proved: {len(graph)} triples alone give this row again."
        else:
            yield "  Partial: the triples found do not give this row again by themselves."
    yield f"rows: {len(table):,}, proved: {proved:,}"
