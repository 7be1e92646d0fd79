"""The first five minutes of the three people it is made for, as they would spend them."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator

import pytest
from partnering.webui import editor
from playwright.sync_api import Browser, Page
from tests.web.register import HEADLINE

pytestmark = pytest.mark.browser


class Keys:
    """Somebody at the keyboard, who counts what they press."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def here(self) -> str:
        """What the focus is on, in words."""
        return str(
            self.page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
            )
        )

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def tab_to(self, words: str) -> None:
        """Tab until something of that name has the focus."""
        seen = []
        for _ in range(60):
            self.press("Tab")
            seen.append(self.here)
            if seen[-1] == words:
                return
        raise AssertionError(f"Tab came to no {words!r} but to {seen}")


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_reader_comes_from_the_first_page_to_the_paragraph_by_keyboard(
    page: Page, site: str
) -> None:
    page.goto(site + "/")
    keys = Keys(page)
    keys.press("Tab")
    assert keys.here == "Skip to the content"
    keys.tab_to("Skip to the answer")
    keys.press("Enter")
    keys.tab_to("Reasons")
    keys.press("Enter")
    page.wait_for_url("**/questions/**why=1#reasons")
    assert page.locator("#reasons").inner_text() == "Why row 1 is there"
    finding = page.locator(".reasons .statements p").first.inner_text()
    keys.press("Tab")
    assert re.search(r"paragraph \d+", keys.here)
    wanted = keys.here
    keys.press("Enter")
    page.wait_for_url("**/source/**#p*")
    print(f"\nheadline answer to its paragraph: {keys.pressed} keys, {keys.seconds:.1f} s")
    assert page.locator(":target h3").inner_text() == wanted
    assert finding in page.locator(":target").inner_text()
    assert keys.pressed <= 14


def test_a_reader_changes_the_rule_and_sees_another_answer_by_keyboard(
    page: Page, site: str
) -> None:
    page.goto(site + "/")
    before = page.locator("#answer ~ .answer__sentence").inner_text()
    keys = Keys(page)
    keys.press("Tab")
    keys.press("Enter")
    keys.tab_to("Rule of success")
    page.keyboard.type("strict")
    keys.tab_to("Ask")
    keys.press("Enter")
    page.wait_for_url("**rule=strict**")
    assert page.locator("#answer-rule").input_value() == "strict"
    after = page.locator("#answer ~ .answer__sentence").inner_text()
    assert after != before
    assert "strict" in after


def test_a_reader_without_javascript_has_the_same_way(plain: Page, site: str) -> None:
    plain.goto(site + "/")
    plain.select_option("#answer-nature", "voluntary")
    plain.select_option("#answer-scale", "any")
    plain.select_option("#answer-rule", "authors-view")
    plain.get_by_role("button", name="Ask").first.click()
    assert "nature=voluntary" in plain.url
    assert "rule=authors-view" in plain.url
    assert "voluntary" in plain.locator("#answer ~ .answer__sentence").inner_text()
    plain.locator("#answer ~ table a", has_text="Reasons").first.click()
    assert re.search(r"paragraph \d+", plain.locator(".place").first.inner_text())
    plain.get_by_role("searchbox").fill("trust")
    plain.get_by_role("searchbox").press("Enter")
    assert plain.locator(".hits li").count() > 5
    plain.goto(site + "/compare")
    for box in plain.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") in ("case-a", "case-e"))
    plain.get_by_role("button", name="Compare").click()
    assert plain.locator("#glance ~ table thead a").count() == 2


def test_a_researcher_finds_the_same_rows_on_every_way_out(page: Page, site: str) -> None:
    page.goto(f"{site}{HEADLINE}?nature=mandated&rule=reported")
    shown = page.locator("#answer ~ table tbody tr").count()
    assert shown > 5
    ways = {
        name: f"{site}{page.locator('#answer ~ .twins a', has_text=name).get_attribute('href')}"
        for name in ("JSON", "CSV")
    }
    told = page.request.get(ways["JSON"])
    assert len(told.json()["rows"]) == shown
    table = page.request.get(ways["CSV"])
    assert len(list(csv.reader(io.StringIO(table.text())))) == shown + 1
    page.get_by_role("link", name="Open it in the editor").click()
    query = page.locator("#text").input_value()
    asked = page.request.get(
        f"{site}/sparql", params={"query": query}, headers={"Accept": "application/json"}
    )
    assert len(asked.json()["results"]["bindings"]) == shown
    page.goto(page.url)  # the address holds the query
    assert page.locator("#text").input_value() == query


