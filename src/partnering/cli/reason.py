"""``partnering reason``: what a DL reasoner says of the ontology."""

from __future__ import annotations

from pathlib import Path

import click

from partnering.cli import options
from partnering.workspace import SCHEMA_KINDS, Workspace


@click.command()
@options.workspace
@click.option(
    "--with",
    "beside",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A data file to reason over as well; may be given several times.",
)
@click.option("--with-cases", is_flag=True, help="Reason over every case too: slower by far.")
@click.option("--explain", is_flag=True, help="Where something cannot be, say why.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=1),
    default=600,
    show_default=True,
    help="Seconds the reasoner may take.",
)
def reason(
    workspace: Workspace,
    beside: tuple[Path, ...],
    with_cases: bool,
    explain: bool,
    time_limit: float,
) -> None:
    """Check consistency and unsatisfiable classes with HermiT; show what follows for classes.

    Exits 1 when something cannot be, 3 when there is no Java.
    """
    from partnering import names
    from partnering.reasoning import reason as reasoning

    kinds = (*SCHEMA_KINDS, *reasoning.BESIDE_KINDS, "case") if with_cases else SCHEMA_KINDS
    found = reasoning.check(
        workspace, kinds=kinds, beside=beside, explain=explain, time_limit=time_limit
    )
    click.echo(
        f"{found.triples:,} triples, {found.classes} classes, {found.individuals} individuals: "
        + ("consistent" if found.consistent else "INCONSISTENT")
    )
    known = names.of_workspace(workspace)
    for iri in found.unsatisfiable:
        click.echo(f"unsatisfiable: {known.say(iri)} cannot have a member")
    for below, above in found.above:
        click.echo(f"inferred: {known.say(below)} is below {known.say(above)}")
    for explanation in found.explanations:
        click.echo(f"\n{explanation}")
    if not found.sound:
        if found.needs_java:
            click.echo(
                f"Why cannot be said: Pellet, which tells it, needs Java {found.needs_java} or later.\n"
                "To mend: pip install 'partnering[reason]'",
                err=True,
            )
        elif not explain:
            over = [*(f"--with {path}" for path in beside), *(["--with-cases"] * with_cases)]
            click.echo(f"To see why: {' '.join(['partnering reason --explain', *over])}", err=True)
        raise SystemExit(1)
