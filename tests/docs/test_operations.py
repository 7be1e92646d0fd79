"""``docs/operations.md`` tells of every option there is, and of none that is not."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from tests.service import engines, live

from partnering.cli import main
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


@pytest.mark.remote
@pytest.mark.slow
def test_the_way_past_one_machine_is_as_told(repository: Path, tmp_path: Path) -> None:
    text = (repository / "docs/scaling-out.md").read_text("utf-8")
    block = re.search(r"```text\n(.*?)```", text, re.S)
    assert block
    pushing, serving = block[1].splitlines()[1:3]
    (tmp_path / "partnering.yaml").write_text("base: shipped\ncases: false\n")
    with engines.oxigraph() as running:
        told = "http://127.0.0.1:7878/query"
        push_words = pushing.replace(told, running.endpoint).split()[1:]
        with pytest.raises(SystemExit) as ended:
            main([*push_words, "--workspace", str(tmp_path)])
        assert not ended.value.code
        serve_words = serving.replace(told, running.endpoint).split()[2:]
        server = live.start(tmp_path, *serve_words)
        try:
            query = "SELECT (COUNT(*) AS ?n) { ?c a <http://www.w3.org/2004/02/skos/core#Concept> }"
            answer = server.get(path="/sparql", query=query, format="csv")
            assert answer.status == 200
            assert int(answer.body.split()[1]) > 200
            assert server.get(path="/questions").status == 200
            assert server.get(path="/healthz").body.count(b'"ok"') == 1
        finally:
            server.process.terminate()
            assert server.process.wait(30) == 0
