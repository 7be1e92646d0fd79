"""``partnering new``: start a case, a finding, a concept, a class, a question, a rule, a source."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from partnering.cli import options
from partnering.workspace import Workspace


@click.group()
def new() -> None:
    """Start a file, or a concept in a scheme: valid where it can be, marked TODO where not."""


def _concept_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        options.workspace,
        click.option("--origin", type=click.Choice(["report", "coder"]), default="coder",
                     show_default=True, help="Whose word it is."),
        click.option("--when", default="", help="When to use it and when not."),
        click.option("--also", multiple=True, metavar="WORDS", help="What people call it too."),
        click.option("--definition", default=None, help="What it is, and what sets it apart."),
        click.option("--under", default=None, metavar="CONCEPT",
                     help="The broader concept: its name or label."),
        click.argument("label"),
    ):  # fmt: skip
        command = option(command)
    return command


@new.command()
@click.argument("scheme")
@_concept_options
def concept(scheme: str, **given: Any) -> None:
    """Add the concept LABEL to SCHEME, such as form or driver."""
    _add_concept(scheme, **given)


@new.command()
@_concept_options
def factor(**given: Any) -> None:
    """Add the factor LABEL; name it neutrally, since findings say whether it helped."""
    _add_concept("factor", **given)


@new.command("outcome-dimension")
@_concept_options
def outcome_dimension(**given: Any) -> None:
    """Add the outcome dimension LABEL: what may get better or worse."""
    _add_concept("dimension", **given)


@new.command()
@_concept_options
def role(**given: Any) -> None:
    """Add the role LABEL: what an actor does, or the post of a person."""
    _add_concept("role", **given)


def _add_concept(
    scheme: str, label: str, under: str | None, definition: str | None, also: tuple[str, ...],
    when: str, origin: str, workspace: Workspace,
) -> None:  # fmt: skip
    from partnering.extend.concept import NewConcept, add
    from partnering.extend.edits import Edits
    from partnering.extend.scheme import scheme as scheme_of

    to, edits = scheme_of(workspace, scheme), Edits(workspace)
    under = _asked(under, f"Under which broader concept of '{to.label}' (empty for the top)")
    definition = _asked(definition, "Definition (empty to fill in later)")
    added = add(workspace, edits, to, NewConcept(label, under, definition, when, also, origin))
    edits.write()
    under = f"under '{added.under}'" if added.under else "at the top"
    click.echo(f"concept:{to.name(added.iri)} added to the scheme '{to.label}', {under}")
    _tell(edits)
    for what, which in (("Much alike; be sure it is not one of them", added.alike),
                        ("Beside it stand", added.neighbours)):  # fmt: skip
        if which:
            click.echo("\n".join([f"{what}:", *map(str, which)]))
    for one in added.to_do:
        click.echo(f"To fill in: {one}")


@new.command()
@click.argument("name")
@click.option("--label", required=True, help="What readers call the case.")
@click.option("--code", help="The short code in tables; else made from the name.")
@click.option("--source", help="The source that tells it, where there are several.")
@options.workspace
def case(name: str, label: str, code: str | None, source: str | None, workspace: Workspace) -> None:
    """Start the case NAME: a file with its headings and one example of each kind of statement."""
    from partnering.extend import case as cases
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    code = code or name.removeprefix("case-")[:12].strip("-").upper()
    file = cases.add(workspace, edits, name, label=label, code=code, source=source)
    edits.write()
    _tell(edits)
    click.echo(f"Fill in what is marked TODO, then: partnering validate {file}")


@new.command()
@click.argument("case")
@click.argument("kind", type=click.Choice(["enabler", "barrier", "driver", "outcome",
                                           "mechanism", "cost", "gap"]))  # fmt: skip
@click.argument("summary")
@click.option("--of", default="", metavar="CONCEPT", help="The factor, dimension, driver … .")
@click.option("--about", default="", metavar="NAME", help="Else the case's main arrangement.")
@click.option("--by", default="", metavar="NAME", help="Whose claim, such as lead or pfi:authors.")
@click.option("--words", multiple=True, help="The exact words of the source it rests on.")
@click.option("--with", "given", multiple=True, metavar="SCHEME=CONCEPT",
              help="Such as direction=improved, prominence=central, presence=absent.")  # fmt: skip
@options.workspace
def finding(
    case: str, kind: str, summary: str, of: str, about: str, by: str, words: tuple[str, ...],
    given: tuple[str, ...], workspace: Workspace,
) -> None:  # fmt: skip
    """Add a finding of KIND to CASE; SUMMARY is the claim in your own words."""
    from partnering.extend import finding as findings
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    said = findings.NewFinding(kind, summary, of, about, by, words, _pairs("--with", given))
    file, name, to_do = findings.add(workspace, edits, case, said)
    edits.write()
    click.echo(f"{name} added to {file}")
    for one in to_do:
        click.echo(f"To fill in: {one}")
    click.echo(f"Next: partnering source anchor {file}, then partnering validate {file}")


@new.command("class")
@click.argument("label")
@click.option("--under", default="Partnership", show_default=True, help="The class above it.")
@click.option("--definition", required=True, help="What it is, and what sets it apart.")
@click.option(
    "--when",
    multiple=True,
    metavar="SCHEME=CONCEPT",
    help="What has this value, and is of the class above, belongs to it.",
)
@click.option(
    "--then", multiple=True, metavar="SCHEME=CONCEPT", help="What belongs to it has this value."
)
@click.option("--never", multiple=True, metavar="CLASS", help="What is of this is never of it.")
@options.workspace
def class_(
    label: str, under: str, definition: str, when: tuple[str, ...], then: tuple[str, ...],
    never: tuple[str, ...], workspace: Workspace,
) -> None:  # fmt: skip
    """Add the class LABEL to the workspace's own module of the ontology, with its axioms."""
    from partnering.extend import classes
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    said = classes.NewClass(label, under, definition, _pairs("--when", when),
                            _pairs("--then", then), never)  # fmt: skip
    iri = classes.add(workspace, edits, said)
    edits.write()
    click.echo(f"ptn:{iri.rpartition('#')[2]} added to the ontology")
    _tell(edits)
    click.echo(
        "Can it hold? partnering reason --explain. What does it change? partnering diff HEAD"
    )


