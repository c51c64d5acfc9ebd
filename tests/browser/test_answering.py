"""Answering on a tablet: nobody loses an answer, and nobody sees another's."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp.models import (
    Answer,
    FormLength,
    FreeText,
    OfferTally,
    Outcome,
    Response,
    ResponseStatus,
    Unit,
)
from tests.browser.answering import (
    answer,
    answer_and_go_on,
    called,
    deliver,
    hand_over,
    heading,
    here,
    kept,
    press,
    rest,
    skip_to_the_end,
    start_answering,
    stored,
)
from tests.browser.conftest import later

# What the tablet does is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

HIDDEN = "Frågorna är gömda."
THANKS = "Tack för dina svar!"
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

# So many minutes have passed at once, and the first that happens then is a tap.
ASLEEP = """([minutes, part]) => {
  const now = Date.now.bind(Date);
  Date.now = () => now() + minutes * 60_000;
  const button = document.querySelector(`[data-part=${part}]`);
  button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  button.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
}"""


@pytest.fixture
def begin(tablet):
    """Hand the tablet over and go through the first screens."""

    def begin(language="Svenska", length="Alla frågor", **options):
        page = tablet(**options)
        hand_over(page, language, length)
        start_answering(page)
        return page

    return begin


def started_again(page, path="/platta"):
    """The tablet after its power was off."""
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(path)
    return page


MORNING = "2026-05-09T10:00:00"


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
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible()


def outcomes(page, session):
    assert deliver(page)
    return stored(session, select(OfferTally.outcome, OfferTally.n))


def values(session):
    return dict(stored(session, select(Answer.question, Answer.value)))


def statuses(session):
    return [each for (each,) in stored(session, select(Response.status))]


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
    page = begin(clock=MORNING)
    answer_and_go_on(page, 2, 0, 0)
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 4 av 18")
    page.clock.fast_forward("02:50")
    page.mouse.move(10, 10)
    page.mouse.down()
    page.clock.fast_forward("02:50")
    assert here(page) == "bem_lyssnar"
    with page.expect_event("load"):
        page.clock.fast_forward("00:15")
    expect(heading(page)).to_have_text(HIDDEN)
    expect_nothing_seen(page)
    press(page, "go")
    assert here(page) == "bem_lyssnar"
    expect(page.locator("[data-part=progress]")).to_have_text("Fråga 3 av 17")  # tells nothing
    expect_nothing_seen(page)
    answer_and_go_on(page, 2)
    rest(page)
    expect(heading(page)).to_have_text(HIDDEN)
    page.clock.fast_forward("26:00")
    expect(heading(page)).to_have_text(HIDDEN)
    page.clock.fast_forward("01:30")
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]
    assert kept(page)["draft"] == "[]"


@pytest.mark.parametrize("restart", ["2026-05-09T10:31:00", "2025-05-09T10:00:00"])
def test_draft_is_wiped_when_it_is_old_or_the_clock_went_back(begin, session, restart):
    page = begin(clock=MORNING)
    answer_and_go_on(page, 0, 0)
    called(page, "draft", "saved")
    page.context.clock.set_system_time(restart)
    page = started_again(page)
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
    page = tablet(clock=MORNING)
    hand_over(page)
    press(page, "next")
    page.locator("button[data-size='3']").click()
    rest(page)
    expect(heading(page)).to_have_text(HIDDEN)
    assert page.locator("html").get_attribute("data-size") == "3"  # of the occasion
    press(page, "go")
    expect(page.get_by_role("heading", name="Din kontakt")).to_be_visible()
    page.reload()
    press(page, "end")  # nothing is answered, so there is nothing to ask
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]


@pytest.mark.parametrize(
    ("button", "expected"),
    [("Ja – skicka dem", Outcome.PARTLY), ("Nej – ta bort dem", Outcome.STOPPED)],
)
def test_ending_from_the_hidden_page_asks_what_to_keep(begin, session, button, expected):
    page = begin()
    answer_and_go_on(page, 0, 0)
    page.reload()
    press(page, "end")
    assert page.locator(".is-here button:visible").count() == 2  # none of them goes on
    page.get_by_role("button", name=button).click()
    expect_the_end(page)

    assert outcomes(page, session) == [(expected, 1)]
    assert len(statuses(session)) == (expected is Outcome.PARTLY)


def test_tap_after_the_device_has_slept_wakes_nothing(begin, session):
    page = begin()
    answer_and_go_on(page, 0, 0)
    answer(page, 1)
    called(page, "draft", "saved")
    with page.expect_event("load"):  # four minutes asleep: the tap only finds them hidden
        page.evaluate(ASLEEP, [4, "next"])
    expect(heading(page)).to_have_text(HIDDEN)
    press(page, "go")
    assert here(page) == "bem_lyssnar"
    answer(page, 1)
    called(page, "draft", "saved")
    page.add_init_script(later(2 * 3600_000))  # the page that is loaded then
    page.evaluate(ASLEEP, [120, "next"])
    expect_the_end(page)

    assert kept(page)["draft"] == "[]"
    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]


def test_thrown_away_is_thrown_away_also_when_that_is_not_saved(begin, session):
    page = begin()
    answer_and_go_on(page, 0, 0)
    press(page, "stop")
    press(page, "no")
    page.evaluate(FAIL, "outbox")
    page.get_by_role("button", name="Nej – ta bort dem").click()
    expect(page.get_by_role("button", name="Skicka igen")).to_be_visible()
    assert content(page)["answers"] == {}
    expect_nothing_seen(page)
    called(page, "draft", "saved")
    page = started_again(page)
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]
    assert statuses(session) == []


def test_whoever_takes_over_says_so_and_sees_nothing(begin):
    page = begin()
    expect(page.locator("[data-part=someone]")).to_be_hidden()
    answer_and_go_on(page, 0, 0)
    answer(page, 0)  # bem_lyssnar: it is enough that somebody else is asked for
    press(page, "someone")
    assert here(page) == "bak_svarar"
    expect_nothing_seen(page)
    expect(page.locator("[data-part=back]")).to_be_hidden()
    page.reload()  # going on, who answers is still to be said
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


def test_language_can_still_be_changed_on_the_first_screen(tablet, session):
    page = tablet()
    hand_over(page)
    page.locator("button[data-size='2']").click()
    page.get_by_role("link", name="Suomi").click()
    expect(page.get_by_role("heading", name="Yhteydenpitosi")).to_be_visible()
    assert page.locator("html").get_attribute("data-size") == "2"
    start_answering(page)
    answer_and_go_on(page, 0)
    skip_to_the_end(page)
    page.get_by_role("button", name="Lähetä vastaukset").click()
    expect(page.get_by_role("heading", name="Kiitos")).to_be_visible()

    assert deliver(page)
    assert stored(session, select(Response.language)) == [("fi",)]


def test_language_changed_after_some_answers_keeps_them_where_they_can_be_changed(
    begin, session
):
    page = begin()
    answer_and_go_on(page, 1, 0, 3)  # with help, of a relative
    while "is-away" not in page.locator("[data-part=back]").get_attribute("class").split():
        press(page, "back")
    before = content(page)["answers"]
    page.get_by_role("link", name="Suomi").click()
    expect(page.get_by_role("heading", name="Yhteydenpitosi")).to_be_visible()
    assert content(page)["answers"] == before
    start_answering(page)
    expect(page.locator("#bak_svarar input:checked")).to_have_value("med_hjalp")
    answer_and_go_on(page, 0)  # alone, after all: nobody helped
    assert here(page) == "bem_respekt"
    answer_and_go_on(page, 1)
    assert content(page)["answers"] == {"bak_svarar": "sjalv", "bem_respekt": "oftast"}
    skip_to_the_end(page)
    page.get_by_role("button", name="Lähetä vastaukset").click()
    expect(page.get_by_role("heading", name="Kiitos")).to_be_visible()

    assert outcomes(page, session) == [(Outcome.ANSWERED, 1)]
    assert values(session)["bem_respekt"] == "oftast"


def test_save_that_does_not_succeed_asks_for_help_and_loses_nothing(begin, session):
    page = begin()
    page.evaluate(FAIL, "draft")
    answer_and_go_on(page, 0, 0)  # keeping the draft is tried again, and disturbs nobody
    page.evaluate("mend()")
    called(page, "draft", "saved")
    page.reload()
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


def test_offer_that_is_saved_by_half_is_not_counted_twice(tablet, session):
    page = tablet()
    page.evaluate(FAIL, "last")
    page.locator("summary:visible", has_text="Avböjt").click()
    page.get_by_role("button", name="Är för trött").click()
    expect(page.get_by_text("Det gick inte att spara.")).to_be_visible()
    page.evaluate("mend()")
    page.get_by_role("button", name="Är för trött").click()
    expect(page.get_by_text("Noterat")).to_be_visible()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()

    assert outcomes(page, session) == [(Outcome.DECLINED, 1)]


def test_save_is_tried_again_by_itself(begin):
    page = begin()
    answer_and_go_on(page, 0)
    skip_to_the_end(page)
    page.evaluate(FAIL, "outbox")
    page.get_by_role("button", name="Skicka mina svar").click()
    expect(page.get_by_role("button", name="Skicka igen")).to_be_visible()
    page.evaluate("mend()")
    expect_the_end(page)


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
    page.reload()
    page.locator("[data-part=go]").dblclick()
    assert here(page) == "bem_lyssnar"
