"""A client's share of the readers, the access log, and options from three places."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from partnering.webui.serving.access import logged
from partnering.webui.serving.budget import AT_ONCE, Budget, TooMany

from partnering.cli.serve import serve
from partnering.errors import Busy

STRANGER, OTHER = "203.0.113.7", "198.51.100.1"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(clock: Clock) -> Budget:
    return Budget(20, few=1, clock=clock)


def spend(budget: Budget, clock: Clock, seconds: float, address: str = STRANGER) -> None:
    with budget.spent_by(address):
        clock.now += seconds


def test_who_asks_long_queries_has_to_wait_and_others_do_not(budget: Budget, clock: Clock) -> None:
    spend(budget, clock, 10)
    spend(budget, clock, 10)
    spend(budget, clock, 20)
    with pytest.raises(TooMany) as caught:
        spend(budget, clock, 1)
    assert caught.value.http_status == 429
    spend(budget, clock, 1, OTHER)
    clock.now += caught.value.retry_after
    spend(budget, clock, 1)


def test_quick_queries_cost_nothing(budget: Budget, clock: Clock) -> None:
    for _ in range(1000):
        spend(budget, clock, 0.4)


def test_few_at_once_once_much_is_spent(budget: Budget, clock: Clock) -> None:
    def hold(count: int) -> Iterator[Any]:
        held = [budget.spent_by(STRANGER) for _ in range(count)]
        for one in held:
            one.__enter__()
        yield
        for one in held:
            one.__exit__(None, None, None)

    for most in (AT_ONCE, 1):
        for _ in hold(most):
            with pytest.raises(TooMany, match="under way"):
                spend(budget, clock, 0)
            spend(budget, clock, 0, OTHER)
        spend(budget, clock, 18)


def wait_in_vain(budget: Budget, clock: Clock) -> None:
    with budget.spent_by(STRANGER):
        clock.now += 5
        raise Busy("full")


def test_waiting_in_vain_is_not_charged(budget: Budget, clock: Clock) -> None:
    for _ in range(10):
        with pytest.raises(Busy, match="full"):
            wait_in_vain(budget, clock)
    spend(budget, clock, 1)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_machine_itself_is_not_counted(budget: Budget, clock: Clock, address: str) -> None:
    for _ in range(5):
        spend(budget, clock, 30, address)


def test_a_network_of_addresses_is_one_client(budget: Budget, clock: Clock) -> None:
    spend(budget, clock, 40, "2001:db8:1:2::1")
    with pytest.raises(TooMany):
        spend(budget, clock, 0, "2001:db8:1:2:ffff::9")
    spend(budget, clock, 0, "2001:db8:1:3::1")


def test_the_log_tells_what_was_served_and_nothing_of_whom() -> None:
    app = Flask("sample")
    app.add_url_rule("/page/<name>", view_func=lambda name: "four", endpoint="page")
    out = io.StringIO()
    app.wsgi_app = logged(app.wsgi_app, out)  # type: ignore[method-assign]
    client = app.test_client()
    headers = {"User-Agent": "secret", "Referer": "http://secret/", "Cookie": "secret=1"}
    asked = {"headers": headers, "environ_base": {"REMOTE_ADDR": STRANGER}, "buffered": True}
    client.get("/page/a%0Ab?query=secret", **asked)
    client.get("/none", buffered=True)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first.pop("milliseconds") < 5000
    assert first == {"method": "GET", "path": "/page/a?b", "status": 200, "type": "text/html",
                     "bytes": 4}  # fmt: skip
    assert second["status"] == 404
    assert "secret" not in out.getvalue()
    assert STRANGER not in out.getvalue()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the command would have run with."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(serve, "callback", lambda **given: found.update(given))
    return found


def test_flags_beat_the_environment_beats_the_file(tmp_path: Path, seen: dict[str, Any]) -> None:
    (tmp_path / "partnering.yaml").write_text(
        "serve: {port: 1111, deadline: 3, base-url: 'http://e', readers: 5}\n"
    )
    environment = {"PARTNERING_PORT": "2222", "PARTNERING_DEADLINE": "4"}
    arguments = ["--workspace", str(tmp_path), "--port", "3333"]
    done = CliRunner().invoke(serve, arguments, env=environment, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert (seen["port"], seen["deadline"], seen["base_url"]) == (3333, 4.0, "http://e")
    assert (seen["readers"], seen["memory"]) == (5, 512)


@pytest.mark.parametrize(
    ("said", "mend"), [("{prot: 1}", "there is no option 'prot'"), ("[port]", "no list of options")]
)
def test_a_wrong_line_of_the_file_is_named(tmp_path: Path, said: str, mend: str) -> None:
    (tmp_path / "partnering.yaml").write_text(f"serve: {said}\n")
    done = CliRunner().invoke(serve, ["--workspace", str(tmp_path)])
    assert mend in str(done.exception).lower()
    assert "port" in str(done.exception)