@new.command()
@click.argument("file", metavar="FILE")
@options.workspace
def copy(file: str, workspace: Workspace) -> None:
    """Copy the inherited FILE, such as data/cases/case-a.ttl, to be edited in its place."""
    from partnering.extend.start import take_over

    path = take_over(workspace, file)
    click.echo(f"{path}: your copy stands in for the inherited file from now on")


@new.command()
@click.argument("wording")
@click.option("--name", default="", help="Its short name; else made from the wording.")
@click.option("--tags", default="own", show_default=True, help="Tags, with commas between.")
@options.workspace
def question(wording: str, name: str, tags: str, workspace: Workspace) -> None:
    """Start a saved question that answers at once; change its pattern to what WORDING asks."""
    from partnering.extend import question as questions
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    file = questions.add(workspace, edits, wording, name=name, tags=tags)
    edits.write()
    questions.holds(workspace.root / file, file)
    _tell(edits)
    click.echo("It runs, and asks for what helped anywhere until you change what is marked TODO.")
    click.echo(f"To see its answer: partnering ask {Path(file).stem}")


@new.command("success-rule")
@click.argument("label")
@click.option("--like", default="reported", show_default=True, help="The rule to start from.")
@click.option("--definition", default="", help="What it counts as success.")
@options.workspace
def success_rule(label: str, like: str, definition: str, workspace: Workspace) -> None:
    """Start the rule of success LABEL as a copy of another that works at once."""
    from partnering.extend import rule
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    _, query = rule.add(workspace, edits, label, like=like, definition=definition)
    edits.write()
    _tell(edits)
    click.echo(f"It judges as '{like}' does until you change {query}")


@new.command()
@click.argument("name")
@click.argument("text", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, help="The title the source bears.")
@click.option("--by", multiple=True, metavar="NAME", help="Who wrote it.")
@options.workspace
def source(name: str, text: Path, title: str, by: tuple[str, ...], workspace: Workspace) -> None:
    """Start the source NAME from TEXT: an outline of its sections. The text is not kept."""
    from partnering.extend import source as sources
    from partnering.extend.edits import Edits

    edits = Edits(workspace)
    _, headings = sources.add(workspace, edits, name, text, title=title, creators=by)
    edits.write()
    _tell(edits)
    click.echo(f"Headings found: {'; '.join(headings) or 'none'}")
    click.echo(f"Look through it, then: partnering source import {text} --source {name}")


def _pairs(option: str, given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    from partnering.errors import WrongUse

    pairs = [one.partition("=") for one in given]
    if not all(name and concept for name, _, concept in pairs):
        raise WrongUse(f"{option} takes a scheme and a concept.", mend="as in direction=improved")
    return tuple((name, concept) for name, _, concept in pairs)


def _asked(given: str | None, prompt: str) -> str:
    if given is None and sys.stdin.isatty():
        return str(click.prompt(prompt, default="", show_default=False))
    return given or ""


def _tell(edits: Any) -> None:
    for edit in edits:
        click.echo(f"  {edit}")
