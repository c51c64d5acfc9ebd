"""Looking at pages, wide, zoomed and narrow, for what nobody should meet."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import expect

import surveyapp
from tests.browser.conftest import axe_faults

TEMPLATES = Path(surveyapp.__file__).parent / "templates"
# Each page is opened wide and then narrowed, as by zooming: 640 px is 200 % of 1280.
WIDE, ZOOMED, NARROW = (1280, 800), (640, 400), (360, 740)
# The chart library has styles for maps too; the policy lets none of them in, and none is used.
HARMLESS = re.compile(r"Applying inline style violates .*style-src 'self' 'sha256-47DEQpj8")
LOOK = """() => {
  const kinds = "a, button, input, select, textarea, summary, h1, h2, h3";
  const shown = [...document.querySelectorAll(kinds)]
    .filter((e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true}))
    .map((e) => [e, [...e.getClientRects()].filter((r) => r.width > 1 && r.height > 1)]);
  const isSticky = (e) =>
    e !== null && (getComputedStyle(e).position === "sticky" || isSticky(e.parentElement));
  const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const name = (e) => `<${e.localName}> ${(e.textContent.trim() || e.name || "").slice(0, 40)}`;
  const found = [];
  shown.forEach(([a, these], i) => shown.slice(i + 1).forEach(([b, those]) => {
    if (a.contains(b) || b.contains(a)) return;
    if (!these.some((r) => those.some((s) => cross(r, s)))) return;
    // What stays in view lies over what is scrolled, but never over its own kind.
    if (isSticky(a) === isSticky(b)) found.push(`${name(a)} overlaps ${name(b)}`);
  }));
  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter(
      (e) => e.getBoundingClientRect().right > innerWidth && !e.closest(".table-frame"));
    const parts = wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 80));
    found.push(`wider than the screen: ${parts}`);
  }
  const nHeadings = document.querySelectorAll("h1").length;
  if (nHeadings !== 1) found.push(`${nHeadings} h1`);
  return found;
}"""
UNFOLD = """() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  for (const each of document.getAnimations()) each.finish();
}"""


def pages_of(*patterns):
    """The templates that are pages: those that stand on another."""
    return {
        str(path.relative_to(TEMPLATES))
        for pattern in patterns
        for path in TEMPLATES.glob(pattern)
        if path.name != "layout.html" and "{% extends" in path.read_text(encoding="utf-8")
    }


@dataclass
class Walk:
    """A way through the pages, keeping what is wrong."""

    page: object
    client: object
    language: str
    faults: list = field(default_factory=list)

    def __post_init__(self):
        self.page.on("console", self._complain)
        self.sign_in(None)

    def _complain(self, said):
        """That a page came with an error is no complaint: which it is was asked for."""
        is_status = "the server responded with a status of" in said.text
        is_page = is_status and said.location["url"] == self.page.url
        if said.type == "error" and not is_page and not HARMLESS.match(said.text):
            self.faults.append(f"{said.location['url']}: {said.text}")

    def sign_in(self, account):
        """Be this account from now on; None is a stranger."""
        self.client.log_out()
        if account is not None:
            self.client.log_in(account)
        with self.client.session_transaction() as stored:
            stored["language"] = self.language
        self.set_cookie("session", self.client.get_cookie("session").value)

    def set_cookie(self, name, value):
        address = {"domain": "127.0.0.1", "path": "/"}
        self.page.context.add_cookies([{"name": name, "value": value} | address])

    def look(self, path, act=None, *, status=200):
        """Look at a page, and again after each step of `act`."""
        self._resize(WIDE)
        answer = self.page.goto(path)
        if answer.status != status:
            self.faults.append(f"{path}: {answer.status}")
            return
        self._inspect(path)
        for step in act(self.page) if act else ():
            self._inspect(f"{path}, {step}")

    def _inspect(self, name):
        page, name = self.page, f"{name} ({self.language})"
        page.wait_for_load_state()
        if page.locator("html").get_attribute("lang") != self.language.partition("-")[0]:
            self.faults.append(f"{name}: in another language")
        page.evaluate(UNFOLD)
        self._resize(WIDE)
        if draw(page):
            self._add(f"{name} with the chart library", axe_faults(page, within=".chart"))
        for size in (WIDE, ZOOMED, NARROW):
            self._resize(size)
            self._add(f"{name} {size[0]} px", page.evaluate(LOOK))
        self._add(name, axe_faults(page))

    def _resize(self, size):
        self.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))

    def _add(self, place, faults):
        self.faults += [f"{place}: {fault}" for fault in faults]


def draw(page):
    """Let the chart library draw every chart as it comes into view; how many there are."""
    charts = page.locator(".chart").all()
    for chart in charts:
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".main-svg").first).to_be_visible()
    return len(charts)
