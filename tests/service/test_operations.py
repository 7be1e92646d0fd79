"""What an operator relies on: killed builds lose nothing, stops are clean, restarts go on."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.conftest import REPOSITORY
from tests.service.live import Answered, Server, start

from partnering.pipeline import publish
from partnering.workspace import locate

pytestmark = pytest.mark.slow
PROGRAM = [sys.executable, "-c", "from partnering.cli import main; main()"]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LONG = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?a != ?d && ?d != ?g) }"
)
SCHEME = "ontology/vocab/polarity.ttl"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped schema and no cases, built once."""
    root = tmp_path_factory.mktemp("built")
    for folder in ("ontology", "shapes", "queries", "data/success-rules"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    shutil.copy(REPOSITORY / "data/manifest.yaml", root / "data")
    subprocess.run([*PROGRAM, "build", "--workspace", str(root)], check=True, capture_output=True)
    return root


@pytest.fixture
def workspace(built: Path, tmp_path: Path) -> Path:
    """A copy with a cache of its own."""
    return shutil.copytree(built, tmp_path / "workspace")


def say(workspace: Path, number: int) -> None:
    """Change a file, so that the next build has something to do."""
    path = workspace / SCHEME
    text = path.read_text("utf-8").partition("# edit")[0]
    path.write_text(f"{text}# edit {number}\n", "utf-8")


def count(server: Server) -> bytes:
    answer = server.get(path="/sparql", query=COUNT, format="csv")
    assert answer.status == 200
    return answer.body


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def stop(server: Server) -> int:
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(30)


def test_twenty_killed_builds_lose_nothing_and_the_old_index_goes_on(workspace: Path) -> None:
    server = start(workspace)
    try:
        before, size = publish.current(locate(workspace)), count(server)
        assert before is not None
        killed = 0
        for number in range(20):
            say(workspace, number)
            build = subprocess.Popen(
                [*PROGRAM, "build", "--workspace", str(workspace)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            # From the first moment to one by which some builds are done.
            time.sleep(0.15 * number)
            killed += build.poll() is None
            build.send_signal(signal.SIGKILL)
            build.wait()
            now = publish.current(locate(workspace))
            assert now is not None
            assert all(path.exists() for path in now.paths)
            assert count(server) == size
        assert killed >= 5, "the loop killed next to nothing"
    finally:
        assert stop(server) == 0
    begun = time.monotonic()
    server = start(workspace)
    try:
        assert time.monotonic() - begun < 120, "it starts at all, however busy the machine"
        told = json.loads(server.get(path="/healthz").body)
        assert told["status"] == "ok"
        assert count(server) == size
    finally:
        stop(server)


def test_a_restart_over_files_that_fail_keeps_the_last_good_index(workspace: Path) -> None:
    server = start(workspace)
    size = count(server)
    assert stop(server) == 0
    path = workspace / SCHEME
    path.write_text(path.read_text("utf-8") + "\nthis is no turtle\n", "utf-8")
    log = workspace / "log"
    server = start(workspace, log=log)
    try:
        told = json.loads(server.get(path="/healthz").body)
        assert told["status"] == "stale"
        assert "polarity.ttl" in told["why_stale"]
        assert count(server) == size
        page = server.get(path="/about").body.decode()
        assert "polarity.ttl" in page, "pages say so too"
        assert "Serving the last good index" in log.read_text()
    finally:
        stop(server)


def test_a_stop_finishes_what_is_under_way_and_leaves_no_process(workspace: Path) -> None:
    server = start(workspace, "--deadline", "3", "--query-budget", "0")
    below = children(server.process.pid)
    assert len(below) >= 2, "the fork server and its readers"
    answers: list[Answered] = []

    def ask() -> None:
        answers.append(server.ask("GET", f"/sparql?query={quote(LONG)}"))

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(100):
        if json.loads(server.get(path="/healthz").body)["running"]:
            break
        time.sleep(0.05)
    assert stop(server) == 0
    asking.join(20)
    # It was answered, if only with what became of it: the deadline fell into the stop.
    assert [answer.status for answer in answers] == [503]
    assert "3 seconds" in answers[0].line
    for _ in range(100):
        if not any(map(alive, below)):
            break
        time.sleep(0.05)
    assert not any(map(alive, below))
    with pytest.raises(OSError, match="refused"):
        server.get(path="/healthz")


def test_the_order_is_flag_environment_file(tmp_path: Path) -> None:
    settings = "base: shipped\ncases: false\nserve:\n  max-rows: 5\n"
    (tmp_path / "partnering.yaml").write_text(settings)
    query = "SELECT ?c { ?c a <http://www.w3.org/2004/02/skos/core#Concept> } LIMIT 7"

    def status(environment: dict[str, str], *flags: str) -> int:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            server = start(tmp_path, *flags)
        try:
            return server.get(path="/sparql", query=query).status
        finally:
            stop(server)

    assert status({}) == 400, "the file: five rows at most"
    assert status({"PARTNERING_MAX_ROWS": "9"}) == 200, "the environment before the file"
    assert status({"PARTNERING_MAX_ROWS": "9"}, "--max-rows", "6") == 400, "the flag before both"
