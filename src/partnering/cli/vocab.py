"""``partnering vocab``: a scheme listed, as a spreadsheet, and its terms changed for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partnering.cli import options
from partnering.workspace import Workspace

if TYPE_CHECKING:
    from rdflib import URIRef

    from partnering.extend.edits import Edits
    from partnering.extend.scheme import Scheme
    from partnering.extend.terms import Use

_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")


@click.group()
def vocab() -> None:
    """Concepts and terms: list, take to a spreadsheet and back, deprecate, merge, move, rename."""


@vocab.command("list")
@click.argument("scheme", required=False)
@options.workspace
def list_(scheme: str | None, workspace: Workspace) -> None:
    """Print the concepts of SCHEME as a tree; without one, the schemes there are."""
    from rdflib.namespace import SKOS

    from partnering.extend.scheme import scheme as scheme_of

    if scheme is None:
        files = [f for f in workspace.graph_files if f.kind == "vocabulary"]
        found = {file.path.stem.removeprefix("own-") for file in files}
        for name in sorted(found):
            of = scheme_of(workspace, name)
            click.echo(f"{name:14} {len(of.files):4}  {of.text(of.iri, SKOS.definition)}")
        return
    of = scheme_of(workspace, scheme)
    for top in of.under(None):
        _tree(of, top, 0)


def _tree(of: Scheme, one: URIRef, depth: int) -> None:
    from rdflib.namespace import SKOS

    indent = "  " * depth
    click.echo(f"{indent}{of.text(one, SKOS.prefLabel)} (concept:{of.name(one)})"
               f": {of.text(one, SKOS.definition)}")  # fmt: skip
    for below in of.under(one):
        _tree(of, below, depth + 1)


@vocab.command("export")
@click.argument("scheme")
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.csv",
              help="Else it is printed.")  # fmt: skip
@options.workspace
def export(scheme: str, path: Path | None, workspace: Workspace) -> None:
    """Write SCHEME as a spreadsheet: one row a concept, several values with | between."""
    from partnering.extend import spreadsheet
    from partnering.extend.scheme import scheme as scheme_of

    of = scheme_of(workspace, scheme)
    text = spreadsheet.write(of)
    if path is None:
        click.echo(text, nl=False)
        return
    # The mark lets spreadsheets see that it is UTF-8.
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    click.echo(f"{path}: {len(of.files)} concepts of the scheme '{of.label}'")


@vocab.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scheme", help="Else told from the names in the sheet.")
@options.workspace
@_dry_run
def import_(file: Path, scheme: str | None, workspace: Workspace, dry_run: bool) -> None:
    """Take FILE, a sheet that 'vocab export' wrote, back into its scheme.

    New rows are added, changed ones changed, and a concept without a row stays as it is:
    published names do not go, they are deprecated. Nothing is written unless every cell holds.
    """
    from partnering.extend import spreadsheet
    from partnering.extend.edits import Edits
    from partnering.extend.scheme import scheme as scheme_of
    from partnering.extend.taking_in import take_in

    sheet, edits = spreadsheet.read(file), Edits(workspace)
    of = scheme_of(workspace, scheme or _notation(workspace, sheet))
    taken = take_in(workspace, edits, sheet, of)
    for name in taken.added:
        click.echo(f"added: {name}")
    for name, properties in taken.changed.items():
        click.echo(f"changed: {name}: {', '.join(properties)}")
    for name in taken.left_out:
        click.echo(f"no row, left as it is: {name}")
    counts = len(taken.added), len(taken.changed), taken.unchanged, len(taken.left_out)
    click.echo("{} added, {} changed, {} unchanged, {} without a row".format(*counts))
    _finish(edits, dry_run)


def _notation(workspace: Workspace, sheet: Any) -> str:
    from partnering.errors import WrongUse

    names = [cells["name"].removeprefix("concept:") for _, cells in sheet.rows]
    files = [f.path.stem for f in workspace.graph_files if f.kind == "vocabulary"]
    fitting = [n for n in files if names and all(one.startswith(f"{n}-") for one in names[:1])]
    if not fitting:
        raise WrongUse("The names in the sheet begin with no scheme's notation.",
                       where=str(sheet.path), mend="name the scheme: --scheme factor")  # fmt: skip
    return max(fitting, key=len)


def _changing(command: Callable[..., Any]) -> Callable[..., Any]:
    return _dry_run(options.workspace(click.argument("term")(command)))


@vocab.command()
@_changing
@click.option("--instead", default="", metavar="TERM", help="What replaces it in every use.")
@click.option("--why", default="", help="Why it goes; for the change note.")
def deprecate(term: str, instead: str, why: str, workspace: Workspace, dry_run: bool) -> None:
    """Mark TERM as not to be used any more; its name goes on resolving."""
    from partnering.extend import terms
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    found = terms.deprecate(workspace, edits, term, instead=instead, why=why)
    _say_uses(found, "rewritten" if instead else "left, for you to mend")
    _finish(edits, dry_run)


@vocab.command()
@_changing
@click.argument("into", metavar="INTO")
@click.option("--why", default="", help="Why; for the change note.")
def merge(term: str, into: str, why: str, workspace: Workspace, dry_run: bool) -> None:
    """Make TERM one with the concept INTO: labels, what stands below it, and every use."""
    from partnering.extend import terms
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    _say_uses(terms.merge(workspace, edits, term, into, why=why), "rewritten")
    _finish(edits, dry_run)


@vocab.command()
@_changing
@click.option("--under", required=True, metavar="CONCEPT",
              help="The new broader concept; '' for the top of the scheme.")  # fmt: skip
def move(term: str, under: str, workspace: Workspace, dry_run: bool) -> None:
    """Hang the concept TERM elsewhere in its scheme; its name and its uses stay."""
    from partnering.extend import terms
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    before, after = terms.move(workspace, edits, term, under)
    click.echo(f"moved from '{before}' to '{after}'")
    _finish(edits, dry_run)


@vocab.command()
@_changing
@click.argument("label")
@click.option("--name", default="", help="The new name; else made from the label.")
@click.option("--keep-name", is_flag=True, help="Change the label alone.")
def rename(
    term: str, label: str, name: str, keep_name: bool, workspace: Workspace, dry_run: bool
) -> None:
    """Give TERM another LABEL and the name that goes with it; the old name goes on resolving."""
    from partnering.extend import terms
    from partnering.extend.edits import Edits
    from partnering.names import short

    edits = Edits(workspace)
    new, found = terms.rename(workspace, edits, term, label, name=name, keep=keep_name)
    click.echo(f"now {short(str(new))}, '{label}'")
    _say_uses(found, "rewritten")
    _finish(edits, dry_run)


def _say_uses(found: tuple[Use, ...], what: str) -> None:
    for use in found[:20]:
        click.echo(f"  {use.where}: {use.written}")
    if len(found) > 20:
        click.echo(f"  … and {len(found) - 20} more")
    click.echo(f"uses {what}: {len(found)}")


def _finish(edits: Edits, dry_run: bool) -> None:
    changed = edits.changed
    if not dry_run:
        edits.write()
    for edit in changed:
        click.echo(f"  {edit}")
    if not changed:
        click.echo("Nothing to change.")
    elif dry_run:
        click.echo("Nothing was written: this was a dry run.")
    else:
        click.echo("Next: partnering build, to see what follows from it")
