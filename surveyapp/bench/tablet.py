"""What the tablet weighs, how long it keeps people waiting, and a city sending at once."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from surveyapp import enrolling, organising
from surveyapp.bench.databases import KINDS, Database, database
from surveyapp.bench.evening import Evening, Ready, evening, prepared
from surveyapp.bench.installation import (
    SECRET,
    UNITS,
    Installation,
    counted,
    installed,
    serving,
)
from surveyapp.bench.printing import machine, print_table, spread
from surveyapp.bench.processes import HOST, free_port
from surveyapp.bench.visitors import quantile
from surveyapp.bench.weights import fetched, offline
from surveyapp.db import db, writing

if TYPE_CHECKING:
    from playwright.sync_api import Page

SLOWER = 4  # times, as a tablet is beside this machine
N_ANSWERS = 8  # of a day
MOST_DAYS = 20
PATIENCE = 30_000  # milliseconds
# Runs before the page's own scripts: when the first screen can be used, and how long it is
# from the tap on "send" until the saved answer lets the page go.
WATCH = """
new MutationObserver(() => {
  const {classList} = document.documentElement;
  if (classList.contains("is-stepping")) window.usable ??= performance.now();
}).observe(document, {subtree: true, attributes: true, attributeFilter: ["class"]});
addEventListener("click", ({target}) => {
  if (target.closest('[value="send"]')) sessionStorage.sent = Date.now();
}, true);
addEventListener("pagehide", () => { sessionStorage.left = Date.now(); });
"""
# One tap, until what it shows has been painted.
TAP = """(part) => new Promise((resolve) => {
  const began = performance.now();
  document.querySelector(`[data-part="${part}"]`).click();
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
})"""
# Everything that waits, until the server has it.
SEND = """async () => {
  const began = performance.now();
  const script = [...document.scripts].find(({src}) => src.endsWith("/start.js")).src;
  const outbox = await import(new URL("outbox.js", script));
  while ((await outbox.waiting()).n > 0) {
    await outbox.send();
    if (performance.now() - began > 30000) throw new Error("the answers were not taken");
  }
  return performance.now() - began;
}"""


@dataclass
class Waits:
    """Milliseconds that somebody waited, by what for."""

    first: list[float] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class City:
    """A server, codes for tablets with a screen, and tablets without one that wait to send."""

    installation: Installation
    port: int
    codes: list[str]
    ready: list[Ready]


@click.command()
@click.option(
    "--database", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True
)
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1, MOST_DAYS))
@click.option("--tablets", default=1000, show_default=True, type=click.IntRange(1, 5000))
@click.option("--quick", is_flag=True, help="One tablet with one answer, and five that send.")
def tablet(kind: str, runs: int, tablets: int, quick: bool) -> None:
    """Weigh the tablet's pages, answer on them in Chromium slowed four times, without network,
    and let every tablet of a city send its eight answers at the same moment.

    Every answer is counted again in the database.
    """
    answers = N_ANSWERS
    if quick:
        runs, tablets, answers = 1, 5, 1
    with database(kind) as where, _served(where, tablets, answers) as city:
        port = city.port
        weights = offline(lambda path: fetched(port, path))
        waits = Waits()
        with _chromium() as browser:
            for number in range(runs):
                _one_day(browser, f"http://{HOST}:{port}", city.codes[number], answers, waits)
        back = evening(city.ready, port)
        n_stored, n_parked = counted(city.installation)
    n_sent = (runs + tablets) * answers
    print_table(
        f"A tablet, Chromium slowed {SLOWER} times, {runs} days of {answers} answers: "
        "median (range)",
        ["ms", "goal"],
        {
            "first screen usable, without network": [spread(waits.first, digits=0), "1000"],
            "tap to the next question": [spread(waits.taps, digits=0), "100"],
            "sealed and saved, until the page goes": [spread(waits.saved, digits=0), "200"],
            "a day's answers sent": [spread(waits.sent, digits=0), "2000"],
        },
        [
            *weights,
            _city_line(back, tablets, answers),
            f"stored {n_stored} of {n_sent} sent, {n_parked} in quarantine",
            machine(kind),
        ],
    )
    if n_stored != n_sent or n_parked:
        raise click.ClickException(f"{n_sent} answers were sent and {n_stored} are stored.")


def _city_line(back: Evening, tablets: int, answers: int) -> str:
    p50, p95 = (1000 * quantile(back.requests, share) for share in (0.5, 0.95))
    return (
        f"{tablets} tablets send {answers} answers each at once: {back.seconds:.0f} s, "
        f"a request p50 {p50:.0f} ms, p95 {p95:.0f} ms, {back.n_again} tried again"
    )


@contextmanager
def _served(where: Database, tablets: int, answers: int) -> Iterator[City]:
    """A server for tablets with a screen, and for those without one and what they send."""
    with installed(where) as installation:
        unit = organising.unit_by_code(db.session, UNITS[0])
        assert unit is not None  # noqa: S101 - the installation has made it
        with writing(db.session) as session:
            codes = [
                enrolling.create(session, f"bench {n}", [unit.id], secret=SECRET)[1]
                for n in range(MOST_DAYS)
            ]
        ready = prepared(db.session, tablets, answers, installation.today)
    port = free_port()
    with serving(where, port):
        yield City(installation, port, codes, ready)


@contextmanager
def _chromium() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise click.ClickException(
            "Playwright is missing. It comes with the tools for development: make test"
        ) from error
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise click.ClickException(
            "chromium is missing. As root, type: apt-get install -y chromium"
        )
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


def _one_day(browser: Any, address: str, code: str, answers: int, waits: Waits) -> None:
    """Enrol in the office, answer eight times without network, and come back."""
    context = browser.new_context(
        base_url=address, locale="sv-SE", viewport={"width": 800, "height": 1280}
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto("/platta")
    page.locator("#code").fill(code)
    page.locator("[data-part=enrol] button").click()
    page.locator("[data-offer]:visible").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.locator("[data-offer]:visible").wait_for()
    slow = context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    context.set_offline(True)
    for _ in range(answers):
        _answer(page, waits)
    context.set_offline(False)
    waits.sent.append(page.evaluate(SEND))
    context.close()


def _answer(page: "Page", waits: Waits) -> None:
    offer = page.locator("[data-offer]:visible")
    for group in ("followup_type", "service_group", "language"):
        offer.locator(f"[name={group}]").first.check(force=True)
    page.wait_for_timeout(800)  # two taps within the rest of the screen are one
    offer.locator("[data-hand-over]").first.click()
    page.locator("html.is-stepping").wait_for()
    waits.first.append(page.evaluate("window.usable"))
    page.evaluate(TAP, "next")
    page.evaluate(TAP, "next")
    page.locator("[data-right]").check(force=True)
    page.evaluate(TAP, "next")
    page.evaluate(TAP, "next")
    while page.locator("html").get_attribute("data-kind") == "question":
        options = page.locator(".is-here .option input")
        if options.count():
            options.first.check(force=True)
        waits.taps.append(page.evaluate(TAP, "next"))
    page.locator('[value="send"]').click()
    page.locator("[data-officer-done]").wait_for()
    sent, left = json.loads(
        page.evaluate("JSON.stringify([+sessionStorage.sent, +sessionStorage.left])")
    )
    waits.saved.append(left - sent)
    page.locator("[data-officer-done]").click()
    page.locator("[data-offer]:visible").wait_for()
