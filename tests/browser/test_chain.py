"""The whole chain as people live it: officer, elder, registrar, and on Monday the results."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from surveyapp import collecting, enrolling, publishing, settling
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import Response
from tests.browser.answering import answer, deliver, hand_over, kind, press, start_answering
from tests.browser.conftest import SECRET

pytestmark = pytest.mark.browser

VISIT, RELEASE = date(2026, 4, 15), date(2026, 5, 9)
SATISFIED = "1131221232311121"  # a digit for each question that everybody is asked
DISSATISFIED = SATISFIED[:13] + "5" + SATISFIED[14:]
PILE = (
    "month=2026-04&language=sv&form_length=full&followup_type=home_visit"
    "&service_group=home_care&handed_over_by=unknown"
)


def answer_in_finnish(browser, address, code, width, height):
    """The officer's four taps and the elder's eighteen screens, on one tablet."""
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, has_touch=True
    )
    page = context.new_page()
    page.goto("/platta")
    page.get_by_label("Kod").fill(code)
    page.get_by_role("button", name="Koppla surfplattan").click()
    hand_over(page, "Suomi")
    start_answering(page)
    while kind(page) == "question":
        if page.locator(".is-here textarea").count():
            press(page, "skip")
        else:
            answer(page, 0)
            press(page, "next")
    page.get_by_role("button", name="Lähetä vastaukset").click()
    expect(page.get_by_role("heading", name="Kiitos vastauksistasi!")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Kiitos vastauksistasi!")).to_be_visible()
    assert deliver(page)
    context.close()


def key_forms(page, sheets):
    """Forms keyed one after the other, with digits and Enter."""
    page.goto(f"/papper/farsta/{publishing.KEY}/1?{PILE}")
    for digits in sheets:
        expect(page.locator("#q_bak_svarar")).to_be_focused()
        for digit in digits:
            page.keyboard.press(digit)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("sparad")


def test_answers_from_tablet_and_paper_are_on_the_units_page_after_the_release(
    browser, address, page, session, make, sign_in, on
):
    make.published(1)
    farsta = make.unit(code="farsta", name="Farsta")
    with writing(session):
        codes = [
            enrolling.create(session, name, [farsta.id], secret=SECRET)[1]
            for name in ("Surfplatta 1", "Surfplatta 2")
        ]
    on(VISIT)

    answer_in_finnish(browser, address, codes[0], 360, 740)
    answer_in_finnish(browser, address, codes[1], 1280, 800)
    sign_in(page, make.account(Role.REGISTRAR, units=[farsta], name="registrator"))
    key_forms(page, [SATISFIED] * 6 + [DISSATISFIED] * 2)
    page.goto("/resultat/farsta")
    expect(page.locator("main")).not_to_contain_text("80")  # nothing is live
    session.rollback()
    languages = dict(
        session.execute(
            select(Response.language, func.count()).group_by(Response.language)
        ).all()
    )
    assert languages == {"fi": 2, "sv": 8}

    settling.settle(session, today=VISIT, sealer=collecting.sealer(SECRET))
    on(RELEASE)
    page.context.clear_cookies()
    sign_in(page, make.account(Role.CITY_ANALYST, name="analytiker"))
    page.goto("/resultat/slapp")
    page.locator("[name=period][value='2026-T1']").check()
    page.locator("[name=is_sure]").check()
    page.get_by_role("button", name="Släpp resultaten").click()

    page.goto("/resultat/farsta?period=2026-T1")
    satisfied = page.get_by_text("80 % [44–97]").first  # 8 of 10, number due not known
    expect(satisfied).to_be_attached()
    expect(page.locator("main")).to_contain_text("10 svar")
