"""``partnering export``: files out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from partnering.cli import options
from partnering.workspace import Workspace


@click.command()
@click.option("--graph", "wanted", multiple=True, metavar="NAME",
              help="Only this graph or those below it: ontology, case/case-c.")  # fmt: skip
@click.option("--format", "form", default="ttl", show_default=True,
              type=click.Choice(["ttl", "nt", "rdfxml", "jsonld", "trig", "nq", "csv"]),
              help="csv is one flat table of findings, in words.")  # fmt: skip
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Else it is printed.")  # fmt: skip
@options.workspace
def export(wanted: tuple[str, ...], form: str, path: Path | None, workspace: Workspace) -> None:
    """Write the ontology, a graph, or everything that is published, inferred triples too.

    trig and nq say which graph a triple is in; the other forms put all triples together. The
    same workspace always gives the same bytes.
    """
    from partnering import export as out

    if form == "csv":
        data = _findings(workspace, wanted)
        what = f"{data.count(chr(10).encode()) - 1} findings"
    else:
        chosen = out.graphs(workspace, wanted)
        data = out.write(chosen.values(), form)
        what = f"{len(chosen)} graphs"
    if path is None:
        sys.stdout.buffer.write(data)
    else:
        path.write_bytes(data)
        click.echo(f"{path}: {what}, {len(data):,} bytes")


def _findings(workspace: Workspace, wanted: tuple[str, ...]) -> bytes:
    from partnering import export as out
    from partnering.errors import WrongUse

    if wanted:
        raise WrongUse("The table holds the findings of every case.",
                       mend="leave out --graph, or choose another format")  # fmt: skip
    engine = out.published(workspace).load()
    try:
        return b"\xef\xbb\xbf" + out.findings(engine).encode("utf-8")
    finally:
        engine.close()
