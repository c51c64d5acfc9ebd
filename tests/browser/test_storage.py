"""The tablet's storage when it is closed, full, or of an earlier step."""

import pytest
from playwright.sync_api import expect

from surveyapp.models import Outcome
from tests.browser.conftest import CLOCK, enrol, is_installed
from tests.browser.test_tablet_app import say_no
from tests.browser.waiting import n_waiting, offers, seal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

EVERYTHING_IS_SENT = "Allt är skickat."
# Puts everything back into a storage as it was before receipts were kept.
FIRST_STEP = """async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const now = await done(indexedDB.open("surveyapp"));
  const stores = now.transaction(["kept", "outbox"]);
  const [keys, kept, rows] = await Promise.all([
    done(stores.objectStore("kept").getAllKeys()),
    done(stores.objectStore("kept").getAll()),
    done(stores.objectStore("outbox").getAll()),
  ]);
  now.close();
  await done(indexedDB.deleteDatabase("surveyapp"));
  const opening = indexedDB.open("surveyapp", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("kept");
    opening.result.createObjectStore("draft");
    opening.result.createObjectStore("outbox", { keyPath: "id" });
  };
  const before = await done(opening);
  const writing = before.transaction(["kept", "outbox"], "readwrite");
  keys.forEach((key, i) => writing.objectStore("kept").put(kept[i], key));
  for (const row of rows) writing.objectStore("outbox").put(row);
  await new Promise((resolve) => (writing.oncomplete = resolve));
  before.close();
  return rows.length;
}"""
HANDLES = """{
  const open = IDBFactory.prototype.open;
  globalThis.handles = [];
  IDBFactory.prototype.open = function (...given) {
    const request = open.apply(this, given);
    request.addEventListener("success", () => handles.push(request.result));
    return request;
  };
}"""
# Until not even a thousand bytes more have room.
FILL = """async () => {
  const opening = indexedDB.open("other");
  opening.onupgradeneeded = () => opening.result.createObjectStore("filling");
  const other = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  let n = 0;
  for (let size = 65536; size >= 1000; n += 1) {
    const writing = other.transaction("filling", "readwrite");
    writing.objectStore("filling").put(crypto.getRandomValues(new Uint8Array(size)), n);
    const isIn = await new Promise((done) => {
      writing.oncomplete = () => done(true);
      writing.onabort = () => done(false);
    });
    if (!isIn) size /= 2;
  }
  other.close();
  return n;
}"""


def test_storage_that_was_closed_is_opened_again(tablet, session):
    page = tablet(script=HANDLES)
    is_installed(page)
    assert page.evaluate("handles.map((each) => each.close()).length") > 0
    say_no(page)
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()

    assert offers(session) == [(Outcome.DECLINED, "too_tired", 1)]


def test_full_storage_is_said_and_nothing_is_counted_by_half(
    open_page, enrolment, session, address
):
    page = open_page("about:blank", script=CLOCK)
    tools = page.context.new_cdp_session(page)
    quota = {"origin": address}
    tools.send("Storage.overrideQuotaForOrigin", quota | {"quotaSize": 4_000_000})
    page.goto("/platta")
    enrol(page, enrolment())
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
    is_installed(page)
    page.context.set_offline(True)
    assert page.evaluate(FILL) > 10
    page.locator("summary:visible", has_text="Avböjt").click()
    page.get_by_role("button", name="Är för trött").click()
    expect(page.get_by_text("Det gick inte att spara.")).to_be_visible()
    assert n_waiting(page) == 0
    page.reload()
    expect(page.get_by_text("minne är nästan fullt")).to_be_visible()

    tools.send("Storage.overrideQuotaForOrigin", quota)
    say_no(page)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")  # Chromium forgot it in the reload
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()
    assert offers(session) == [(Outcome.DECLINED, "too_tired", 1)]


def test_storage_of_an_earlier_step_keeps_its_full_outbox(tablet, session):
    page = tablet()
    is_installed(page)
    page.context.set_offline(True)
    seal(page, 3)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/halsa")  # none of the tablet's scripts
    assert page.evaluate(FIRST_STEP) == 3
    page.goto("/platta")
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()

    assert offers(session) == [(Outcome.DECLINED, "no_time", 3)]
