"""The saved questions for programs, and what their description promises."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.service.live import Server, start

QUESTION = "/api/questions/enablers-in-successful-partnerships"
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,"
          "response_schema_conformance,negative_data_rejection,positive_data_acceptance,"
          "unsupported_method,response_headers_conformance")  # fmt: skip


@pytest.fixture(scope="module")
def server(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTNERING_CACHE", str(tmp_path_factory.mktemp("cache")))
        running = start(repository, log=tmp_path_factory.mktemp("log") / "stderr")
    yield running
    running.process.terminate()
    running.process.wait(20)


def test_the_same_rows_as_json_and_as_csv(server: Server) -> None:
    given = {"nature": "mandated", "rule": "reported"}
    answer = server.get(path=QUESTION, **given)
    document = json.loads(answer.body)
    assert answer.kind == "application/json"
    assert document["parameters"]["nature"] == "mandated"
    assert document["rows"]
    for table in (server.get(path=QUESTION, format="csv", **given),
                  server.get("text/csv", path=QUESTION, **given)):  # fmt: skip
        assert table.kind == "text/csv"
        rows = list(csv.DictReader(io.StringIO(table.body.decode())))
        assert [row.keys() for row in rows] == [row.keys() for row in document["rows"]]
        assert len(rows) == len(document["rows"])
    page = server.get(path=QUESTION.removeprefix("/api") + ".json", **given)
    assert page.body == answer.body


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ("nature=mandtaed", 400, "did you mean mandated"),
        ("natur=mandated", 400, "it takes nature"),
        ("nature=any&nature=any", 400, "give it once"),
        ("why=999", 404, "rows"),
        ("why=0", 400, "a number from 1"),
        ("why=0000000000019", 400, "a number from 1"),
        ("format=xml", 406, "application/json (format=json)"),
    ],
)
def test_what_is_wrong_is_said_as_json(server: Server, given: str, status: int, said: str) -> None:
    answer = server.get(path=f"{QUESTION}?{given}")
    assert (answer.status, answer.kind) == (status, "application/json")
    assert said in json.loads(answer.body)["mend"]


def test_any_page_may_read(server: Server) -> None:
    for path in ("/api/questions", "/api/openapi.json", QUESTION, f"{QUESTION}?x=1"):
        answer = server.get(path=path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_every_question_is_described_with_its_blanks(server: Server) -> None:
    described = json.loads(server.get(path="/api/openapi.json").body)
    listed = json.loads(server.get(path="/api/questions").body)
    assert len(listed) > 20
    for question in listed:
        operation = described["paths"][f"/api/questions/{question['slug']}"]["get"]
        names = [one["name"] for one in operation["parameters"]]
        assert names == [*(one["name"] for one in question["parameters"]), "why", "format"]
    nature = described["paths"][QUESTION]["get"]["parameters"][0]
    assert nature["schema"]["enum"] == ["mandated", "voluntary", "any"]


def one_for_each_blank(described: dict[str, Any]) -> list[str]:
    """Operations that have every parameter there is between them."""
    chosen, seen = [], set()
    for path in described["paths"].values():
        names = {one["name"] for one in path["get"].get("parameters", ())}
        if names - seen:
            chosen.append(path["get"]["operationId"])
            seen |= names
    return chosen


@pytest.mark.slow
def test_what_the_description_promises_is_kept(server: Server, tmp_path: Path) -> None:
    chosen = one_for_each_blank(json.loads(server.get(path="/api/openapi.json").body))
    assert len(chosen) > 8
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [program, "run", f"http://127.0.0.1:{server.port}/api/openapi.json",
         "--url", f"http://127.0.0.1:{server.port}", "--checks", CHECKS, "--max-examples", "3",
         "--phases", "examples,coverage,fuzzing", "--mode", "all", "--seed", "1", "--no-color",
         *(word for name in chosen for word in ("--include-operation-id", name))],
        cwd=tmp_path, capture_output=True, text=True, timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout
