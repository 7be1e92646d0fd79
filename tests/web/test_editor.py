"""The editor over the form: its own names, a way out by Tab, nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from partnering.webui import editor
from playwright.sync_api import Page

built = pytest.mark.skipif(
    editor.stamp() is None,
    reason="the editor is not built: python -m partnering.webui.assets build",
)


def test_without_the_bundle_the_page_is_the_plain_form(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "stamp", lambda: None)
    page = app.test_client().get("/query?query=ASK+%7B%3Fs+%3Fp+%3Fo%7D").text
    assert scripts(page) == ["/assets/words.js"]
    assert "<textarea" in page
    assert ">yes</td>" in page


def test_reading_pages_load_one_small_script(client: FlaskClient) -> None:
    for path in ("/", "/cases/case-c", "/map", "/search?q=trust", "/around/cases/case-c"):
        assert scripts(client.get(path).text) == ["/assets/words.js"]
    assert len(client.get("/assets/words.js").data) < 10_000


def scripts(page: str) -> list[str]:
    """Addresses of the scripts a page loads."""
    return re.findall(r'<script[^>]* src="([^"]+)"', page)


def test_names_to_complete_are_those_of_the_vocabulary(client: FlaskClient) -> None:
    document = client.get("/query/names.json").json
    assert document is not None
    names = {one["name"]: one for one in document["names"]}
    assert names["concept:factor-trust"]["kind"] == "concept"
    assert names["ptn:FactorFinding"]["kind"] == "class"
    assert names["ptn:concernsFactor"]["kind"] == "property"
    assert document["prefixes"]["ptn"].endswith("ontology#")


def test_examples_open_in_the_editor(client: FlaskClient) -> None:
    assert "ptn:orderInCase" in client.get("/query?example=timeline").text
    assert client.get("/query?example=no-such-question").status_code == 404


@built
def test_the_bundle_is_packed_and_kept(client: FlaskClient) -> None:
    answer = client.get("/static/vendor/yasgui.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 300_000
    assert "max-age" in answer.headers["Cache-Control"]
    assert client.get("/static/vendor/built.json").status_code == 404


@built
@pytest.mark.browser
def test_a_query_is_written_with_completion_run_and_read(page: Page, site: str) -> None:
    elsewhere: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda one: elsewhere.append(one.url)
            if not one.url.startswith((site, "data:", "blob:")) else None)  # fmt: skip
    page.on("console", lambda one: complaints.append(one.text))
    page.on("pageerror", lambda one: complaints.append(str(one)))
    page.goto(site + "/query")
    page.wait_for_selector("html[data-editor=ready]")
    page.evaluate(
        "document.querySelector('.CodeMirror').CodeMirror"
        ".setValue('SELECT * WHERE { ?f a ptn:FactorFinding ; ptn:concernsFactor ')"
    )
    page.click(".CodeMirror-lines")
    page.keyboard.press("Control+End")
    page.keyboard.type("concept:trust", delay=40)
    hint = page.locator(".CodeMirror-hint").first
    hint.wait_for()
    assert "concept:factor-trust" in hint.inner_text()
    assert "trust between partners" in hint.inner_text()
    page.keyboard.press("Enter")
    page.keyboard.type(" ; ptn:summary ?s }")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector(".yasr_results table")
    assert page.locator(".yasr_results tbody tr").count() > 1
    assert "query=PREFIX" in page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert (elsewhere, complaints) == ([], [])


@built
@pytest.mark.browser
def test_tab_leaves_the_editor(page: Page, site: str) -> None:
    page.goto(site + "/query")
    page.wait_for_selector("html[data-editor=ready]")
    page.click(".CodeMirror-lines")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "SPARQL query"


@built
@pytest.mark.browser
def test_what_is_wrong_with_a_query_is_said_with_a_way_to_mend_it(page: Page, site: str) -> None:
    page.goto(site + "/query")
    page.wait_for_selector("html[data-editor=ready]")
    page.evaluate(
        "document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT * WHERE { ?f a ')"
    )
    page.get_by_role("button", name="Run").click()
    fault = page.locator("#answer-place .fault")
    fault.wait_for()
    assert "does not parse" in fault.inner_text()
