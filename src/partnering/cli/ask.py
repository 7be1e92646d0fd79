"""``partnering questions``, ``ask`` and ``query``: answers on the command line."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from typing import TextIO

import click

from partnering.cli import options
from partnering.errors import WrongUse
from partnering.explain import Reason, Verdict, Why
from partnering.knowledge import Answer
from partnering.workspace import Workspace


@click.command()
@options.workspace
@click.option("--tag", help="Only questions with this tag.")
@options.result_format
def questions(workspace: Workspace, tag: str | None, form: str) -> None:
    """List the saved questions."""
    from partnering.questions import Catalogue

    found = [q for q in Catalogue(workspace).questions if tag is None or tag in q.tags]
    if form == "json":
        click.echo(json.dumps([q.summary() for q in found], ensure_ascii=False, indent=2))
        return
    rows = [(q.id, q.slug, q.wording, " ".join(q.tags)) for q in found]
    click.echo(options.rows_as(form, ("id", "slug", "question", "tags"), rows), nl=False)


@click.command()
@click.argument("slug")
@click.option(
    "--param",
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Fill a blank of the question; a concept by short name, label or IRI.",
)
@click.option("--why", is_flag=True, help="Show what each row rests on, down to the paragraph.")
@options.workspace
@options.result_format
def ask(slug: str, parameters: tuple[str, ...], why: bool, workspace: Workspace, form: str) -> None:
    """Answer the saved question SLUG."""
    import partnering

    kg = partnering.open(workspace.root)
    answer = kg.ask_question(slug, **_given(parameters))
    if form == "json":
        document = answer.to_dict()
        if why:
            document["why"] = [answer.why(at).to_dict() for at in range(len(answer.table))]
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    elif form == "csv":
        click.echo(answer.to_csv(), nl=False)
    else:
        click.echo("\n".join(_told(answer, why)))


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@options.workspace
@click.option(
    "--format",
    "form",
    metavar="NAME",
    help="table, csv, tsv, json, xml; for graphs ttl, nt, jsonld, rdfxml, trig, nq.",
)
def query(file: TextIO, workspace: Workspace, form: str | None) -> None:
    """Run any SPARQL query from FILE, or standard input with -, under the endpoint's limits."""
    import partnering
    from partnering.store import gate
    from partnering.store.readers import ReaderPool

    text = file.read()
    asked = gate.check(text)
    index = partnering.open(workspace.root).index
    pool = ReaderPool(index.path, readers=1)
    try:
        if form in (None, "table") and asked.form == "SELECT":
            from partnering.store.base import select

            table = select(pool, text)
            click.echo(options.rows_as("table", table.columns, table.rows), nl=False)
            click.echo(f"{len(table)} rows", err=True)
            return
        default = "ttl" if asked.form in ("CONSTRUCT", "DESCRIBE") else None
        reply = pool.execute(text, media_type=default if form == "table" else form or default)
        sys.stdout.buffer.write(reply.body)
    finally:
        pool.close()


def _given(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise WrongUse(f"{pair!r} is no parameter.", mend="write it as name=value")
        found[name.strip()] = value.strip()
    return found


def _told(answer: Answer, why: bool) -> Iterator[str]:
    yield answer.sentence
    yield answer.reading
    for rule in answer.rules:
        yield f"Rule {rule.label}, version {rule.version}: {rule.definition}"
    for caveat in answer.question.caveats:
        yield f"Bear in mind: {caveat}"
    yield f"Snapshot {answer.snapshot}"
    yield ""
    shown = [(c.label or c.name, c.title) for c in answer.question.columns]
    rows = [[record[name] if record[name] is not None else "" for name, _ in shown]
            for record in answer.rows]  # fmt: skip
    if not why:
        yield options.aligned([title for _, title in shown], rows)
        return
    verdicts: dict[str, Verdict] = {}
    for number, row in enumerate(rows):
        yield " · ".join(f"{title}: {cell}" for (_, title), cell in zip(shown, row, strict=True))
        reasons = answer.why(number)
        verdicts |= {verdict.assessment: verdict for verdict in reasons.verdicts}
        yield from _reasons(reasons)
        yield ""
    for verdict in verdicts.values():
        yield from _verdict(verdict)
        yield ""


def _reasons(why: Why) -> Iterator[str]:
    if why.note:
        yield f"  {why.note}"
    for reason in why.findings:
        yield from _reason(reason, "  ")
    for verdict in why.verdicts:
        yield f"  {_headline(verdict)} (reasons at the end)"
    for challenge in why.challenges:
        yield f"  Challenged ({challenge.status}): {challenge.summary}"


def _headline(verdict: Verdict) -> str:
    under = f"rule {verdict.rule} {verdict.version}"
    return f"Verdict on {verdict.partnership}, {under}: {verdict.verdict}"


def _verdict(verdict: Verdict) -> Iterator[str]:
    """A verdict's reasons, told once however many rows lean on it."""
    yield _headline(verdict)
    if verdict.caveat:
        yield f"  {verdict.caveat}"
    for label, reasons in (("for", verdict.based_on), ("against", verdict.weighs_against)):
        for reason in reasons:
            yield f"  {label}: {reason.summary} — {reason.claimant}; {_places(reason)}"


def _reason(reason: Reason, indent: str) -> Iterator[str]:
    yield f"{indent}- {reason.summary}"
    yield f"{indent}  says {reason.claimant or 'nobody named'} ({reason.voice}); {_places(reason)}"
    for place in reason.places:
        if place.passage:
            yield textwrap.indent(textwrap.fill(f"“{place.passage}”", 96), f"{indent}    ")


def _places(reason: Reason) -> str:
    return "; ".join(f"{p.label} [{p.start}–{p.end}]" for p in reason.places) or "no place given"
