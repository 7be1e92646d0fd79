"""The command line: ``partnering``, one module a family of commands."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from partnering.errors import PartneringError

COMMANDS: dict[str, str] = {
    "serve": "serve:serve",
    "build": "build:build",
    "check": "check:check",
    "validate": "build:validate",
    "reason": "reason:reason",
    "questions": "ask:questions",
    "ask": "ask:ask",
    "query": "ask:query",
    "search": "search:search",
    "why-not": "doubt:why_not",
    "what-if": "doubt:what_if",
    "answers": "doubt:answers",
    "diff": "doubt:diff",
    "source": "source:source",
    "coverage": "source:coverage",
    "init": "init:init",
    "new": "new:new",
    "vocab": "vocab:vocab",
    "export": "export:export",
    "push": "push:push",
}
"""Command name to ``module:attribute`` under this package; a module is imported only when used."""


class Commands(click.Group):
    """The group that finds its commands in :data:`COMMANDS` and prints errors as one message."""

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
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partnering", message="%(prog)s %(version)s")
def main() -> None:
    """Ask a knowledge graph of evidence how organisations work together."""
