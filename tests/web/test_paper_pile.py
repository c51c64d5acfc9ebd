"""Before the first sheet: the pile, the question to case officers, what was handed out."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from surveyapp.access import Role
from surveyapp.models import AuditEvent, Channel, OfferTally, Outcome, Unit
from tests.client import tree, words
from tests.paper_sheets import PILE, SAVED, address, fields, sheet, stored


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2026-05-09")
    return app


@pytest.fixture
def unit(make):
    make.published(2)
    return make.unit(code="hasselby", name="Hässelby-Vällingby")


@pytest.fixture
def registrar(make, client, unit):
    return client.log_in(make.account(units=[unit]))


def test_pile_leads_to_its_first_sheet(client, registrar):
    query = PILE | {"unit": "hasselby", "version": "1", "begin": "1", "month": "202604"}
    answer = client.get("/papper", query_string=query)

    assert answer.status_code == 302
    assert answer.location == address()


@pytest.mark.parametrize(
    "change", [{"language": "xx"}, {"followup_type": ""}, {"form_length": "long"}]
)
def test_sheet_of_an_unfinished_pile_leads_back_to_the_choices(client, registrar, change):
    page = client.get(address(**change), follow_redirects=True)

    assert page.request.path == "/papper"
    assert "saknas eller är fel" in words(page)
    assert fields(page)["month"] == "2026-04"


def test_pile_offers_own_units_and_the_open_version_first(client, make, unit, session):
    old = make.unit(code="spanga", name="Spånga", valid_to=date(2023, 6, 30))
    make.unit(code="farsta", name="Farsta")
    client.log_in(make.account(units=[unit, old]))

    page = tree(client.get("/papper").text)

    units, versions, languages = (
        [option.text for option in page.find(f".//select[@id='{name}']").iter("option")]
        for name in ("unit", "version", "language")
    )
    assert units == ["Välj", "Hässelby-Vällingby", "Spånga (2007-01-01 till 2023-06-30)"]
    assert versions == ["Version 2, från 2025-01-01", "Version 1, från 2022-01-01"]
    assert languages[0] == "Svenska"


def test_pile_without_a_published_questionnaire_says_so(client, make):
    client.log_in(make.account(units=[make.unit()]))

    assert "Inget formulär är publicerat än" in words(client.get("/papper"))


def test_case_officer_is_asked_about_contact_for_each_sheet(client, make, unit, session):
    client.log_in(make.account(role=Role.CASE_OFFICER, units=[unit]))

    asked = client.get(address())
    aside = client.get(address(contact="yes"))
    saved = client.post(address(contact="no"), data=sheet(bem_respekt="1"))
    after = client.get(saved.location)

    question = "Har du haft kontakt med personen?"
    assert question in words(asked)
    assert "Lägg åt sidan – någon annan registrerar den." in words(aside)
    assert "row__key" not in asked.text + aside.text
    assert SAVED in words(after)
    assert question in words(after)
    assert len(stored(session)) == 1


def test_case_officer_who_skips_the_question_saves_nothing(client, make, unit, session):
    client.log_in(make.account(role=Role.CASE_OFFICER, units=[unit]))

    client.post(address(), data=sheet(bem_respekt="1"))

    assert stored(session) == []


def handed_out(session):
    return session.execute(
        select(Unit.code, OfferTally.month, OfferTally.channel, OfferTally.n)
        .join(Unit, Unit.id == OfferTally.unit_id)
        .where(OfferTally.outcome == Outcome.HANDED_OUT)
    ).all()


@pytest.mark.parametrize("numbers", [["40"], ["40", "40"], ["400", "40"], ["12", "40"]])
def test_number_handed_out_replaces_the_one_before(client, registrar, session, numbers):
    for n in numbers:
        note = {"out-unit": "hasselby", "out-month": "2026-04", "out-n": n}
        assert client.post("/papper/utdelade", data=note).status_code == 303

    assert handed_out(session) == [("hasselby", date(2026, 4, 1), Channel.PAPER, 40)]
    logged = select(func.count()).where(AuditEvent.action == "paper_handed_out")
    assert session.scalar(logged) == len(numbers)
    assert "Hässelby-Vällingby 2026-04 40 0" in words(client.get("/papper"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"out-n": "-1"}, "heltal"),
        ({"out-n": "många"}, "heltal"),
        ({"out-n": ""}, "hur många"),
        ({"out-month": "2026-06"}, "har inte varit än"),
        ({"out-unit": "farsta"}, "Välj något i listan"),
    ],
)
def test_number_handed_out_that_cannot_be_is_sent_back(
    client, registrar, make, session, wrong, reason
):
    make.unit(code="farsta")
    note = {"out-unit": "hasselby", "out-month": "2026-04", "out-n": "40"} | wrong
    page = client.post("/papper/utdelade", data=note)

    assert page.status_code == 400
    assert reason in words(page)
    assert handed_out(session) == []
