"""The command ``partnering``: it is declared, starts quickly enough, and explains its errors."""

from importlib.metadata import entry_points, version

import click
import pytest
from click.testing import CliRunner

from partnering import cli
from partnering.errors import Missing, PartneringError, WrongUse


def test_the_declared_entry_point_is_the_command_line() -> None:
    (entry,) = entry_points(group="console_scripts", name="partnering")
    assert entry.load() is cli.main


def test_the_version_is_the_installed_one() -> None:
    result = CliRunner().invoke(cli.main, ["--version"], prog_name="partnering")
    assert result.output == f"partnering {version('partnering')}\n"


def test_every_listed_command_is_there_and_says_what_it_does() -> None:
    context = click.Context(cli.main)
    names = cli.main.list_commands(context)
    assert names
    for name in names:
        command = cli.main.get_command(context, name)
        assert command is not None, name
        assert command.name == name
        assert command.help, f"{name} has no help"


def test_an_unknown_command_is_wrong_use() -> None:
    result = CliRunner().invoke(cli.main, ["no-such-command"])
    assert result.exit_code == 2
    assert "no-such-command" in result.output


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PartneringError("it broke", where="a.ttl:3", mend="take the dot away"), 1),
        (WrongUse("no such question", mend="list them"), 2),
        (Missing("no Java", mend="install the extra"), 3),
    ],
)
def test_an_error_is_one_message_and_its_exit_code(error: PartneringError, status: int) -> None:
    @click.group(cls=cli.Commands, invoke_without_command=True)
    def fails() -> None:
        raise error

    result = CliRunner().invoke(fails)
    assert result.exit_code == status
    assert result.stderr == f"{error}\n"
    assert result.stdout == ""
