"""Every page as a browser meets it: widths, colours, policy, other hosts, axe, keyboard, paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from tests.web import register
from tests.web.visiting import ADVICE, WCAG, Visit

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
WIDTHS = (1280, 768, 375, 320)
PAPER = {"width": 718, "height": 1000}
"""An upright A4 sheet, margins off, in CSS pixels."""

PICTURES = """
() => {
  const shown = (one) => one.checkVisibility();
  const named = (one) => one.getAttribute("aria-label")
    || one.getAttribute("aria-labelledby") || one.querySelector(":scope > title, :scope > caption");
  const all = [...document.querySelectorAll("svg, img, figure, table, canvas")].filter(shown);
  const silent = all.filter((one) => {
    if (one.closest("[aria-hidden=true], .yasgui, .yasr, .yasqe")) return false;
    if (one.matches("img")) return !one.hasAttribute("alt");
    if (one.matches("figure")) return !one.querySelector("figcaption");
    if (one.matches("svg")) return !one.getAttribute("role") || !named(one);
    return !named(one);
  });
  const links = [...document.querySelectorAll("svg a")].filter((one) => !named(one));
  return { seen: all.length, silent: [...silent, ...links].map((one) => one.outerHTML.slice(0, 120)) };
}
"""

# What is cut off on paper: boxes that would have to be scrolled, and things past the edge. A head
# that only a screen reader meets is no loss: its table stands as cards, each cell with its label.
CUT = """
() => [...document.querySelectorAll("main, main *")].filter((one) => {
  if (!one.checkVisibility() || one.closest(".unseen, svg")) return false;
  const style = getComputedStyle(one);
  if (one.matches("thead") && style.clipPath === "inset(50%)") return false;
  const scrolls = style.overflowX !== "visible" || style.overflowY !== "visible";
  return scrolls && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
    || one.getBoundingClientRect().right > innerWidth + 1;
}).map((one) => one.outerHTML.slice(0, 120))
"""

FOLDED = """
() => [...document.querySelectorAll("main details:not([open]) > :not(summary)")]
  .filter((one) => !one.closest(".small-print") && !one.checkVisibility({ contentVisibilityAuto: true })
    && one.parentElement.checkVisibility()).map((one) => one.outerHTML.slice(0, 120))
"""

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

# WCAG 1.4.12; the policy forbids a style element, and not a rule in a sheet that is there.
SPACED = """
() => document.styleSheets[0].insertRule(
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
  document.styleSheets[0].cssRules.length)
"""


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """A browser whose reader asked for stillness."""
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture(scope="module", params=register.EVERY, ids=lambda one: str(one[0]))
def visit(request: pytest.FixtureRequest, reader: BrowserContext, site: str) -> Iterator[Visit]:
    """One page of the register, loaded once for all that is asked of it."""
    address, status = request.param
    visit = Visit(reader, site, address)
    assert visit.status == status
    yield visit
    visit.page.close()


def test_nothing_is_asked_of_another_host_and_nothing_complains(visit: Visit) -> None:
    assert len(visit.requests) >= 2, "a page and its style at least"
    assert visit.elsewhere == []
    assert visit.violations == []
    assert visit.complaints == []


def test_axe_finds_nothing(visit: Visit) -> None:
    assert visit.faults(*WCAG, ADVICE) == ""


def test_axe_finds_nothing_on_a_narrow_dark_page(visit: Visit) -> None:
    visit.page.emulate_media(color_scheme="dark")
    visit.page.set_viewport_size({"width": 320, "height": 800})
    found = visit.faults(
        rules=("color-contrast", "target-size", "scrollable-region-focusable", "link-name")
    )
    visit.page.emulate_media(color_scheme="light")
    assert found == ""


def test_no_page_scrolls_sideways(visit: Visit) -> None:
    wide = {}
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 900})
        wide[width] = visit.ask(TOO_WIDE)
    assert {width: more for width, more in wide.items() if more > 0} == {}


def test_tab_reaches_everything_in_order_in_sight_and_leaves(visit: Visit) -> None:
    visit.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    walk = visit.walk()
    assert walk["stops"] >= walk["expected"] > 10
    for wrong in ("missed", "twice", "jumps", "hidden", "unmarked"):
        assert walk[wrong] == [], wrong
    assert walk["left"], "Tab never left the page"


def test_the_first_stop_skips_to_the_content(visit: Visit) -> None:
    visit.ask("document.activeElement.blur(), scrollTo(0, 0), getSelection().removeAllRanges()")
    visit.page.keyboard.press("Tab")
    assert visit.ask("document.activeElement.textContent") == "Skip to the content"
    assert visit.ask("document.activeElement.getBoundingClientRect().top") >= 0
    visit.page.keyboard.press("Enter")
    assert visit.ask("document.activeElement.id") == "content"
    visit.page.keyboard.press("Tab")
    assert visit.ask("document.activeElement.closest('main') !== null")


def test_pictures_and_tables_say_what_they_are(visit: Visit) -> None:
    pictures = visit.ask(PICTURES)
    assert pictures["seen"] >= 1
    assert pictures["silent"] == []


def test_nothing_moves_for_whoever_asked_for_stillness(visit: Visit) -> None:
    assert visit.ask("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = """[...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return !one.closest(".yasqe, .yasr") && style.animationName !== "none"
        || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0.01);
    }).map((one) => one.outerHTML.slice(0, 120))"""
    assert visit.ask(moving) == []


def test_paper_shows_all_that_is_read_and_leaves_the_tools_out(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    visit.page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    tools = visit.ask(
        """[...document.querySelectorAll("nav, button, input, select, .skip, form")]
        .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120))"""
    )
    cut, folded = visit.ask(CUT), visit.ask(FOLDED)
    heading = visit.page.locator("h1").is_visible()
    wide = visit.ask(TOO_WIDE)
    visit.page.emulate_media(media="screen")
    assert heading
    assert (tools, cut, folded) == ([], [], [])
    assert wide <= 0


def test_wider_spacing_of_the_text_loses_nothing(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 800})
    visit.ask(SPACED)
    assert visit.ask(TOO_WIDE) <= 0
