"""A home visit without network: an elder of 87 in a basement flat, from morning to evening."""

from datetime import date
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from surveyapp import enrolling, publishing
from surveyapp.db import writing
from surveyapp.models import (
    Answer,
    Channel,
    FollowupType,
    FormLength,
    FreeText,
    HandedOverBy,
    OfferTally,
    Outcome,
    QuestionnaireVersion,
    Response,
    ResponseStatus,
    ServiceGroup,
)
from surveyapp.questionnaire import Missing, load
from tests.browser.answering import (
    answer,
    hand_over,
    heading,
    here,
    kind,
    press,
    skip_to_the_end,
    start_answering,
    stored,
)
from tests.browser.conftest import SECRET, enrol, is_installed
from tests.make import QUESTIONNAIRES

pytestmark = [pytest.mark.browser, pytest.mark.faults]

DAY, NEXT_DAY = "2026-03-10", "2026-03-11"
UNIT = "Hägersten-Älvsjö"
COUNT_TAPS = """addEventListener("pointerdown", () => {
  localStorage.taps = Number(localStorage.taps ?? 0) + 1;
}, true);"""
THANKS = "Kiitos vastauksistasi!"


def started_again(page):
    """The tablet after its power was off."""
    again = page.context.new_page()
    start = urljoin(page.url, "/platta")
    page.close()
    again.goto(start)
    return again


def taps(page):
    return int(page.evaluate("localStorage.taps ?? 0"))


def expect_only_the_end(page):
    """Whoever holds the tablet sees that it is over, and nothing else."""
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    expect(page.get_by_role("link", name="Klart")).to_be_visible()
    assert page.locator("input, .option, textarea").count() == 0


def answer_in_finnish(page):
    """Fifteen answers, one question skipped, the text left empty; the power goes in between."""
    start_answering(page)
    while kind(page) == "question":
        question = here(page)
        if question == "kon_beratta_om" and "Kysymys 9" in progress(page):
            page = after_the_power_was_off(page)
        if (
            question in ("kon_beratta_om", "avs_text")
            or page.locator(".is-here textarea").count()
        ):
            press(page, "skip")
            continue
        answer(page, 1 if question == "til_vag" else 0)
        press(page, "next")
    return page


def progress(page):
    return page.locator("[data-part=progress]").text_content()


def after_the_power_was_off(page):
    """The tablet is started again: the questions are hidden, and go on where they were."""
    answer(page, 2)
    page = started_again(page)
    expect(heading(page)).to_have_text("Kysymykset on piilotettu.")
    assert page.locator("button:visible").all_text_contents() == ["Jatka", "Lopeta"]
    page.get_by_role("button", name="Jatka").click()
    assert (here(page), progress(page)) == ("kon_beratta_om", "Kysymys 9/17")
    assert page.locator("input:checked").count() == 0
    expect(page.locator("[data-part=back]")).to_be_hidden()
    page.go_back()
    assert here(page) == "kon_beratta_om"
    return page


