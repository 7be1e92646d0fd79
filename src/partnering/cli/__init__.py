"""The command line: ``partnering``, one module a family of commands."""

from __future__ import annotations

from importlib import import_module
from typing import IO, Any

import click

from partnering.errors import PartneringError

COMMANDS: dict[str, str] = {}
"""Command name to ``module:attribute`` under this package; a module is imported only when used."""


class Explained(click.ClickException):
    """A :class:`PartneringError` as click shows it: one message, the error's own exit code."""

    def __init__(self, error: PartneringError) -> None:
        super().__init__(str(error))
        self.exit_code = error.exit_code

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class Commands(click.Group):
    """The group that finds its commands in :data:`COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"{__name__}.{module}"), attribute)
        assert isinstance(command, click.Command), f"{COMMANDS[cmd_name]} is not a command"
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PartneringError as error:
            raise Explained(error) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partnering", message="%(prog)s %(version)s")
def main() -> None:
    """Ask a knowledge graph of evidence how organisations work together."""