@pytest.mark.skipif(
    editor.stamp() is None,
    reason="the editor is not built: python -m partnering.webui.assets build",
)
def test_a_researcher_runs_an_example_in_the_editor(page: Page, site: str) -> None:
    page.goto(site + "/query")
    page.wait_for_selector("html[data-editor=ready]")
    page.locator("#examples ~ ul a[href*='example=']").first.click()
    page.wait_for_selector("html[data-editor=ready]")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector(".yasr_results table")
    chip = page.locator(".yasr_response_chip").inner_text()
    rows = re.search(r"([\d,]+) results?", chip)
    assert rows, chip
    query = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    asked = page.request.get(
        f"{site}/sparql", params={"query": query}, headers={"Accept": "application/json"}
    )
    assert len(asked.json()["results"]["bindings"]) == int(rows[1].replace(",", "")) > 5


def test_a_query_runs_without_javascript(plain: Page, site: str) -> None:
    plain.goto(site + HEADLINE)
    shown = plain.locator("#answer ~ table tbody tr").count()
    plain.get_by_role("link", name="Open it in the editor").click()
    assert "SELECT" in plain.locator("#text").input_value()
    plain.get_by_role("button", name="Run").click()
    assert plain.locator("#answer ~ .sheet tbody tr").count() == shown > 5
    plain.locator("#text").fill("SELECT ?case { ?case a ptn:CaseStudy")
    plain.get_by_role("button", name="Run").click()
    assert "does not parse" in plain.get_by_role("alert").inner_text()
    assert "ptn:CaseStudy" in plain.locator("#text").input_value()


def test_a_knowledge_manager_sees_what_is_doubted_and_what_was_not_coded(
    page: Page, site: str
) -> None:
    page.goto(site + "/")
    page.get_by_role("link", name="Quality", exact=True).click()
    assert page.locator("#challenges ~ ul > li").count() >= 5
    doubt = page.locator("#challenges ~ ul > li > p").first.inner_text()
    page.locator("#challenges ~ ul").get_by_role("link", name="Reasons").first.click()
    assert doubt in page.locator("section.reasons").inner_text()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cases").click()
    page.locator("main").get_by_role("link", name=re.compile("^Case B")).first.click()
    assert page.locator("#challenges").inner_text() == "Open to challenge"
    assert page.locator("#challenges ~ ul > li").count() >= 1
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Source").click()
    sections = page.locator("#sections ~ table tbody tr")
    assert sections.count() > 20
    page.get_by_role("link", name="Vocabulary", exact=True).click()
    page.locator("main").get_by_role("link", name=re.compile("^Direction")).click()
    assert page.locator("dl.terms dt").count() >= 3


def test_a_long_story_is_folded_on_a_phone_alone_and_a_link_into_it_unfolds_it(
    page: Page, site: str
) -> None:
    page.goto(site + "/cases/case-c")  # wide: nothing is folded, and nothing says so
    folds = page.locator(".behind > summary")
    last, group = page.locator(".timeline li").last, page.locator(".behind .group").last
    assert folds.count() >= 3
    assert not any(fold.is_visible() for fold in folds.all())
    assert last.is_visible()
    assert group.is_visible()
    page.set_viewport_size({"width": 375, "height": 800})
    assert all(fold.is_visible() for fold in folds.all())
    assert page.locator(".timeline li").first.is_visible()
    assert not last.is_visible()
    assert not group.is_visible()
    page.locator("svg.lanes a").last.press("Enter")
    assert last.is_visible()
    folds.last.press("Enter")
    assert group.is_visible()
