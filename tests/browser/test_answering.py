"""Answering on a tablet: nobody loses an answer, and nobody sees another's."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp.models import (
    FreeText,
    Outcome,
    Unit,
)
from tests.browser.answering import (
    HIDDEN,
    answer,
    answer_and_go_on,
    called,
    content,
    deliver,
    expect_nothing_seen,
    expect_the_end,
    hand_over,
    heading,
    here,
    kept,
    outcomes,
    pass_time,
    press,
    reload,
    rest,
    skip_to_the_end,
    start_answering,
    started_again,
    stored,
    values,
)

# What the tablet does is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]


def test_power_off_at_question_9_keeps_eight_answers_that_nobody_sees(begin, session):
    page = begin()
    answer_and_go_on(page, 0, 0, 0, 0, 0, 0, 2, 0)
    answer(page, 3)  # tapped, but never gone on from
    assert here(page) == "kon_beratta_om"
    called(page, "draft", "saved")
    storage = kept(page)
    assert not any(word in str(storage) for word in ("bem_respekt", "alltid", "kon_berat"))
    assert "secret key, readable: false" in storage["draft"]

    page = started_again(page)
    expect(heading(page)).to_have_text(HIDDEN)
    expect_nothing_seen(page)
    assert page.locator("button:visible").all_text_contents() == ["Fortsätt", "Avsluta"]
    press(page, "go")
    assert here(page) == "kon_beratta_om"
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 9 av 17")
    expect_nothing_seen(page)
    expect(page.locator("[data-part=back]")).to_be_hidden()
    answer_and_go_on(page, 1)
    for _ in range(3):  # the browser's own way back goes to here, and no further
        page.go_back()
        expect(page.locator(".is-here")).to_have_id("kon_beratta_om")
    press(page, "next")
    skip_to_the_end(page)
    expect(heading(page)).to_have_text("Du har svarat på 9 av 17 frågor.")
    page.get_by_role("button", name="Skicka mina svar").click()
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.ANSWERED, 1)]
    assert {question: value for question, value in values(session).items() if value} == {
        "bak_svarar": "sjalv",
        "bem_respekt": "alltid",
        "bem_lyssnar": "alltid",
        "bem_paverka": "ja_helt",
        "bem_info": "mycket_latt",
        "kon_vet_namn": "ja",
        "kon_antal": "2",
        "kon_byte": "nej",
        "kon_beratta_om": "oftast",
    }


def test_rest_hides_the_questions_and_half_an_hour_wipes_them(begin, session):
    page = begin()
    answer_and_go_on(page, 2, 0, 0)
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 4 av 18")
    pass_time(page, 2)
    page.mouse.down()
    pass_time(page, 2)  # three minutes are counted from the last touch
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert here(page) == "bem_lyssnar"
    with page.expect_event("load"):
        pass_time(page, 1)
    expect(heading(page)).to_have_text(HIDDEN)
    expect_nothing_seen(page)
    press(page, "go")
    assert here(page) == "bem_lyssnar"
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 3 av 17")  # tells nothing
    expect_nothing_seen(page)
    answer_and_go_on(page, 2)
    rest(page)
    expect(heading(page)).to_have_text(HIDDEN)
    pass_time(page, 25)
    expect(heading(page)).to_have_text(HIDDEN)
    pass_time(page, 2)
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]
    assert kept(page)["draft"] == "[]"


@pytest.mark.parametrize("minutes", [31, -365 * 24 * 60])
def test_draft_is_wiped_when_it_is_old_or_the_clock_went_back(begin, session, minutes):
    page = begin()
    answer_and_go_on(page, 0, 0)
    called(page, "draft", "saved")
    page = started_again(page, minutes)
    expect_the_end(page)

    assert kept(page)["draft"] == "[]"
    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]
    page.reload()
    expect_the_end(page)
    # If the storage does not let go of the end, the start screen shows it once more.
    page.evaluate("() => { IDBObjectStore.prototype.delete = () => undefined.closed; }")
    page.get_by_role("link", name="Klart").click()
    page.wait_for_url("**/klart/**")
    expect_the_end(page)
    page.get_by_role("link", name="Klart").click()
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()


def test_hidden_before_the_first_question_begins_again_at_the_start(tablet, session):
    page = tablet()
    hand_over(page)
    press(page, "next")
    page.locator("button[data-size='3']").click()
    rest(page)
    expect(heading(page)).to_have_text(HIDDEN)
    assert page.locator("html").get_attribute("data-size") == "3"  # of the occasion
    press(page, "go")
    expect(page.get_by_role("heading", name="Din kontakt")).to_be_visible()
    reload(page)
    press(page, "end")  # nothing is answered, so there is nothing to ask
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]


def test_whoever_takes_over_says_so_and_sees_nothing(begin):
    page = begin()
    expect(page.locator("[data-part=someone]")).to_be_hidden()
    answer_and_go_on(page, 0, 0)
    answer(page, 0)  # bem_lyssnar: it is enough that somebody else is asked for
    press(page, "someone")
    assert here(page) == "bak_svarar"
    expect_nothing_seen(page)
    expect(page.locator("[data-part=back]")).to_be_hidden()
    reload(page)  # going on, who answers is still to be said
    press(page, "go")
    assert here(page) == "bak_svarar"
    answer_and_go_on(page, 1, 2)
    assert here(page) == "bem_paverka"
    expect(page.locator("[data-part=back]")).to_be_hidden()
    answers = content(page)["answers"]
    assert answers == {
        **{"bak_svarar": "med_hjalp", "bak_hjalpare": "tolk"},
        **{"bem_respekt": "alltid", "bem_lyssnar": "alltid"},
    }

    press(page, "someone")
    answer_and_go_on(page, 0)  # the elder again, alone: it stays a form with help
    assert here(page) == "bem_paverka"
    assert content(page)["answers"] == answers
    press(page, "someone")
    answer_and_go_on(page, 1, 0)  # the same way again changes nothing
    assert content(page)["answers"] == answers
    press(page, "someone")
    answer_and_go_on(page, 2, 0)
    expect(page.locator("[data-part=proxy]")).to_be_visible()
    assert content(page)["answers"] == answers | {
        **{"bak_svarar": "annan", "bak_hjalpare": "narstaende"},
    }
    press(page, "someone")
    answer_and_go_on(page, 1, 4)  # that the case officer helped is never lost
    expect(page.locator("[data-part=proxy]")).to_be_hidden()
    assert content(page)["answers"] == answers | {
        **{"bak_svarar": "annan", "bak_hjalpare": "handlaggare"},
    }


def test_form_begun_by_somebody_unknown_is_never_ones_own(begin):
    page = begin()
    press(page, "skip")
    answer_and_go_on(page, 0)
    press(page, "someone")
    answer_and_go_on(page, 0)

    assert content(page)["answers"] == {"bem_respekt": "alltid"}


@pytest.mark.parametrize(("named_officers", "n_options"), [(1, 3), (3, 4)])
def test_option_for_several_officers_is_only_where_there_are_several(
    begin, session, make, named_officers, n_options
):
    unit = session.scalars(select(Unit)).one()
    make.attribute(
        unit, "named_officers_per_client", str(named_officers), valid_from=date(2017, 1, 1)
    )
    page = begin()
    assert page.locator("#kon_vet_namn .option").count() == n_options


def test_language_can_be_changed_on_the_first_screen(tablet):
    page = tablet()
    hand_over(page)
    page.locator("button[data-size='2']").click()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Your contact")).to_be_visible()
    assert page.locator("html").get_attribute("data-size") == "2"


def test_second_respondent_finds_nothing_of_the_first(begin, session):
    words = "Hon lyssnar alltid på mig."
    page = begin()
    answer_and_go_on(page, 2, 3)
    while here(page) != "hel_fritext":
        answer(page, 3 if page.locator(".is-here .option").count() > 3 else 1)
        press(page, "next")
    page.locator("textarea").fill(words)
    press(page, "next")
    page.get_by_role("button", name="Skicka mina svar").click()
    expect_the_end(page)
    page.go_back()  # all that the history holds of it
    expect_the_end(page)
    assert page.locator("input, .option").count() == 0
    page.goto("/platta/fragor/kontakt-bistandshandlaggare/1/sv")
    expect_the_end(page)
    page.get_by_role("link", name="Klart").click()
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
    assert page.locator("[data-offer] :checked").count() == 1  # the ordinary length
    hand_over(page)

    storage = str(kept(page))
    assert not any(word in storage for word in (words[:10], "bak_svarar", "annan", "sallan"))
    assert words[:10] not in page.content()
    expect_nothing_seen(page)
    assert kept(page)["draft"].count("receipt") == 1
    start_answering(page)
    expect_nothing_seen(page)
    assert content(page)["answers"] == {}
    page.go_back()
    expect_nothing_seen(page)
    assert called(page, "draft", "saved") is None
    assert deliver(page)
    assert stored(session, select(FreeText.text)) == [(words,)]


def test_questions_without_an_occasion_lead_to_the_start(tablet):
    page = tablet()
    page.goto("/platta/fragor/kontakt-bistandshandlaggare/1/sv")
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()


def test_without_script_the_page_says_one_sentence(open_page, make):
    make.published(1)
    page = open_page(
        "/platta/fragor/kontakt-bistandshandlaggare/1/sv", java_script_enabled=False
    )
    assert page.locator("p:visible, button:visible, .option:visible").all_text_contents() == [
        "Surfplattan behöver hjälp av den som lämnade den. Dina svar finns kvar."
    ]


def test_two_taps_of_a_trembling_finger_are_one(begin):
    page = begin()
    page.locator("[data-part=skip]").dblclick()
    assert here(page) == "bem_respekt"
    answer(page, 0)
    page.locator("[data-part=next]").dblclick()
    assert here(page) == "bem_lyssnar"
    reload(page)
    page.locator("[data-part=go]").dblclick()
    assert here(page) == "bem_lyssnar"
