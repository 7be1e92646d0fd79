"""``partnering init``: a workspace of one's own."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--no-cases", is_flag=True, help="Start with none of the shipped cases and sources.")
def init(folder: Path, no_cases: bool) -> None:
    """Make DIR a workspace of your own on top of the shipped one."""
    from partnering.extend.start import start

    made = start(folder, cases=not no_cases)
    without = ", without the shipped cases" if no_cases else ", with the shipped cases"
    click.echo(f"{folder}: a workspace on top of the shipped one{without}")
    click.echo(f"It reads {len(made.graph_files)} graphs. Next: cd {folder}; partnering new --help")
