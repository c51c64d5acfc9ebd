"""Keying paper forms: one sheet after the other, and what is refused."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import event, select, text

from surveyapp import publishing
from surveyapp.access import Role
from surveyapp.db import db, writing
from surveyapp.models import (
    Answer,
    Channel,
    FollowupType,
    FormLength,
    FreeText,
    HandedOverBy,
    ServiceGroup,
)
from tests.client import hidden_value, tree, words
from tests.paper_sheets import PILE, RECEIPT, SAVED, address, fields, sheet, stored


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


@pytest.fixture
def key(client, registrar, session):
    """Send one sheet of version 1, whose answers are given as keys by question."""

    def send(unit="hasselby", version=1, **fields):
        session.rollback()  # what was read before is let go
        return client.post(address(unit, version), data=sheet(**fields))

    return send


def entries(session):
    rows = session.execute(select(Answer.question, Answer.value, Answer.missing))
    return {question: value or f"!{missing}" for question, value, missing in rows}


def test_saved_sheet_keeps_what_was_keyed_and_whence(key, session):
    answer = key(
        bak_svarar="1",
        bem_respekt="2",
        bem_lyssnar="X",
        bem_paverka="o",
        bem_info="b",
        hel_fritext="Bra hjälp av [namn]",
    )

    assert answer.status_code == 303
    assert entries(session) == {
        "bak_svarar": "sjalv", "bak_hjalpare": "!not_shown", "bem_respekt": "oftast",
        "bem_lyssnar": "!invalid", "bem_paverka": "!illegible", "bem_info": "!blank",
        "kon_vet_namn": "!blank", "kon_antal": "!blank", "kon_byte": "!blank",
        "kon_beratta_om": "!blank", "til_latt_kontakt": "!blank", "til_vag": "!blank",
        "til_aldre_direkt": "!not_shown", "til_ateruppringd": "!blank", "hel_trygg": "!blank",
        "hel_nojd": "!blank", "hel_klagomal": "!blank", "bak_kon": "!blank",
        "hel_fritext": "written",
    }  # fmt: skip
    assert session.scalars(select(FreeText.text)).all() == ["Bra hjälp av [namn]"]
    (response,) = stored(session)
    assert (response.month, response.language, response.channel) == (
        date(2026, 4, 1), "sv", Channel.PAPER)  # fmt: skip
    assert (response.followup_type, response.service_group) == (
        FollowupType.CARE_HOME, ServiceGroup.CARE_HOME)  # fmt: skip
    assert response.handed_over_by is HandedOverBy.UNKNOWN
    assert response.receipt == UUID(RECEIPT)


def test_next_sheet_is_fresh_and_keeps_the_pile(key, client):
    answer = key(bem_respekt="1", month="2026-03")
    page = client.get(answer.location)

    query = parse_qs(urlsplit(answer.location).query)
    assert {name: values[0] for name, values in query.items()} == PILE | {"month": "2026-03"}
    assert SAVED in words(page)
    assert "1 blankett registrerad i dag" in words(page)
    assert fields(page).keys() == {"csrf_token", "receipt", "officers", "month"} | (
        {"next"} & fields(page).keys()
    )
    assert hidden_value(page, "receipt") != RECEIPT
    assert SAVED not in words(client.get(answer.location))


def test_answer_to_a_question_that_did_not_apply_is_set_aside_and_told(key, client, session):
    page = client.get(key(bak_svarar="1", bak_hjalpare="5").location)

    assert entries(session)["bak_hjalpare"] == "!not_shown"
    assert "1 svar ströks: frågan gällde inte. 2. Vem hjälper dig" in words(page)


def test_sheet_in_another_language_shows_its_words(client, registrar):
    page = client.get(address(language="fi"))

    assert "Kuka vastaa kysymyksiin?" in words(page)
    assert 'lang="fi"' in page.text


def test_short_sheet_has_seven_questions_and_leaves_the_rest_unasked(
    client, registrar, session
):
    page = client.get(address(form_length="short"))
    client.post(address(form_length="short"), data=sheet(bem_respekt="1", bem_info="1"))

    assert page.text.count('class="row__key"') == 7
    assert stored(session)[0].form_length is FormLength.SHORT
    assert entries(session)["bem_info"] == "!not_asked"


def test_version_2_is_keyed_with_its_own_boxes(key, session):
    key(version=2, til_vag="5", hel_trygg_4="3")

    assert entries(session)["til_vag"] == "videosamtal"
    assert entries(session)["hel_trygg_4"] == "ganska_otrygg"


def test_boxes_are_numbered_as_printed_for_a_unit_with_several_officers(
    key, make, unit, session
):
    make.attribute(unit, "named_officers_per_client", "3", date(2017, 1, 1))

    key(kon_vet_namn="2", officers="3")

    assert entries(session)["kon_vet_namn"] == "ja_nagon"


def test_month_with_other_boxes_asks_for_another_look(key, make, unit, session):
    make.attribute(unit, "named_officers_per_client", "3", date(2026, 4, 1))

    page = key(kon_vet_namn="2", officers="3", month="2026-03")

    assert page.status_code == 400
    assert "andra rutor" in words(page)
    assert hidden_value(page, "officers") == "1"
    assert stored(session) == []


@pytest.mark.parametrize("wrong", ["7", "0", "99", "z", "1x", "1²", "alltid", "!blank"])
def test_key_that_means_nothing_is_sent_back_and_everything_kept(key, session, wrong):
    page = key(bak_svarar="1", bem_respekt=wrong, hel_fritext="Bra\nhjälp")

    assert page.status_code == 400
    assert "Fråga 3:" in words(page)
    assert stored(session) == []
    kept = {"q_bak_svarar": "1", "q_bem_respekt": wrong, "q_hel_fritext": "Bra\nhjälp"}
    assert kept.items() <= fields(page).items()
    assert hidden_value(page, "receipt") == RECEIPT


@pytest.mark.parametrize(
    ("month", "reason"),
    [
        ("2026-06", "har inte varit än"),
        ("2006-12", "fanns inte"),  # before the unit
        ("april", "år-månad"),
        ("2026-13", "år-månad"),
        ("", "år-månad"),
    ],
)
def test_month_that_cannot_be_is_sent_back(key, session, month, reason):
    page = key(bem_respekt="1", month=month)

    assert page.status_code == 400
    assert reason in words(page)
    assert fields(page)["q_bem_respekt"] == "1"
    assert stored(session) == []


def test_month_may_be_keyed_as_six_digits(key, session):
    key(bem_respekt="1", month="202603")

    assert stored(session)[0].month == date(2026, 3, 1)


def test_sheet_without_any_answer_is_not_saved(key, session):
    page = key(bem_respekt="b", hel_fritext="  ")

    assert page.status_code == 400
    assert "Inget är ifyllt" in words(page)
    assert stored(session) == []


def test_text_of_1001_characters_is_sent_back_whole(key, session):
    page = key(bem_respekt="1", hel_fritext="å" * 1001)

    assert page.status_code == 400
    assert "högst 1000 tecken" in words(page)
    assert fields(page)["q_hel_fritext"] == "å" * 1001
    assert stored(session) == []


def test_lone_o_means_that_the_text_is_illegible(key, session):
    key(bem_respekt="1", hel_fritext="o")

    assert entries(session)["hel_fritext"] == "!illegible"
    assert session.scalars(select(FreeText)).all() == []


@pytest.mark.parametrize(
    "number",
    ["19300512-1234", "300512-1234", "300512 1234", "08-123 45 67", "+46 70 123 45 67",
     "1930-05-12", "4"],
)  # fmt: skip
def test_number_in_the_text_is_saved_only_when_looked_at(key, session, number):
    said = number if number == "4" else f"Ring {number} i dag"
    page = key(bem_respekt="1", hel_fritext=said)

    assert page.status_code == 400
    assert f"peka ut någon: {number}" in words(page)
    assert stored(session) == []

    key(bem_respekt="1", hel_fritext=said, checked="1")

    assert session.scalars(select(FreeText.text)).all() == [said]


def test_ordinary_numbers_in_the_text_are_left_alone(key):
    assert key(hel_fritext="2 av 3 gånger 2025, kl 10.30, 12 345 kr").status_code == 303


def test_sheet_sent_twice_is_stored_once(key, client, session):
    first, again = key(bem_respekt="1"), key(bem_respekt="1")

    assert (first.status_code, again.status_code) == (303, 303)
    assert len(stored(session)) == 1
    assert "1 blankett registrerad i dag" in words(client.get(again.location))


def test_sheet_changed_after_saving_is_told_and_not_doubled(key, session):
    key(bem_respekt="1")
    page = key(bem_respekt="2")

    assert page.status_code == 409
    assert "redan sparad" in words(page)
    assert len(stored(session)) == 1
    assert entries(session)["bem_respekt"] == "alltid"


def test_sheet_without_the_page_s_token_is_not_saved(client, registrar, session):
    page = client.post(address(), data=sheet(bem_respekt="1"), with_token=False)

    assert page.status_code == 400
    assert stored(session) == []


@pytest.mark.parametrize("receipt", ["", "1", "åäö"])
def test_sheet_without_a_receipt_is_not_saved(key, session, receipt):
    assert key(bem_respekt="1", receipt=receipt).status_code == 400
    assert stored(session) == []


def test_empty_body_is_not_saved(client, registrar, session):
    assert client.post(address(), data={}).status_code == 400
    assert stored(session) == []


def test_unit_of_another_registrar_is_not_found(key, make, client, session):
    make.unit(code="farsta")

    assert client.get(address("farsta")).status_code == 404
    assert key(unit="farsta", bem_respekt="1").status_code == 404
    assert client.get("/papper?begin=1&version=1&unit=farsta").status_code == 200
    assert stored(session) == []


def test_account_that_may_not_key_is_turned_away(client, make, unit):
    client.log_in(make.account(role=Role.QUALITY_STAFF, units=[unit]))

    assert client.get("/papper").status_code == 403
    assert client.get(address()).status_code == 403


@pytest.mark.parametrize("version", [3, 99])
def test_version_not_published_is_not_found(key, client, session, version):
    assert client.get(address(version=version)).status_code == 404
    assert key(version=version, bem_respekt="1").status_code == 404
    assert stored(session) == []


def test_version_valid_from_a_later_day_is_not_found(client, make):
    make.published(2, valid_from=date(2026, 6, 1))
    client.log_in(make.account(units=[make.unit(code="hasselby")]))

    assert client.get(address(version=2)).status_code == 404
    assert "Version 2" not in client.get("/papper").text


@contextmanager
def locked(app):
    """Somebody else is writing and does not finish; nobody waits long for them."""
    with app.app_context():
        engine = db.engine
    patience, lock = {
        "sqlite": ("PRAGMA busy_timeout=20", "SELECT 1"),
        "postgresql": ("SET lock_timeout=20", "LOCK TABLE seen_receipt"),
    }[engine.dialect.name]

    @event.listens_for(engine, "connect")
    def be_hasty(connection, _record):
        connection.execute(patience)
        connection.commit()

    engine.dispose()
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as other:
        other.execute(text(lock))
        yield
    event.remove(engine, "connect", be_hasty)
    engine.dispose()


def test_sheet_outlives_a_locked_database(app, key, session):
    with locked(app):
        page = key(bem_respekt="2", hel_nojd="x", hel_fritext="4", checked="1")

    assert page.status_code == 503
    assert "Allt du har skrivit finns kvar här." in words(page)
    kept = {"q_bem_respekt": "2", "q_hel_nojd": "x", "q_hel_fritext": "4"}
    assert kept.items() <= fields(page).items()
    assert tree(page.text).find(".//input[@name='checked']").get("checked") is not None
    assert stored(session) == []

    receipt = hidden_value(page, "receipt")
    again = key(bem_respekt="2", hel_nojd="x", hel_fritext="4", checked="1", receipt=receipt)

    assert again.status_code == 303
    assert len(stored(session)) == 1


def test_forms_of_a_retired_version_are_keyed_until_its_day(
    app, client, registrar, key, session
):
    with writing(session):
        publishing.retire(
            session,
            publishing.KEY,
            1,
            paper_until=date(2026, 5, 9),
            today=date(2026, 5, 9),
            actor="Bo",
        )
    assert key(bem_respekt="2").status_code == 303
    assert "Version 1" in client.get("/papper").text
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2026-05-10")

    page = key(receipt=str(UUID(int=9)), bem_respekt="2")
    assert page.status_code == 400
    assert "fick knappas in till och med 2026-05-09. Lägg blanketten åt sidan" in words(page)
    assert client.get(address("hasselby", 1)).location == "/papper"
    assert "Version 1" not in client.get("/papper").text
    assert key(version=2, receipt=str(UUID(int=9)), bem_respekt="2").status_code == 303
