"""Answering in a real browser: with and without script, by finger and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import func, select

from surveyapp import enrolling
from surveyapp.db import writing
from surveyapp.models import Answer, OfferTally, Outcome, Response, ResponseStatus

pytestmark = pytest.mark.browser

SECRET = "a secret that only the tests know"
RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LANGUAGES = {"sv": "Svenska", "sv-LL": "Lättläst svenska", "fi": "Suomi", "en": "English"}
VOICES = """
  window.spoken = [];
  speechSynthesis.getVoices = () => [
    {lang: "fi-FI", localService: false}, {lang: "sv-SE", localService: true}];
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; } };
  speechSynthesis.speak = (utterance) => spoken.push([utterance.text, utterance.lang]);
"""
# For what is only about looks, one database is enough.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def open_page(browser, address):
    """Open an address in a browser of its own; what its scripts complain of is a failure."""
    contexts, complaints = [], []

    def open_at(path, width=800, height=1280, script="", **options):
        context = browser.new_context(
            base_url=address,
            locale="sv-SE",
            viewport={"width": width, "height": height},
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def tablet(open_page, session, make):
    """Open the start screen on a tablet, enrolled with its code."""
    make.published(1)
    farsta = make.unit(code="farsta", name="Farsta")
    with writing(session):
        code = enrolling.create(session, "Surfplatta 4", [farsta.id], secret=SECRET)[1]

    def start(**options):
        page = open_page("/platta", **options)
        page.get_by_label("Kod").fill(code)
        page.get_by_role("button", name="Koppla surfplattan").click()
        return page

    return start


def hand_over(page, language="Svenska", length="Alla frågor"):
    """The four taps of the officer, and one more for the short form."""
    choose(page, "Hembesök")
    choose(page, "Hemtjänst")
    choose(page, language)
    if length != "Alla frågor":
        page.locator(".tile", has_text=length).click()
    page.get_by_role("button", name="Jag är egen handläggare").click()


def choose(page, text):
    page.locator(".tile", has=page.get_by_text(text, exact=True)).click()


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


def heading(page):
    return page.locator(".is-here h2")


def kind(page):
    return page.locator("html").get_attribute("data-kind")


def skip_to_the_end(page):
    while kind(page) == "question":
        press(page, "skip")


def violations(page):
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


def is_wider_than_the_window(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def stored(session, statement):
    session.rollback()
    return session.execute(statement).all()


@pytest.mark.parametrize(
    ("language", "width", "height", "words"),
    [
        ("Suomi", 360, 740, ("Kuka vastaa kysymyksiin?", "Lähetä vastaukset", "Kiitos")),
        ("Svenska", 1280, 800, ("Vem svarar på frågorna?", "Skicka mina svar", "Tack")),
    ],
)
def test_whole_way_from_the_officers_hand_and_back(
    tablet, session, language, width, height, words
):
    first, send, thanks = words
    page = tablet(width=width, height=height)
    hand_over(page, language)
    start_answering(page)
    expect(heading(page)).to_have_text(first)
    while kind(page) == "question":
        if page.locator(".is-here textarea").count():
            page.locator(".is-here textarea").fill("Hon lyssnar alltid.")
        else:
            answer(page, 0)
        assert not is_wider_than_the_window(page)
        press(page, "next")
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("heading", name=thanks)).to_be_visible()
    page.get_by_role("link", name="Klart").click()
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()

    statuses = stored(session, select(Response.status))
    n_values = select(func.count()).where(Answer.value.is_not(None))
    assert statuses == [(ResponseStatus.COMPLETE,)]
    assert stored(session, n_values) == [(18,)]  # all but who helped


def test_keyboard_is_enough(tablet, session):
    page = tablet()
    hand_over(page)
    page.keyboard.press("Tab")

    def walk_to(name):
        for _ in range(15):
            if page.evaluate("document.activeElement.textContent") == name:
                return page.keyboard.press("Enter")
            page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached")

    for name in ("Nästa", "Börja"):
        walk_to(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    walk_to("Nästa")
    walk_to("Nästa")
    expect(heading(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # sends nothing: it is not a button
    expect(heading(page)).to_have_text("Vem svarar på frågorna?")
    walk_to("Nästa")
    while kind(page) == "question":
        walk_to("Hoppa över")
    walk_to("Skicka mina svar")
    page.wait_for_url("**/svara/klart/**")

    assert stored(session, select(Answer.value).where(Answer.question == "bak_svarar")) == [
        ("sjalv",)
    ]


def test_form_works_without_script(tablet, session):
    page = tablet(java_script_enabled=False)
    hand_over(page, "Lättläst svenska")
    expect(page.get_by_role("group", name="Vem svarar?")).to_be_visible()
    page.get_by_role("group", name="Vem svarar?").get_by_text("Jag svarar själv").click()
    page.get_by_role("group", name="Vem hjälper dig?").get_by_text("Tolk").click()
    page.keyboard.press("Enter")  # must not send a form that is not finished
    page.get_by_role("group", name="Visar handläggaren").get_by_text("Ja, ofta").click()
    assert violations(page) == []
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page.get_by_role("heading", name="Tack!")).to_be_visible()

    values = dict(stored(session, select(Answer.question, Answer.value)))
    assert (values["bak_svarar"], values["bem_respekt"]) == ("sjalv", "oftast")
    assert values["bak_hjalpare"] is None


def test_chosen_answer_can_be_taken_back_without_script(tablet, session):
    page = tablet(java_script_enabled=False)
    hand_over(page)
    question = page.get_by_role("group", name="Vem svarar på frågorna?")
    question.get_by_text("Jag svarar själv").click()
    question.get_by_text("Hoppa över").click()
    page.get_by_role("button", name="Skicka mina svar").click()
    expect(page.get_by_role("heading", name="Tack")).to_be_visible()

    assert stored(session, select(Answer.value).where(Answer.value.is_not(None))) == []


@once
def test_back_after_sending_shows_nothing(tablet):
    page = tablet()
    hand_over(page)
    start_answering(page)
    answer(page, 2)
    press(page, "next")
    skip_to_the_end(page)
    page.get_by_role("button", name="Skicka mina svar").click()
    page.wait_for_url("**/svara/klart/**")

    for _ in range(4):
        page.go_back()
        expect(page.get_by_role("heading", name="Tack för dina svar!")).to_be_visible()
        assert page.locator("input, .option").count() == 0


@once
def test_page_loaded_again_has_forgotten_the_answers(tablet):
    page = tablet()
    hand_over(page)
    start_answering(page)
    answer(page, 0)
    page.reload()
    expect(page.get_by_role("heading", name="Din kontakt")).to_be_visible()

    assert page.locator("input:checked").count() == 0


@once
def test_browsers_own_back_goes_one_question_back(tablet):
    page = tablet()
    hand_over(page)
    start_answering(page)
    answer(page, 0)
    press(page, "next")
    expect(heading(page)).to_have_text("Bemöter biståndshandläggaren dig med respekt?")
    page.go_back()

    expect(heading(page)).to_have_text("Vem svarar på frågorna?")
    assert page.locator(".is-here input:checked").get_attribute("value") == "sjalv"


@once
def test_practice_asks_again_and_stores_nothing(tablet):
    page = tablet()
    hand_over(page)
    press(page, "next")
    press(page, "next")
    answer(page, 0)
    press(page, "next")
    expect(page.get_by_role("status")).to_contain_text("Tryck på rutan där det står Blå.")
    assert page.locator("input:checked").count() == 0
    answer(page, 1)
    press(page, "next")
    expect(heading(page)).to_have_text("Bra. Nu börjar frågorna.")


@once
def test_answers_decide_what_is_asked(tablet):
    page = tablet()
    hand_over(page)
    start_answering(page)
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 1 av 17")
    press(page, "next")  # nothing chosen: stay, and say what can be done
    expect(page.get_by_role("status")).to_have_text("Välj ett svar, eller tryck på Hoppa över.")
    answer(page, 2)
    press(page, "next")
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 2 av 18")
    expect(page.locator("[data-part=proxy]")).to_be_visible()
    answer(page, 0)
    press(page, "back")
    answer(page, 0)

    expect(page.locator("[data-part=proxy]")).to_be_hidden()
    assert page.locator("#bak_hjalpare input:checked").count() == 0
    press(page, "next")
    expect(heading(page)).to_have_text("Bemöter biståndshandläggaren dig med respekt?")


@once
def test_short_form_shows_dots(tablet):
    page = tablet()
    hand_over(page, length="Kort formulär")
    start_answering(page)

    assert page.locator(".dots i").count() == 7
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 1 av 7")


@pytest.mark.parametrize(
    ("button", "outcome", "n_stored"),
    [("Ja – skicka dem", Outcome.PARTLY, 1), ("Nej – ta bort dem", Outcome.STOPPED, 0)],
)
def test_stopping_asks_what_to_do_with_the_answers(tablet, session, button, outcome, n_stored):
    page = tablet()
    hand_over(page)
    start_answering(page)
    answer(page, 0)
    press(page, "stop")
    press(page, "resume")
    expect(heading(page)).to_have_text("Vem svarar på frågorna?")
    press(page, "stop")
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/svara/klart/**")

    assert stored(session, select(OfferTally.outcome)) == [(outcome,)]
    assert stored(session, select(func.count()).select_from(Response)) == [(n_stored,)]


@once
def test_stopping_before_the_first_answer_has_nothing_to_keep(tablet):
    page = tablet()
    hand_over(page)
    press(page, "stop")

    names = page.locator(".is-here button:visible").all_text_contents()
    assert names == ["Avsluta", "Fortsätt svara"]


def test_lost_network_keeps_the_answers_on_the_page(tablet, session):
    page = tablet()
    hand_over(page)
    start_answering(page)
    answer(page, 0)
    skip = page.locator("[data-part=skip]")
    press(page, "next")
    while kind(page) == "question":
        skip.click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Skicka mina svar").click()
    expect(heading(page)).to_have_text(
        "Surfplattan behöver hjälp av den som lämnade den. Dina svar finns kvar."
    )
    assert violations(page) == []
    page.context.set_offline(False)
    page.get_by_role("button", name="Skicka igen").click()
    page.wait_for_url("**/svara/klart/**")

    assert stored(session, select(func.count()).select_from(Response)) == [(1,)]


def test_double_tap_sends_once_and_skips_one_question(tablet, session):
    page = tablet()
    hand_over(page)
    start_answering(page)
    page.locator("[data-part=skip]").dblclick()
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 2 av 17")
    skip_to_the_end(page)
    page.get_by_role("button", name="Skicka mina svar").dblclick()
    page.wait_for_url("**/svara/klart/**")

    assert stored(session, select(func.sum(OfferTally.n))) == [(1,)]


@once
def test_question_is_read_aloud_with_a_voice_of_the_device(tablet):
    page = tablet(script=VOICES)
    hand_over(page)
    start_answering(page)
    page.get_by_role("button", name="Lyssna").click()
    expect(page.get_by_role("button", name="Sluta läsa")).to_be_visible()
    spoken = page.evaluate("spoken")

    assert spoken[0] == ["Vem svarar på frågorna?", "sv-SE"]
    assert spoken[-1] == ["Någon annan svarar åt mig", "sv-SE"]
    assert len(spoken) == 5


@once
def test_without_a_voice_of_the_device_nothing_offers_to_read(tablet):
    page = tablet(script=VOICES)  # its only Finnish voice lives elsewhere
    hand_over(page, "Suomi")

    expect(page.locator("[data-part=listen]")).to_be_hidden()


@once
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_passes_axe_and_fits(tablet, language):
    """At 360 px, at 200 % zoom of a laptop (640 x 400), and with the largest text."""
    page = tablet(width=360, height=740, script=VOICES)
    assert violations(page) == []
    hand_over(page, LANGUAGES[language])
    seen = set()

    def look(name):
        for width, height, size in ((360, 740, 1), (640, 400, 1), (320, 640, 3)):
            page.set_viewport_size({"width": width, "height": height})
            page.locator(f"[data-size='{size}']").click()
            assert not is_wider_than_the_window(page), (name, width, size)
        page.locator("[data-size='1']").click()
        assert violations(page) == [], name
        seen.add(name)

    look("first")
    press(page, "next")
    look("promise")
    press(page, "next")
    look("practice")
    answer(page, 1)
    press(page, "next")
    press(page, "next")
    answer(page, 2)
    look("chosen")
    press(page, "next")
    look("with banner")
    while kind(page) == "question":
        if page.locator(".is-here .option").count() in (0, 7):
            look(page.locator(".is-here").get_attribute("id"))
        press(page, "skip")
    look("review")
    press(page, "stop")
    look("stop")
    press(page, "resume")
    page.locator(".is-here .button--primary").click()
    page.wait_for_url("**/svara/klart/**")
    assert violations(page) == []
    assert {"til_vag", "hel_fritext"} <= seen


@once
def test_targets_and_texts_are_large_enough(tablet):
    page = tablet(width=360, height=740, script=VOICES)
    hand_over(page)
    start_answering(page)
    measure = """(selector) => [...document.querySelectorAll(selector)]
      .filter((e) => e.checkVisibility({visibilityProperty: true}))
      .map((e) => [e.className, e.offsetWidth, e.offsetHeight,
                   parseFloat(getComputedStyle(e).fontSize)])"""
    found = page.evaluate(measure, "button, .is-here .option, .is-here p, .is-here h2")

    assert len(found) > 10
    assert [each for each in found if each[3] < 20] == []
    targets = page.evaluate(measure, "button, .is-here .option")
    assert [each for each in targets if each[1] < 60 or each[2] < 60] == []


@once
@pytest.mark.parametrize("language", LANGUAGES)
def test_code_page_passes_axe_and_fits(tablet, open_page, language):
    tablet()
    page = open_page(f"/kod/{language}", width=320, height=640)
    page.locator("#code").fill("fel")
    page.locator("form button").click()

    assert violations(page) == []
    assert not is_wider_than_the_window(page)


@once
def test_officer_needs_no_more_than_four_taps(tablet):
    page = tablet(width=360, height=740, has_touch=True)
    choose(page, "Hembesök")
    choose(page, "Hemtjänst")
    choose(page, "Suomi")
    page.get_by_role("button", name="Jag är egen handläggare").click()
    expect(page.get_by_role("heading", name="Yhteydenpitosi")).to_be_visible()
