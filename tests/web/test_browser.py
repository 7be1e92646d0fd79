"""The site as a browser meets it: widths, colours, policy, other hosts, axe, keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

pytestmark = pytest.mark.browser

WIDTHS = (1280, 375, 320)
HEADLINE = "/questions/enablers-in-successful-partnerships"


class Watch:
    """What a page loaded and complained of."""

    def __init__(self, page: Page, site: str) -> None:
        self.elsewhere: list[str] = []
        self.violations: list[str] = []
        self.requests = 0
        self._site = site
        page.on("request", self._request)
        page.on("console", self._console)

    def _request(self, request: Request) -> None:
        self.requests += 1
        if not request.url.startswith((self._site, "data:")):
            self.elsewhere.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.violations.append(message.text)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_no_page_scrolls_sideways_or_reaches_out(page: Page, site: str, path: str) -> None:
    watch = Watch(page, site)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(site + path)
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{wide} px too wide at {width} px"
    assert watch.requests >= len(WIDTHS)
    assert watch.elsewhere == []
    assert watch.violations == []


def test_axe_finds_nothing(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    found = Axe().run(page)
    assert len(found.response["passes"]) > 10
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    dark = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert len(dark.response["passes"]) == 1
    assert dark.violations_count == 0, dark.generate_report()


def test_error_pages_are_accessible_too(page: Page, site: str, fault: tuple[str, int]) -> None:
    page.goto(site + fault[0])
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_reaches_the_reasons_of_the_headline_answer(page: Page, site: str) -> None:
    page.goto(site + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    steps = 0
    while steps < 20:
        page.keyboard.press("Tab")
        steps += 1
        if page.evaluate("document.activeElement.textContent") == "Reasons":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/**why=1#reasons")
    assert page.locator("#reasons").inner_text() == "Why row 1 is there"
    assert page.locator(".place").count() >= 1
    assert steps < 12


def test_the_form_changes_the_answer_and_the_address_without_javascript(
    plain: Page, site: str
) -> None:
    plain.goto(site + "/")
    before = plain.locator(".answer__sentence").inner_text()
    plain.select_option("#answer-nature", "voluntary")
    plain.select_option("#answer-rule", "strict")
    plain.get_by_role("button", name="Ask").first.click()
    assert "nature=voluntary" in plain.url
    assert "rule=strict" in plain.url
    after = plain.locator(".answer__sentence").inner_text()
    assert after != before
    assert "voluntary" in after


def test_from_the_first_page_to_the_paragraph_by_links_alone(plain: Page, site: str) -> None:
    plain.goto(site + "/")
    plain.locator("#answer ~ table a", has_text="Reasons").first.click()
    assert "paragraph" in plain.locator(".place").first.inner_text()
    plain.get_by_role("link", name="Open it in the editor").click()
    assert "SELECT" in plain.locator("#text").input_value()
    plain.get_by_role("button", name="Run").click()
    assert plain.locator("tbody tr").count() > 5


def test_tab_passes_through_the_longest_page_and_leaves_it(page: Page, site: str) -> None:
    page.goto(site + "/query")
    seen: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "document.activeElement === document.body ? '' : document.activeElement.outerHTML"
        )
        if not here:
            break
        seen.append(str(here))
    assert any("textarea" in one for one in seen)
    assert len(seen) < 200, "Tab never left the page"


def test_paper_shows_the_story_and_leaves_the_tools_out(page: Page, site: str) -> None:
    page.goto(site + "/cases/case-b")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator("#helped ~ div .statements p").first.is_visible()
    assert not page.locator("nav[aria-label=Main]").is_visible()
    assert not page.locator(".small-print").first.is_visible()
