"""How an occasion ends on a tablet: stopped, sent, or not saved at the first attempt."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp.models import (
    Answer,
    FormLength,
    Outcome,
    Response,
    ResponseStatus,
)
from tests.browser.answering import (
    FAIL,
    answer_and_go_on,
    expect_the_end,
    heading,
    here,
    outcomes,
    press,
    reload,
    skip_to_the_end,
    statuses,
    stored,
    values,
)

# What the tablet does is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize(
    ("button", "expected"),
    [("Ja – skicka dem", Outcome.PARTLY), ("Nej – ta bort dem", Outcome.STOPPED)],
)
def test_ending_from_the_hidden_page_asks_what_to_keep(begin, session, button, expected):
    page = begin()
    answer_and_go_on(page, 0, 0)
    reload(page)
    press(page, "end")
    assert page.locator(".is-here button:visible").count() == 2  # none of them goes on
    page.get_by_role("button", name=button).click()
    expect_the_end(page)

    assert outcomes(page, session) == [(expected, 1)]
    assert len(statuses(session)) == (expected is Outcome.PARTLY)


def test_stopping_offers_the_few_short_questions_once(begin, session):
    page = begin()
    press(page, "stop")  # nothing is answered: nothing is offered
    assert page.locator(".is-here button:visible").all_text_contents() == [
        *("Avsluta", "Fortsätt svara")
    ]
    press(page, "resume")
    answer_and_go_on(page, 0, 0)
    press(page, "skip")
    answer_and_go_on(page, 0)
    press(page, "stop")  # at bem_info
    expect(heading(page)).to_have_text("Vill du svara på 4 korta frågor till?")
    press(page, "yes")
    for question in ("kon_vet_namn", "til_latt_kontakt", "hel_trygg", "hel_nojd"):
        assert here(page) == question
        answer_and_go_on(page, 0)
    expect(heading(page)).to_have_text("Du har svarat på 7 av 8 frågor.")
    press(page, "stop")
    expect(heading(page)).to_have_text("Vill du att vi sparar de svar du har gett?")
    press(page, "resume")
    page.get_by_role("button", name="Skicka mina svar").click()
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.PARTLY, 1)]
    assert statuses(session) == [ResponseStatus.PARTIAL]
    missing = dict(stored(session, select(Answer.question, Answer.missing)))
    assert (missing["bem_lyssnar"], missing["bak_hjalpare"]) == ("skipped", "not_shown")
    for question in ("bem_info", "kon_antal", "hel_klagomal", "hel_fritext"):
        assert missing[question] == "stopped"
    assert missing["hel_nojd"] is None


def test_one_short_question_that_remains_is_offered_in_the_singular(begin):
    page = begin()
    answer_and_go_on(page, 0)
    while here(page) != "hel_nojd":
        press(page, "skip")
    press(page, "stop")
    expect(heading(page)).to_have_text("Vill du svara på en kort fråga till?")
    press(page, "no")
    press(page, "resume")
    assert here(page) == "hel_nojd"
    press(page, "stop")
    expect(heading(page)).to_have_text("Vill du att vi sparar de svar du har gett?")


def test_short_form_asks_seven_questions_and_offers_no_more(begin, session):
    page = begin(length="Kort formulär")
    assert page.locator(".dots i").count() == 7
    assert page.locator("[data-step=question]").count() == 7
    answer_and_go_on(page, 2)
    assert here(page) == "bem_respekt"
    press(page, "stop")
    expect(heading(page)).to_have_text("Vill du att vi sparar de svar du har gett?")
    press(page, "resume")
    skip_to_the_end(page)
    page.get_by_role("button", name="Skicka mina svar").click()
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.ANSWERED, 1)]
    lengths = stored(session, select(Response.form_length))
    assert lengths == [(FormLength.SHORT,)]


def test_save_that_does_not_succeed_asks_for_help_and_loses_nothing(begin, session):
    page = begin()
    page.evaluate(FAIL, "draft")
    answer_and_go_on(page, 0, 0)  # keeping the draft is tried again, and disturbs nobody
    page.evaluate("mend()")
    reload(page)
    press(page, "go")
    assert here(page) == "bem_lyssnar"
    skip_to_the_end(page)
    page.evaluate(FAIL, "outbox")
    page.get_by_role("button", name="Skicka mina svar").dblclick()
    expect(heading(page)).to_have_text(
        "Surfplattan behöver hjälp av den som lämnade den. Dina svar finns kvar."
    )
    page.get_by_role("button", name="Skicka igen").click()
    expect(page.get_by_role("button", name="Skicka igen")).to_be_visible()
    page.evaluate("() => { mend(); document.querySelector('[data-part=again]').click(); }")
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.ANSWERED, 1)]
    assert values(session)["bem_respekt"] == "alltid"


def test_save_is_tried_again_by_itself(begin):
    page = begin()
    answer_and_go_on(page, 0)
    skip_to_the_end(page)
    page.evaluate(FAIL, "outbox")
    page.get_by_role("button", name="Skicka mina svar").click()
    expect(page.get_by_role("button", name="Skicka igen")).to_be_visible()
    page.evaluate("mend()")
    expect_the_end(page)
