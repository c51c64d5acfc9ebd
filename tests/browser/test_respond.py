"""Answering by letter in a real browser: with and without script, by finger and by keyboard."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from surveyapp.models import Answer, FormLength, OfferTally, Outcome, Response, ResponseStatus
from tests.browser.answering import (
    answer,
    heading,
    is_wider_than_the_window,
    kind,
    press,
    skip_to_the_end,
    start_answering,
    stored,
    violations,
)

pytestmark = pytest.mark.browser

# For what is only about looks, one database is enough.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("language", "width", "height", "words"),
    [
        ("fi", 360, 740, ("Kuka vastaa kysymyksiin?", "Lähetä vastaukset", "Kiitos")),
        ("sv", 1280, 800, ("Vem svarar på frågorna?", "Skicka mina svar", "Tack")),
    ],
)
def test_whole_way_from_the_letter_to_the_thanks(
    letter, session, language, width, height, words
):
    first, send, thanks = words
    page = letter(language, width=width, height=height)
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

    statuses = stored(session, select(Response.status))
    n_values = select(func.count()).where(Answer.value.is_not(None))
    assert statuses == [(ResponseStatus.COMPLETE,)]
    assert stored(session, n_values) == [(18,)]  # all but who helped


def test_keyboard_is_enough(letter, session):
    page = letter()
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


def test_form_works_without_script(letter, session):
    page = letter("sv-LL", java_script_enabled=False)
    expect(page.get_by_role("group", name="Vem svarar?")).to_be_visible()
    page.get_by_role("group", name="Vem svarar?").get_by_text("Jag svarar själv").click()
    page.get_by_role("group", name="Vem hjälper dig?").get_by_text("Tolk").click()
    page.keyboard.press("Enter")  # must not send a form that is not finished
    page.get_by_role("group", name="Visar handläggaren").get_by_text("Ja, ofta").click()
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page.get_by_role("heading", name="Tack!")).to_be_visible()

    values = dict(stored(session, select(Answer.question, Answer.value)))
    assert (values["bak_svarar"], values["bem_respekt"]) == ("sjalv", "oftast")
    assert values["bak_hjalpare"] is None


def test_chosen_answer_can_be_taken_back_without_script(letter, session):
    page = letter(java_script_enabled=False)
    question = page.get_by_role("group", name="Vem svarar på frågorna?")
    question.get_by_text("Jag svarar själv").click()
    question.get_by_text("Hoppa över").click()
    page.get_by_role("button", name="Skicka mina svar").click()
    expect(page.get_by_role("heading", name="Tack")).to_be_visible()

    assert stored(session, select(Answer.value).where(Answer.value.is_not(None))) == []


@once
def test_back_after_sending_shows_nothing(letter):
    page = letter()
    start_answering(page)
    answer(page, 2)
    press(page, "next")
    skip_to_the_end(page)
    page.get_by_role("button", name="Skicka mina svar").click()
    page.wait_for_url("**/svara/klart/**")

    page.go_back()
    expect(page.get_by_role("heading", name="Tack för dina svar!")).to_be_visible()
    assert page.locator("input, .option").count() == 0
    page.go_back()
    assert page.url == "about:blank"  # where the person came from


@once
def test_page_loaded_again_has_forgotten_the_answers(letter):
    page = letter()
    start_answering(page)
    answer(page, 0)
    page.reload()
    expect(page.get_by_role("heading", name="Din kontakt")).to_be_visible()

    assert page.locator("input:checked").count() == 0


@once
def test_browsers_own_back_goes_one_question_back(letter):
    page = letter()
    start_answering(page)
    answer(page, 0)
    press(page, "next")
    expect(heading(page)).to_have_text("Bemöter biståndshandläggaren dig med respekt?")
    page.go_back()

    expect(heading(page)).to_have_text("Vem svarar på frågorna?")
    assert page.locator(".is-here input:checked").get_attribute("value") == "sjalv"
    page.go_back()
    expect(page.locator("html")).to_have_attribute("data-kind", "practice")
    answer(page, 1)
    press(page, "next")
    press(page, "next")
    expect(heading(page)).to_have_text("Vem svarar på frågorna?")


@once
def test_practice_asks_again_and_stores_nothing(letter):
    page = letter()
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
def test_answers_decide_what_is_asked(letter):
    page = letter()
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
def test_short_form_shows_dots(letter):
    page = letter(form_length=FormLength.SHORT)
    start_answering(page)

    assert page.locator(".dots i").count() == 7
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 1 av 7")


@pytest.mark.parametrize(
    ("button", "outcome", "n_stored"),
    [("Ja – skicka dem", Outcome.PARTLY, 1), ("Nej – ta bort dem", Outcome.STOPPED, 0)],
)
def test_stopping_asks_what_to_do_with_the_answers(letter, session, button, outcome, n_stored):
    page = letter()
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
def test_stopping_before_the_first_answer_has_nothing_to_keep(letter):
    page = letter()
    press(page, "stop")

    names = page.locator(".is-here button:visible").all_text_contents()
    assert names == ["Avsluta", "Fortsätt svara"]


def test_lost_network_keeps_the_answers_on_the_page(letter, session):
    page = letter()
    start_answering(page)
    answer(page, 0)
    skip = page.locator("[data-part=skip]")
    press(page, "next")
    while kind(page) == "question":
        skip.click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Skicka mina svar").click()
    expect(heading(page)).to_have_text("Vänta lite. Svaren sparas.")
    assert violations(page) == []
    page.context.set_offline(False)
    page.get_by_role("button", name="Skicka igen").click()
    page.wait_for_url("**/svara/klart/**")

    assert stored(session, select(func.count()).select_from(Response)) == [(1,)]


def test_double_tap_sends_once_and_skips_one_question(letter, session):
    page = letter()
    start_answering(page)
    page.locator("[data-part=skip]").dblclick()
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 2 av 17")
    skip_to_the_end(page)
    page.get_by_role("button", name="Skicka mina svar").dblclick()
    page.wait_for_url("**/svara/klart/**")

    assert stored(session, select(func.sum(OfferTally.n))) == [(1,)]
