"""``docs/operations.md`` tells of every option there is, and of none that is not."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from partnering.cli.push import push
from partnering.cli.serve import serve

ROW = re.compile(r"^\| `(--[\w-]+)` \| `(PARTNERING_\w+)` \| ([^|]+) \| [^|]+ \|$", re.M)


def options() -> dict[str, click.Option]:
    return {
        option.opts[0]: option
        for command in (push, serve)
        for option in command.params
        if isinstance(option, click.Option) and option.envvar
    }


def test_the_table_lists_the_options_there_are(repository: Path) -> None:
    text = (repository / "docs/operations.md").read_text("utf-8")
    told = {flag: (variable, default) for flag, variable, default in ROW.findall(text)}
    found = options()
    assert len(found) > 15
    assert told.keys() == found.keys()
    for flag, option in found.items():
        assert told[flag][0] == option.envvar, flag


@pytest.mark.parametrize("name", ["--host", "--port", "--deadline", "--memory", "--max-rows",
                                  "--query-budget", "--dataset", "--timeout"])  # fmt: skip
def test_the_defaults_are_those_of_the_program(repository: Path, name: str) -> None:
    text = (repository / "docs/operations.md").read_text("utf-8")
    default = next(d for flag, _, d in ROW.findall(text) if flag == name)
    option = options()[name].default
    assert default == f"`{option:g}`" if isinstance(option, float) else f"`{option}`"


def test_addresses_told_are_those_that_are_guessed(repository: Path) -> None:
    from partnering.store.writer import Addresses

    text = (repository / "docs/scaling-out.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \| `(http[^`]+)` \| `([^`]+)`", text, re.M)
    assert len(rows) >= 4
    for engine, endpoint, update in rows:
        server = "Virtuoso/07.20" if "Virtuoso" in engine else ""
        assert Addresses.guess(endpoint, server).update.endswith(update), engine
