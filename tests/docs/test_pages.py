"""The page that the documentation adds is there once its template is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from partnering.webui import create_app

from partnering.errors import WrongUse
from partnering.extend.start import start
from partnering.knowledge import KnowledgeGraph
from partnering.service import Service
from partnering.workspace import locate

ROOT = Path(__file__).resolve().parents[2]
VIEWS = ROOT / "webui" / "templates" / "views"


@pytest.fixture(scope="module")
def shipped() -> Iterator[Service]:
    opened = Service.open(locate(ROOT), readers=1)
    yield opened
    opened.close()


def with_page(shipped: Service, folder: Path, name: str, template: str) -> FlaskClient:
    """The site over a workspace that holds one page of its own."""
    workspace = start(folder, cases=True)
    (folder / "pages").mkdir()
    (folder / "pages" / name).write_text(template, "utf-8")
    kg = shipped.knowledge
    own = KnowledgeGraph(kg.engine, workspace, kg.index)
    return create_app(Service(own, shipped.public)).test_client()


def documented() -> str:
    found = re.search(r"```html\n(.*?)```", (ROOT / "docs" / "pages.md").read_text("utf-8"), re.S)
    assert found
    return found[1]


def test_a_template_in_the_workspace_is_a_page(shipped: Service, tmp_path: Path) -> None:
    client = with_page(shipped, tmp_path / "own", "costs.html", documented())
    page = client.get("/costs?case=case-b")
    assert page.status_code == 200
    rows = shipped.ask("what-it-cost", {"case": "case-b"}).rows
    assert rows
    assert all(row["summary"] in page.text.replace("&#39;", "'") for row in rows)
    for twin in ("csv", "json", "ttl"):
        address = f"/questions/what-it-cost.{twin}?case=case-b"
        assert f'href="{address}"' in page.text
        assert client.get(address).status_code == 200
    assert "To cite this page" in page.text
    assert "/costs?case=case-b" in page.text


def test_a_page_cannot_take_the_place_of_another(shipped: Service, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="page /cases already"):
        with_page(shipped, tmp_path / "own", "cases.html", documented())


def test_every_view_is_documented() -> None:
    told = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "pages.md").read_text("utf-8")))
    views = {path.stem for path in VIEWS.glob("*.html") if "macro show(" in path.read_text("utf-8")}
    assert len(views) > 10
    assert views - told == {"lanes"}, "lanes is the picture within a timeline"
