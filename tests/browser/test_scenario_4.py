"""The elder stops halfway, and a daughter offers to go on: the four courses it can take."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp.access import Role
from surveyapp.models import (
    Answer,
    Dimension,
    OfferTally,
    Outcome,
    Response,
    ResponseStatus,
    Tally,
    Unit,
)
from tests.browser.answering import (
    answer,
    answer_and_go_on,
    deliver,
    hand_over,
    heading,
    here,
    pass_time,
    press,
    rest,
    start_answering,
    stored,
)
from tests.browser.conftest import is_installed
from tests.released import answered, release

pytestmark = pytest.mark.browser

once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
VISIT, APRIL, RELEASE = date(2026, 4, 15), date(2026, 4, 1), date(2026, 5, 9)
NINE = [0, 0, 0, 0, 0, 0, 1, 2, 4]  # an option for each of the questions up to kon_beratta_om
KEEP = "Vill du att vi sparar de svar du har gett?"
AFTER_NINE = {
    *("til_latt_kontakt", "til_vag", "til_ateruppringd", "hel_trygg"),
    *("hel_nojd", "hel_klagomal", "bak_kon", "hel_fritext"),
}


@pytest.fixture
def tired(tablet, on):
    """The tablet without network in the elder's hand, nine questions answered."""
    on(VISIT)
    page = tablet()
    is_installed(page)
    page.context.set_offline(True)
    hand_over(page)
    start_answering(page)
    answer_and_go_on(page, *NINE[:-1])
    assert here(page) == "kon_beratta_om"
    answer(page, NINE[-1])
    return page


def end(page, button=None):
    """The same for the officer whatever was said; then back to the network."""
    if button:
        page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="Tack för dina svar!")).to_be_visible()
    seen = page.locator("body").inner_text()
    page.get_by_role("link", name="Klart").click()
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
    page.context.set_offline(False)
    assert deliver(page)
    return seen


def tallied(session):
    return stored(session, select(OfferTally.outcome, OfferTally.n).order_by(OfferTally.n))


def values(session):
    rows = stored(session, select(Answer.question, Answer.value))
    return {question: value for question, value in rows if value}


def by_who(session, question):
    """How many answers the release counted for each kind of who answered."""
    query = select(Tally.category, Tally.n).where(
        Tally.dimension == Dimension.WHO, Tally.question == question
    )
    return dict(stored(session, query))


def test_a_stops_and_keeps_what_was_answered(tired, page, session, make, sign_in, on):
    farsta = session.scalars(select(Unit)).one()
    forms = [
        {
            "bem_respekt": "alltid" if number < 30 else "aldrig",
            "hel_nojd": "mycket_nojd" if number < 30 else "mycket_missnojd",
        }
        for number in range(35)
    ]
    answered(session, farsta, APRIL, forms)
    press(tired, "stop")
    expect(heading(tired)).to_have_text("Vill du svara på 3 korta frågor till?")
    press(tired, "no")
    expect(heading(tired)).to_have_text(KEEP)
    press(tired, "resume")
    press(tired, "stop")  # what was refused once is not offered again
    expect(heading(tired)).to_have_text(KEEP)
    assert tired.locator("textarea:visible").count() == 0
    end(tired, "Ja – skicka dem")

    assert dict(tallied(session)) == {Outcome.ANSWERED: 35, Outcome.PARTLY: 1}
    partial = select(Response.id).where(Response.status == ResponseStatus.PARTIAL)
    query = select(Answer.question, Answer.missing).where(Answer.response_id.in_(partial))
    reasons = dict(stored(session, query))
    assert {each for each, reason in reasons.items() if reason == "stopped"} == AFTER_NINE
    assert list(reasons.values()).count(None) == 9

    on(RELEASE)
    release(session, "2026-T1")
    sign_in(page, make.account(role=Role.READER))
    page.goto("/resultat/farsta?period=2026-T1")
    main = page.locator("main")
    for words in (
        "bemöter dem med respekt 86 % [71–95], 36 svar",
        "nöjda med kontakten med biståndshandläggaren 86 % [70–95], 35 svar",
        "97 %, med delvis besvarade 100 %",
    ):
        expect(main).to_contain_text(words)


@once
def test_b_throws_away_and_only_that_is_counted(tired, session):
    press(tired, "stop")
    press(tired, "no")
    end(tired, "Nej – ta bort dem")

    assert tallied(session) == [(Outcome.STOPPED, 1)]
    assert stored(session, select(Response.id)) == []


@once
def test_c_daughter_goes_on_and_it_is_no_longer_ones_own(tired, session, on):
    press(tired, "stop")
    press(tired, "no")
    press(tired, "resume")
    press(tired, "someone")
    assert here(tired) == "bak_svarar"
    assert tired.locator("input:checked").count() == 0
    answer_and_go_on(tired, 2, 0)
    for question in ["til_latt_kontakt", "til_vag", "til_ateruppringd", "hel_trygg"]:
        assert here(tired) == question
        expect(tired.locator("[data-part=proxy]")).to_be_visible()
        answer_and_go_on(tired, 1)
    answer_and_go_on(tired, 0, 0, 1)
    press(tired, "skip")
    end(tired, "Skicka mina svar")

    given = values(session)
    assert (given["bak_svarar"], given["bak_hjalpare"]) == ("annan", "narstaende")
    assert (given["kon_beratta_om"], given["hel_nojd"]) == ("aldrig", "mycket_nojd")
    assert len(given) == 17  # the nine, who helps, and seven more: the text was skipped
    assert tallied(session) == [(Outcome.ANSWERED, 1)]
    on(RELEASE)
    release(session, "2026-T1")
    assert by_who(session, "bem_respekt") == {"annan": 1}


@once
def test_d_nobody_presses_anything(tired, session):
    rest(tired)
    expect(heading(tired)).to_have_text("Frågorna är gömda.")
    assert tired.locator("button:visible").all_text_contents() == ["Fortsätt", "Avsluta"]
    pass_time(tired, 27)
    end(tired)

    assert tallied(session) == [(Outcome.STOPPED, 1)]
    assert stored(session, select(Response.id)) == []


@once
def test_officer_sees_the_same_in_every_course(tired, session):
    """And presses "Avsluta" where the tablet was left lying."""
    press(tired, "stop")
    press(tired, "no")
    texts = {end(tired, "Ja – skicka dem")}
    for how in ("drop", "go on", "left"):
        tired.context.set_offline(True)
        hand_over(tired)
        start_answering(tired)
        answer_and_go_on(tired, 0)
        if how == "left":
            rest(tired)
            press(tired, "end")
        elif how == "drop":
            press(tired, "stop")
            press(tired, "no")
        else:
            while tired.locator(".is-here.question").count():
                press(tired, "skip")
        buttons = {"drop": "Nej – ta bort dem", "go on": "Skicka mina svar"}
        texts.add(end(tired, buttons.get(how, "Nej – ta bort dem")))

    assert len(texts) == 1
    assert dict(tallied(session)) == {
        **{Outcome.PARTLY: 1, Outcome.STOPPED: 2, Outcome.ANSWERED: 1}
    }
