"""The shipped workspace, built once in a cache of its own, and the site over it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from partnering.webui import create_app
from partnering.webui.server import listen

from partnering.service import Service
from partnering.workspace import locate

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def service(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTNERING_CACHE", str(tmp_path_factory.mktemp("cache")))
        opened = Service.open(locate(repository), readers=2)
    assert opened.stale is None
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(service: Service) -> Flask:
    return create_app(service, base_url="http://partnering.example")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def site(service: Service) -> str:
    """Address of the site as people meet it: over waitress, on a free port."""
    server = listen("127.0.0.1", 0)
    server.application = create_app(service)
    threading.Thread(target=server.run, daemon=True).start()
    return f"http://127.0.0.1:{server.effective_port}"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    if not CHROMIUM.exists():
        pytest.skip("no browser: install chromium")
    return {"executable_path": str(CHROMIUM), "args": ["--no-sandbox"]}


PAGES = (
    "/",
    "/?nature=voluntary&scale=any&rule=strict",
    "/cases",
    "/cases?scale=structural&reported=met",
    *(f"/cases/case-{letter}" for letter in "abcde"),
    "/factors",
    "/factors/trust",
    "/outcomes",
    "/outcomes/patient",
    "/actors",
    "/actors/case-b/green-bay",
    "/synthesis",
    "/literature",
    "/source",
    "/source/case-c/impact-of-partnering",
    "/quality",
    "/about",
    "/vocabulary",
    "/vocabulary/direction",
    "/ontology",
    "/reference",
    "/reference/class/EnablerFinding",
    "/ontology/actors.html",
    "/downloads",
    "/data/case-b/regency-vale-buddying.html",
    "/vocab/direction-improved.html",
    "/graph/case/case-b.html",
    "/id/ptn:EnablerFinding.html",
    "/questions",
    "/questions?tag=case",
    "/questions/enablers-in-successful-partnerships",
    "/questions/enablers-in-successful-partnerships?why=1",
    "/questions/what-came-of-it?case=case-c&why=2",
    "/questions/what-helped?case=case-b&change=1",
    "/questions/paragraphs-and-what-they-became?page=2",
    "/questions/options-refused",
    "/search",
    "/search?q=board+stabilty",
    "/search?q=trust&kind=finding&case=case-c",
    "/search?q=qwxzqwxz",
    "/map",
    "/map?by=kind",
    "/compare",
    "/compare?cases=case-a,case-c,case-e&group=leadership",
    "/around/cases/case-c",
    "/around/factors/trust",
    "/query",
    "/query?example=timeline",
    "/query?query=SELECT+*+WHERE+%7B+%3Fcase+a+ptn%3ACaseStudy+%7D",
    "/query?query=DESCRIBE+ptn%3ACaseStudy",
)


FAULTS = (
    ("/nothing-here", 404),
    ("/cases/case-z", 404),
    ("/cases?nature=purple", 400),
    ("/source/no-such-section", 404),
    ("/ontology/nothing", 404),
    ("/questions/what-helpd", 404),
    ("/questions/what-helped?case=case-z", 400),
    ("/questions/what-helped?colour=red", 400),
    ("/questions/what-helped?why=9999", 400),
    ("/?rule=generous", 400),
    ("/search?q=trust&kind=fruit", 400),
    ("/map?by=colour", 400),
    ("/compare?cases=case-a,case-z", 400),
    ("/around/cases/case-z", 404),
    ("/query?query=SELECT+%7B", 400),
    ("/query?query=DELETE+WHERE+%7B%3Fs+%3Fp+%3Fo%7D", 400),
)


@pytest.fixture(params=PAGES)
def path(request: pytest.FixtureRequest) -> str:
    """One address of every kind of page, and of every state that looks different."""
    return str(request.param)


@pytest.fixture(params=FAULTS, ids=lambda fault: str(fault[0]))
def fault(request: pytest.FixtureRequest) -> tuple[str, int]:
    """Addresses that cannot be answered, and how they are refused."""
    address, status = request.param
    return str(address), int(status)
