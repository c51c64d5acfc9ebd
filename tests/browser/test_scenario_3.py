"""Wrong unit: eleven answers at Skärholmen belong to Hägersten-Älvsjö, in a browser."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from surveyapp import enrolling, settling
from surveyapp.access import Role
from surveyapp.collecting import sealer
from surveyapp.db import writing
from surveyapp.models import AuditEvent, MoveReceipt, OfferTally, Outcome, Response
from tests.browser.answering import deliver, stored
from tests.browser.conftest import SECRET, enrol
from tests.released import answered, happy, release

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

APRIL = date(2026, 4, 1)
MORNINGS = {21: (3, 3), 22: (3, 2), 23: (3, 2), 24: (2, 2)}  # how many, and of them satisfied
NOTICED, DECIDED, RELEASED = "2026-05-04", "2026-05-05", "2026-05-09"
WRONG, RIGHT = "Skärholmen", "Hägersten-Älvsjö"
WHY = "Fel enhet var vald fyra morgnar."
MOVE = "11 svar, april 2026, Skärholmen → Hägersten-Älvsjö"
# One whole answer through the tablet's own draft and outbox, as its pages put it there.
ANSWER = """async ([unit, month, satisfied]) => {
  const script = document.querySelector("script[type=module]").src;
  const { begin, current, finish } = await import(new URL("draft.js", script));
  const { newReceipt } = await import(new URL("outbox.js", script));
  const { within } = await import(new URL("store.js", script));
  const { key, version, sha256 } = document.querySelector("[data-offer]").dataset;
  const occasion = {
    receipt: newReceipt(), unit, month, questionnaire: key, version: Number(version), sha256,
    language: "sv", channel: "tablet", followup_type: "home_visit", service_group: "home_care",
    handed_over_by: "own_officer", form_length: "full",
  };
  await begin({ occasion, shown: { named_officers: 1 } });
  await current();
  const hel_nojd = satisfied ? "mycket_nojd" : "ganska_missnojd";
  await finish("answered", { answers: { bak_svarar: "sjalv", hel_nojd } });
  await within(["kept"], "readwrite", (store) => store.delete("ended"));
}"""


@pytest.fixture
def units(session, make):
    """What came in otherwise during the tertial."""
    make.published(1)
    wrong = make.unit(code="skarholmen", name=WRONG)
    right = make.unit(code="hagersten-alvsjo", name=RIGHT)
    answered(session, wrong, APRIL, happy(52, of=63))
    answered(session, right, APRIL, happy(210, of=250))
    return wrong, right


@pytest.fixture
def tablet(open_page, session, units):
    """A tablet of both units, as it is opened on a day."""
    with writing(session):
        ids = [unit.id for unit in units]
        code = enrolling.create(session, "Surfplatta 4", ids, secret=SECRET)[1]
    opened = []

    def at(day):
        if not opened:
            opened.append(open_page("/platta", clock=f"{day}T08:15:00+02:00"))
            enrol(opened[0], code)
        else:
            opened[0].clock.set_system_time(f"{day}T08:15:00+02:00")
            opened[0].reload()
        return opened[0]

    return at


def answered_offers(session, unit):
    query = select(func.sum(OfferTally.n)).where(
        OfferTally.unit_id == unit.id, OfferTally.outcome == Outcome.ANSWERED
    )
    return stored(session, query)[0][0]


def test_eleven_answers_at_the_wrong_unit_are_moved_through_three_hands(
    tablet, page, session, make, sign_in, on, units
):
    wrong, right = units
    offers = [answered_offers(session, unit) for unit in units]

    # Four mornings: the tablet asks for the unit each day, and the wrong one is chosen.
    for day, (n, n_satisfied) in MORNINGS.items():
        morning = f"2026-04-{day}"
        on(morning)
        at_hand = tablet(morning)
        question = at_hand.get_by_role("heading", name="Vilken enhet används surfplattan för")
        expect(question).to_be_visible()
        at_hand.get_by_role("button", name=WRONG).click()
        expect(at_hand.get_by_role("heading", name=WRONG, level=1, exact=True)).to_be_visible()
        for number in range(n):
            at_hand.evaluate(ANSWER, [wrong.code, APRIL.isoformat(), number < n_satisfied])
        assert deliver(at_hand)
    assert answered_offers(session, wrong) == offers[0] + 11

    # It is noticed on 4 May; the tablet asks, once, with nothing but its receipts.
    on(NOTICED)
    at_hand = tablet(NOTICED)
    at_hand.get_by_role("button", name=RIGHT).click()
    at_hand.locator("summary", has_text="Fel enhet").click()
    days = at_hand.locator("[data-part=days] .tile")
    expect(days).to_have_count(4)
    expect(days.last).to_contain_text("21 april, Skärholmen: 3 svar")
    for number in range(4):
        days.nth(number).click()
    at_hand.get_by_role("button", name="Begär flytt").click()
    expect(at_hand.locator("[data-part=move-fault]")).to_contain_text("skriv vad som hände")
    at_hand.get_by_label("Vilken enhet skulle det ha varit?").select_option(right.code)
    at_hand.get_by_label("Vad hände?").fill(WHY)
    at_hand.get_by_role("button", name="Begär flytt").click()
    asked = at_hand.locator("[data-part=moves] li")
    expect(asked).to_have_text("11 svar, Skärholmen till Hägersten-Älvsjö: väntar på beslut")

    # Receipts that a request holds outlive the night that erases others.
    settling.settle(session, today=date(2026, 5, 30), sealer=sealer(SECRET))
    assert len(stored(session, select(MoveReceipt.receipt))) == 11

    # The second hand: somebody in one of the units. The third: the city's analyst.
    on(DECIDED)
    sign_in(page, make.account(Role.QUALITY_STAFF, units=[wrong], name="kvalitet"))
    page.goto("/surfplattor")
    expect(page.locator("main")).to_contain_text(MOVE)
    page.get_by_role("link", name="Visa och bekräfta").click()
    expect(page.locator("main")).to_contain_text(WHY)
    page.get_by_role("button", name=f"Bekräfta: de hör till {RIGHT}").click()
    page.context.clear_cookies()
    sign_in(page, make.account(Role.CITY_ANALYST, name="analytiker"))
    page.goto("/surfplattor/beslut")
    page.get_by_role("link", name="Visa och besluta").click()
    page.get_by_role("button", name=f"Flytta svaren till {RIGHT}").click()
    expect(page.get_by_text("Svaren är flyttade.")).to_be_visible()

    assert [answered_offers(session, unit) for unit in units] == [
        offers[0],
        offers[1] + 11,
    ]
    assert stored(session, select(MoveReceipt.receipt)) == []
    n_of = dict(
        stored(session, select(Response.unit_id, func.count()).group_by(Response.unit_id))
    )
    assert n_of == {wrong.id: 63, right.id: 261}
    at_hand.reload()
    expect(asked).to_have_text("11 svar, Skärholmen till Hägersten-Älvsjö: flyttat")

    # What is released knows nothing of the mistake.
    on(RELEASED)
    release(session, "2026-T1")
    for unit, figure, n in ((wrong, "83 % [71–91]", 63), (right, "84 % [79–88]", 261)):
        page.goto(f"/resultat/{unit.code}")
        expect(page.locator("main")).to_contain_text(figure)
        expect(page.locator("main")).to_contain_text(f"{n} svar")
        told = page.content()
        assert not any(before in told for before in ("61 av", "74 svar", "210 av", "250 svar"))

    # The log: who, from, to, how many and why; no receipt.
    log = select(AuditEvent.action, AuditEvent.actor, AuditEvent.subject)
    moves = [row for row in stored(session, log) if row.action.startswith("move.")]
    assert [(row.action, row.actor) for row in moves] == [
        ("move.request", "tablet"),
        ("move.confirm", "kvalitet"),
        ("move.approve", "analytiker"),
    ]
    for row in moves:
        assert all(each in row.subject for each in (wrong.code, right.code, "11", WHY))


def test_a_move_that_cannot_be_made_is_told_and_can_be_asked_for_again(
    tablet, session, on, units
):
    wrong, right = units
    on(NOTICED)
    at_hand = tablet(NOTICED)
    at_hand.get_by_role("button", name=WRONG).click()
    expect(at_hand.get_by_role("heading", name=WRONG, level=1, exact=True)).to_be_visible()
    at_hand.evaluate(ANSWER, [wrong.code, APRIL.isoformat(), True])
    assert deliver(at_hand)
    with writing(session):
        session.execute(update(Response).values(receipt=None))  # as after two weeks
    at_hand.reload()
    at_hand.locator("summary", has_text="Fel enhet").click()
    day = at_hand.locator("[data-part=days] .tile")
    day.click()
    at_hand.get_by_label("Vilken enhet skulle det ha varit?").select_option(right.code)
    at_hand.get_by_label("Vad hände?").fill(WHY)
    at_hand.get_by_role("button", name="Begär flytt").click()

    asked = at_hand.locator("[data-part=moves] li")
    expect(asked).to_contain_text(f"inget av svaren ligger på {WRONG}")
    expect(day).to_be_visible()