def test_three_visits_without_network_arrive_once_in_the_evening(
    open_page, network, session, make, on
):
    on(DAY)
    make.published(1)
    unit = make.unit(code="hagersten-alvsjo", name=UNIT)
    with writing(session):
        code = enrolling.create(session, "Surfplatta 4", [unit.id], secret=SECRET)[1]

    # In the office in the morning.
    page = open_page(
        f"{network.address}/platta", script=COUNT_TAPS, clock=f"{DAY}T08:15:00+01:00"
    )
    context = page.context
    enrol(page, code)
    expect(page.get_by_role("heading", name=UNIT)).to_be_visible()
    is_installed(page)

    # At the elder's, without network from before the first tap to after the last.
    network.fault = "down"  # for the service worker too
    context.set_offline(True)
    page = started_again(page)
    before = taps(page)
    hand_over(page, "Suomi")
    assert taps(page) - before == 4
    page = answer_in_finnish(page)
    expect(heading(page)).to_have_text("Olet vastannut 15 kysymykseen 17 kysymyksestä.")
    page.get_by_role("button", name="Lähetä vastaukset").click()

    # In the officer's hand: nothing but the end, whichever way is tried.
    expect_only_the_end(page)
    page = started_again(page)
    expect_only_the_end(page)
    page.go_back()
    while page.url != "about:blank":  # with which the browser began
        expect_only_the_end(page)
        page.go_back()
    page.go_forward()
    expect_only_the_end(page)
    page = started_again(page)
    expect_only_the_end(page)
    page.get_by_role("link", name="Klart").click()
    expect(page.get_by_text("1 väntar på att skickas")).to_be_visible()

    # Two more visits, while version 2 is published at noon.
    page.clock.fast_forward("04:00:00")
    with writing(session):
        publishing.publish(
            session,
            load(publishing.file_of(QUESTIONNAIRES, publishing.KEY, 2)),
            valid_from=date.fromisoformat(DAY),
            author="Anna Berg",
            publisher="Birgit Ek",
        )
    hand_over(page)
    start_answering(page)
    skip_to_the_end(page)
    page.get_by_role("button", name="Skicka mina svar").click()
    page.get_by_role("link", name="Klart").click()
    page.locator("summary", has_text="Avböjt").click()
    page.get_by_role("button", name="Är för trött").click()
    expect(page.get_by_text("Noterat: inget svar den här gången.")).to_be_visible()
    waiting = page.locator("[data-part=queue]")
    expect(waiting).to_contain_text("2 väntar på att skickas")
    expect(waiting).to_contain_text("Sparat på plattan – inte skickat än")
    assert ":" not in waiting.inner_text()  # no time of any of them
    assert stored(session, select(Response.id)) == []

    # Back on the office network, which fails at first in the middle, and then after the store.
    network.fault = "cut_body"
    context.set_offline(False)
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("Ingen kontakt just nu.")).to_be_visible()
    network.fault = "lose_echo"
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("Ingen kontakt just nu.")).to_be_visible()
    expect(waiting).to_contain_text("2 väntar på att skickas")
    network.fault = ""
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()

    offers = select(OfferTally.outcome, OfferTally.n).where(OfferTally.unit_id == unit.id)
    assert sorted(stored(session, offers)) == [(Outcome.ANSWERED, 2), (Outcome.DECLINED, 1)]
    assert sorted(stored(session, select(Response.language))) == [("fi",), ("sv",)]
    expect_what_the_elder_said(session)

    # The new version is fetched then, and taken into use between two visits.
    expect(page.locator("[data-offer]:visible")).to_have_attribute("data-version", "2")
    on(NEXT_DAY)
    page.clock.fast_forward("16:00:00")
    page = started_again(page)
    expect(page.locator("[data-offer]:visible")).to_have_attribute("data-version", "2")

    # And a tablet that is left in a bag for two weeks, with an answer on it.
    is_installed(page)
    network.fault = "down"
    context.set_offline(True)
    hand_over(page)
    press(page, "stop")
    page.get_by_role("button", name="Avsluta").click()
    page.get_by_role("link", name="Klart").click()
    expect(page.get_by_role("heading", name=UNIT)).to_be_visible()  # the page is a new one
    page.clock.fast_forward(15 * 24 * 3600 * 1000)
    page = started_again(page)
    expect(page.get_by_text("Surfplattan har inte haft kontakt på 15 dagar.")).to_be_visible()
    expect(page.locator("[data-part=queue]")).to_contain_text("1 väntar på att skickas")


def expect_what_the_elder_said(session):
    """What is stored of the Finnish answers, and that it is everything."""
    [(response,)] = stored(session, select(Response).where(Response.language == "fi"))
    version = session.get_one(QuestionnaireVersion, response.version_id)
    assert (response.month, version.version) == (date(2026, 3, 1), 1)
    assert response.channel is Channel.TABLET
    assert response.followup_type is FollowupType.HOME_VISIT
    assert response.service_group is ServiceGroup.HOME_CARE
    assert response.handed_over_by is HandedOverBy.OWN_OFFICER
    assert response.form_length is FormLength.FULL
    assert response.status is ResponseStatus.COMPLETE
    assert {column.name for column in Response.__table__.columns} == {
        *("id", "receipt", "unit_id", "month", "version_id", "language", "channel"),
        *("followup_type", "service_group", "handed_over_by", "form_length", "status"),
        "is_settled",
    }
    given = select(Answer.missing, func.count()).where(Answer.response_id == response.id)
    assert dict(stored(session, given.group_by(Answer.missing))) == {
        None: 15,
        Missing.SKIPPED: 2,
        Missing.NOT_SHOWN: 2,
    }
    apart = select(Answer.question).where(Answer.missing == Missing.NOT_SHOWN)
    assert sorted(stored(session, apart.where(Answer.response_id == response.id))) == [
        ("bak_hjalpare",),
        ("til_aldre_direkt",),
    ]
    assert stored(session, select(FreeText.id)) == []
