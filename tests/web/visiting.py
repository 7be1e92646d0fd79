"""A page of the site open in the browser, and what it loaded and complained of on the way."""

from __future__ import annotations

from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Request

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of axe for WCAG 2.2 AA; the size of targets is only among these."""
ADVICE = "best-practice"

VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

# What can be reached: all that Tab stops at, in the order of the document.
REACHABLE = """
window.reachable = () => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")].filter((one) =>
  one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ checkVisibilityCSS: true }));
"""

# What is focused is looked at when the next Tab comes, after all scrolling, and once more when
# the focus has moved on.
WALK = """
() => {
  const look = (one) => {
    const told = [];
    for (let at = one, up = 0; at && up < 5; at = at.parentElement, up++) {
      const style = getComputedStyle(at);
      told.push(style.outlineStyle === "none" ? "" : style.outline, style.boxShadow,
        style.borderColor, style.backgroundColor);
    }
    return told.join("|");
  };
  const seen = (window.walked = []);
  document.addEventListener("focusin", (event) => seen.push({ one: event.target }));
  document.addEventListener("keydown", () => {
    const here = seen.at(-1);
    if (!here || here.one !== document.activeElement) return;
    const box = here.one.getBoundingClientRect();
    here.inSight = box.bottom > 0 && box.right > 0 && box.top < innerHeight
      && box.left < innerWidth && box.width > 0 && box.height > 0;
    const focused = look(here.one);
    here.one.addEventListener("focusout", () => setTimeout(() => {
      here.marked = focused !== look(here.one);
    }), { once: true });
  }, { capture: true });
  return reachable().length;
}
"""

# Timers run in the order they were set: after this one every mark has been looked at.
WALKED = """
async () => {
  await new Promise((done) => setTimeout(done, 50));
  const name = (one) => one.outerHTML.slice(0, 120);
  const been = walked.map((step) => step.one);
  const wanted = reachable();
  const order = been.filter((one) => wanted.includes(one));
  return {
    stops: been.length,
    missed: wanted.filter((one) => !been.includes(one)).map(name),
    twice: been.filter((one, at) => been.indexOf(one) !== at).map(name),
    jumps: order.filter((one, at) => at && !(order[at - 1].compareDocumentPosition(one)
      & Node.DOCUMENT_POSITION_FOLLOWING)).map(name),
    unmarked: walked.filter((step) => !step.marked).map((step) => name(step.one)),
    hidden: walked.filter((step) => !step.inSight).map((step) => name(step.one)),
    left: document.activeElement === document.body,
  };
}
"""


class Visit:
    """One page, loaded once; every check leaves it as it found it."""

    def __init__(self, context: BrowserContext, site: str, address: str) -> None:
        self.address = address
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._site = site
        self.page = context.new_page()
        self.page.add_init_script(VIOLATIONS + REACHABLE)
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        answer = self.page.goto(site + address)
        assert answer is not None
        self.status = answer.status
        if self.page.locator("script[src*=yasgui]").count():
            self.page.wait_for_selector("html[data-editor=ready]")

    @property
    def elsewhere(self) -> list[str]:
        """Requests to any host but the site's."""
        return [url for url in self.requests if not url.startswith((self._site, "data:", "blob:"))]

    @property
    def violations(self) -> list[str]:
        """What the page's policy had to forbid it."""
        return cast(list[str], self.ask("violations"))

    def ask(self, script: str) -> Any:
        """What a piece of JavaScript says of the page."""
        return self.page.evaluate(script)

    def faults(self, *tags: str, rules: tuple[str, ...] = ()) -> str:
        """What axe finds wrong, as it reports it; nothing where it finds nothing."""
        chosen = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": tags}
        options = {"runOnly": chosen, "resultTypes": ["violations"]}
        found = Axe().run(self.page, options=options)
        assert found.response["passes"], "axe looked at nothing"
        return str(found.generate_report()) if found.violations_count else ""

    def walk(self) -> dict[str, Any]:
        """Where Tab stops from the top of the page until it leaves; see ``WALKED``."""
        self.ask("scrollTo(0, 0)")
        expected = self.ask(WALK)
        for _ in range(expected):
            self.page.keyboard.press("Tab")
        for _ in range(30):
            self.page.keyboard.press("Tab")
            if self.ask("document.activeElement === document.body"):
                break
        return {"expected": expected, **self.ask(WALKED)}

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        own_fault = message.location.get("url") == self._site + self.address
        if not (own_fault and message.text.startswith("Failed to load resource")):
            self.complaints.append(message.text)
