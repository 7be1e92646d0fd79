"""Options from three places: a flag, else ``PARTNERING_…`` in the environment, else the workspace.

The workspace says it in the section ``serve:`` of its ``partnering.yaml``, under the option's own
name: ``base-url: https://evidence.example``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from partnering import yaml_text
from partnering.errors import ReadError
from partnering.workspace import SETTINGS, Workspace, locate

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def option(name: str, *, secret: bool = False, **attributes: Any) -> Decorator:
    """A click option that can also stand in the environment and, unless secret, in the file."""
    variable = "PARTNERING_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(
        name, envvar=variable, show_envvar=True, show_default=not secret, **attributes
    )


def workspace(section: str) -> Decorator:
    """``--workspace``, read first: its file's section holds the defaults of the other options."""

    def opened(
        context: click.Context, _parameter: click.Parameter, folder: Path | None
    ) -> Workspace:
        found = locate(folder)
        context.default_map = _section(found, section, context.command)
        return found

    return click.option(
        "--workspace",
        type=click.Path(path_type=Path),
        metavar="DIR",
        callback=opened,
        is_eager=True,
        envvar="PARTNERING_WORKSPACE",
        show_envvar=True,
        help="The workspace; else the one you stand in, else the shipped one.",
    )


def _section(workspace: Workspace, name: str, command: click.Command) -> dict[str, Any]:
    path = workspace.root / SETTINGS
    if not path.exists():
        return {}
    said = (yaml_text.load(path.read_text("utf-8")) or {}).get(name) or {}
    known = {option.name: option for option in command.params if option.name != "workspace"}
    names = ", ".join(sorted(str(key).replace("_", "-") for key in known))
    if not isinstance(said, dict):
        raise ReadError(f"The section '{name}' is no list of options.", where=str(path),
                        mend=f"write lines such as 'port: 8080'; there are {names}")  # fmt: skip
    given = {str(key).replace("-", "_"): value for key, value in said.items()}
    for key in given:
        if key not in known:
            raise ReadError(f"There is no option {key.replace('_', '-')!r}.", where=str(path),
                            mend=f"choose from {names}")  # fmt: skip
        if key == "auth":
            raise ReadError("A password does not belong in a workspace's file.", where=str(path),
                            mend="put it into the environment: PARTNERING_AUTH")  # fmt: skip
    return given
