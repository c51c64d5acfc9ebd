"""What browser tests of answering share: the officer's taps, the person's, and what is kept."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp.models import Answer, OfferTally, Response

RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LANGUAGES = {"sv": "Svenska", "sv-LL": "Lättläst svenska", "fi": "Suomi", "en": "English"}
CALL = """async ([module, name, ...rest]) => {
  const script = document.querySelector("script[type=module]").src;
  return (await import(new URL(`${module}.js`, script)))[name](...rest);
}"""
# Everything that the browser keeps for this address; of keys, whether they can be read.
KEPT = """async () => {
  const told = (value) => JSON.stringify(value, (name, each) => {
    if (each instanceof CryptoKey) return `${each.type} key, readable: ${each.extractable}`;
    return each instanceof ArrayBuffer || ArrayBuffer.isView(each)
      ? String.fromCharCode(...new Uint8Array(each)) : each;
  });
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      found[store] = told(await asked(database.transaction(store).objectStore(store).getAll()));
    }
    database.close();
  }
  const session = [localStorage, sessionStorage, history.state, location.href, document.cookie];
  return { ...found, session: told(session), caches: (await caches.keys()).join() };
}"""

# The storage, or one value of it, is full, as it says when the transaction should end.
FAIL = """(name) => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    const isIt = [this.name, given[1]].includes(name);
    if (isIt) request.onsuccess = () => this.transaction.abort();
    return request;
  };
  window.mend = () => { IDBObjectStore.prototype.put = put; };
}"""
HIDDEN = "Frågorna är gömda."


# The officer


def hand_over(page, language="Svenska", length="Alla frågor"):
    """The four taps of the officer, and one more for the short form."""
    choose(page, "Hembesök")
    choose(page, "Hemtjänst")
    choose(page, language)
    if length != "Alla frågor":
        page.locator(".tile", has_text=length).click()
    page.get_by_role("button", name="Jag är egen handläggare").click()
    expect(page.locator(".is-here")).to_be_visible()


def choose(page, text):
    page.locator(".tile", has=page.get_by_text(text, exact=True)).click()


# Whoever answers


def start_answering(page):
    """Through the two first screens and the practice question."""
    press(page, "next")
    press(page, "next")
    answer(page, 1)
    press(page, "next")
    press(page, "next")


def press(page, part):
    page.locator(f"[data-part={part}]").click()


def answer(page, number):
    page.locator(".is-here .option").nth(number).click()


def answer_and_go_on(page, *numbers):
    """Answer one question after the other, each with the option of this number."""
    for number in numbers:
        answer(page, number)
        press(page, "next")


def heading(page):
    return page.locator(".is-here h2")


def here(page):
    """The id of the question on the screen."""
    return page.locator(".is-here").get_attribute("id")


def kind(page):
    return page.locator("html").get_attribute("data-kind")


def skip_to_the_end(page):
    while kind(page) == "question":
        press(page, "skip")


# Time


def later(milliseconds):
    """A script that sets the clock of a page forward; scripts that do add up."""
    return f"""{{
      const Real = Date;
      globalThis.Date = class extends Real {{
        constructor(...given) {{
          super(...(given.length ? given : [Real.now() + {milliseconds}]));
        }}
        static now() {{ return Real.now() + {milliseconds}; }}
      }};
    }}"""


def pass_time(page, minutes):
    """Set the clock of the tablet forward; its pages look at it every second."""
    script = later(round(minutes * 60_000))
    page.context.add_init_script(script)
    page.evaluate(f"() => {script}")


def rest(page):
    """Leave the tablet alone until its questions are hidden, on a page of their own."""
    with page.expect_event("load"):
        pass_time(page, 3)


def reload(page):
    """Load the page of questions again, when what was tapped is saved."""
    called(page, "draft", "saved")
    page.reload()


def started_again(page, minutes=0):
    """The tablet when its power comes back after so many minutes."""
    context = page.context
    page.close()
    context.add_init_script(later(round(minutes * 60_000)))
    page = context.new_page()
    page.goto("/platta")
    return page


# What there is to see, and what is kept


def violations(page):
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


def is_wider_than_the_window(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def called(page, module, name, *arguments):
    """What a function of the tablet's own modules gives."""
    return page.evaluate(CALL, [module, name, *arguments])


def deliver(page):
    """Send what waits on the tablet; whether all of it arrived."""
    return called(page, "outbox", "send")


def kept(page):
    return page.evaluate(KEPT)


def stored(session, statement):
    session.rollback()
    return session.execute(statement).all()


def content(page):
    """What the draft would be saved as now."""
    return called(page, "answers", "content")


def expect_nothing_seen(page):
    """No answer is on the page, chosen or written."""
    chosen = page.locator("input:checked").evaluate_all("all => all.map((e) => e.name)")
    assert chosen == []
    assert (
        page.locator("textarea").evaluate_all("all => all.map((e) => e.value).join('')") == ""
    )
    expect(page.locator("[data-part=proxy]")).to_be_hidden()


def expect_the_end(page):
    expect(page.get_by_role("heading", name="Tack för dina svar!")).to_be_visible()


def outcomes(page, session):
    assert deliver(page)
    return stored(session, select(OfferTally.outcome, OfferTally.n))


def values(session):
    return dict(stored(session, select(Answer.question, Answer.value)))


def statuses(session):
    return [each for (each,) in stored(session, select(Response.status))]
