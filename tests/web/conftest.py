"""The shipped workspace, built once in a cache of its own, and the site over it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from partnering.webui import create_app
from partnering.webui.serving.server import listen
from tests.web import register

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


@pytest.fixture(params=(*register.PAGES, *register.ALIKE))
def path(request: pytest.FixtureRequest) -> str:
    """One address of every kind of page, and of every state that looks different."""
    return str(request.param)


@pytest.fixture(params=register.FAULTS, ids=lambda fault: str(fault[0]))
def fault(request: pytest.FixtureRequest) -> tuple[str, int]:
    """Addresses that cannot be answered, and how they are refused."""
    address, status = request.param
    return str(address), int(status)
