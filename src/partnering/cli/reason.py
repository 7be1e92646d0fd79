"""``partnering reason``: what a DL reasoner says of the ontology."""

from __future__ import annotations

import click

from partnering.cli import options
from partnering.workspace import SCHEMA_KINDS, Workspace


@click.command()
@options.workspace
@click.option("--with-cases", is_flag=True, help="Reason over the cases too: slower by far.")
def reason(workspace: Workspace, with_cases: bool) -> None:
    """Check consistency and unsatisfiable classes with HermiT; show what follows for classes.

    Exits 1 when something is wrong, 3 when there is no Java.
    """
    from partnering import reason as reasoning

    kinds = (*SCHEMA_KINDS, "actors", "source", "case") if with_cases else SCHEMA_KINDS
    found = reasoning.check(workspace, kinds=kinds)
    click.echo(
        f"{found.triples:,} triples, {found.classes} classes, {found.individuals} individuals: "
        + ("consistent" if found.consistent else "INCONSISTENT")
    )
    for iri in found.unsatisfiable:
        click.echo(f"unsatisfiable: {iri}")
    for below, above in found.above:
        click.echo(f"inferred: {_short(below)} is below {_short(above)}")
    if not found.sound:
        raise SystemExit(1)


def _short(iri: str) -> str:
    return iri.rpartition("#")[2] or iri.rpartition("/")[2]
