"""``partnering why-not``, ``what-if``, ``answers`` and ``diff``: answers held up to doubt."""

from __future__ import annotations

import json
import sys

import click

from partnering.cli import options
from partnering.workspace import Workspace


@click.command("why-not")
@click.argument("slug")
@options.parameters
@options.rule
@click.option(
    "--row",
    "-r",
    "given",
    multiple=True,
    required=True,
    metavar="NAME=VALUE",
    help="What is missing, by column or variable of the question: factor=trust, case=case-e.",
)
@click.option("--turtle", is_flag=True, help="Print the addition's triples too.")
@options.workspace
def why_not(
    slug: str,
    parameters: tuple[str, ...],
    rule: str | None,
    given: tuple[str, ...],
    turtle: bool,
    workspace: Workspace,
) -> None:
    """Say why something is not in the answer to SLUG, and what would put it there.

    Additions are tried on a copy in memory; the workspace is not touched.
    """
    import partnering

    kg = partnering.open(workspace.root)
    found = kg.why_not(slug, options.filled(parameters, rule), **options.pairs(given, "--row"))
    click.echo("\n".join(found.lines()))
    if turtle and found.addition:
        click.echo(f"\n{found.addition.turtle}")


@click.command("what-if")
@click.argument("slug")
@options.parameters
@options.rule
@click.option(
    "--only",
    "kinds",
    type=click.Choice(["statement", "value", "case", "rule"]),
    multiple=True,
    help="Try only these: a statement, case or rule left out, or a value flipped or left out.",
)
@click.option("--fragile", is_flag=True, help="Print only the rows that one thing carries.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@options.workspace
def what_if(
    slug: str,
    parameters: tuple[str, ...],
    rule: str | None,
    kinds: tuple[str, ...],
    fragile: bool,
    as_json: bool,
    workspace: Workspace,
) -> None:
    """Say which single change would change the answer to SLUG, and which rows are fragile."""
    import partnering
    from partnering.answering.comparison import say
    from partnering.doubt.candidates import KINDS
    from partnering.doubt.sensitivity import Doubter

    kg = partnering.open(workspace.root)
    answer = kg.ask_question(slug, **options.filled(parameters, rule))
    chosen = [k for k in KINDS if k in kinds or not (kinds or (fragile and k != "statement"))]
    found = Doubter(workspace, kg.scratch).doubt(answer.bound, chosen, _progress)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    click.echo(f"{answer.sentence}\n{answer.reading}")
    click.echo(f"{len(found.effects)} of {found.tried} single changes would change it.")
    if not fragile:
        click.echo("\n".join(found.lines()))
    for one in found.fragile:
        click.echo(f"fragile: {say(answer.question, found.table.rows[one.row])}: {one.reason}")


@click.group()
def answers() -> None:
    """Reviewed answers: kept in queries/answers/, compared with what the files answer now."""


@answers.command()
@click.argument("slugs", nargs=-1)
@options.workspace
def check(slugs: tuple[str, ...], workspace: Workspace) -> None:
    """Compare the answers with the reviewed ones; exit 1 where they differ."""
    import partnering
    from partnering.changes.regression import Answers, Reviewed

    kg = partnering.open(workspace.root)
    reviewed = Reviewed(workspace, Answers(kg.index.load().store, kg.catalogue))
    differences = 0
    for question in reviewed.chosen(slugs):
        for line in reviewed.differences(question):
            differences += 1
            click.echo(f"{question.slug}: {line}")
    click.echo(f"{len(reviewed.chosen(slugs))} questions compared, {differences} differences")
    if differences:
        raise SystemExit(1)


@answers.command()
@click.argument("slugs", nargs=-1)
@options.workspace
def accept(slugs: tuple[str, ...], workspace: Workspace) -> None:
    """Keep the present answers as reviewed, those to SLUGS or all."""
    import partnering
    from partnering.changes.regression import Answers, Reviewed

    kg = partnering.open(workspace.root)
    reviewed = Reviewed(workspace, Answers(kg.index.load().store, kg.catalogue))
    written = [path.name for q in reviewed.chosen(slugs) if (path := reviewed.accept(q))]
    gone = [] if slugs else reviewed.forget_dropped()
    for name in (*written, *(f"{name} (removed)" for name in gone)):
        click.echo(name)
    click.echo(f"{len(reviewed.chosen(slugs))} answers kept, {len(written)} of them changed")


@answers.command()
@click.argument("slugs", nargs=-1)
@options.workspace
def prove(slugs: tuple[str, ...], workspace: Workspace) -> None:
    """Load what each row rests on alone and find the row again; exit 1 where that fails.

    Every row of the questions SLUGS, or of all, with their defaults.
    """
    import partnering
    from partnering.answering.proof import unproved

    kg = partnering.open(workspace.root)
    rows = proved = 0
    for question in [kg.catalogue.get(slug) for slug in slugs] or kg.questions():
        answer = kg.ask_question(question.slug)
        missing = unproved(kg.engine, answer.bound.query, answer.table)
        good = len(answer.table) - len(missing)
        click.echo(f"{question.id} {question.slug:42} {good:5} of {len(answer.table):5} proved")
        rows, proved = rows + len(answer.table), proved + good
    click.echo(f"{proved} of {rows} rows proved")
    if proved < rows or not rows:
        raise SystemExit(1)


@click.command()
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@options.workspace
def diff(ref: str, as_json: bool, workspace: Workspace) -> None:
    """Say in words what the files as they are change against the git revision REF.

    Terms, instances, what the shapes say, what follows, verdicts and answers. Exits 0 whatever
    changed.
    """
    from partnering.changes.diff import between

    found = between(workspace, ref)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(found.lines()))


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and (done % 50 == 0 or done == of):
        end = "\n" if done == of else ""
        click.echo(f"\r{done:,} of {of:,} changes tried{end}", nl=False, err=True)
