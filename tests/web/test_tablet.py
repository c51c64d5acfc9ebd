"""The tablet: enrolling it, the unit of the day, handing over, and what is counted."""

from datetime import date
from hashlib import sha256

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from surveyapp import enrolling, occasions
from surveyapp.cli import main
from surveyapp.db import writing
from surveyapp.errors import CollectingError
from surveyapp.models import (
    Device,
    DeviceUnit,
    FormLength,
    HandedOverBy,
    OfferTally,
    Outcome,
    Response,
)
from surveyapp.web.respond.throttle import PER_ADDRESS
from surveyapp.web.tablet import views
from tests.client import hidden_value, tree, words

SECRET = "a secret that only the tests know"
KEY = "the key that a tablet holds"
FOUR_TAPS = {
    "followup_type": "home_visit",
    "service_group": "home_care",
    "language": "fi",
    "form_length": "full",
    "handed_over_by": "own_officer",
}


@pytest.fixture
def farsta(make):
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def alvsjo(make):
    return make.unit(code="alvsjo", name="Älvsjö")


@pytest.fixture
def tablet(client, make, farsta):
    """A browser on a tablet of one unit."""
    make.device([farsta], key_sha256=sha256(KEY.encode()).hexdigest())
    client.set_cookie("platta", KEY)
    return client


@pytest.fixture
def shared_tablet(client, make, farsta, alvsjo):
    """A browser on a tablet of two units."""
    make.device([farsta, alvsjo], key_sha256=sha256(KEY.encode()).hexdigest())
    client.set_cookie("platta", KEY)
    return client


def fresh(session, statement):
    session.rollback()
    return session.scalars(statement).all()


def receipt_on(browser):
    return hidden_value(browser.get("/platta"), "receipt")


# Enrolling


@pytest.fixture
def code(session, farsta):
    with writing(session):
        return enrolling.create(session, "Surfplatta 4", [farsta.id], secret=SECRET)[1]


def test_tablet_that_is_not_enrolled_asks_for_its_code(client, farsta):
    assert "Koppla surfplattan" in words(client.get("/platta"))


def test_code_enrols_one_tablet_once(client, session, code):
    enrolled = client.post("/platta/koppla", data={"code": code.lower()})
    cookie = client.get_cookie("platta")
    start = client.get("/platta")
    client.delete_cookie("platta")
    again = client.post("/platta/koppla", data={"code": code})

    assert enrolled.status_code == 303
    assert "Farsta" in words(start)
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")
    assert len(cookie.value) >= 43
    assert fresh(session, select(Device.key_sha256)) == [
        sha256(cookie.value.encode()).hexdigest()
    ]
    assert "Koden går inte att använda." in words(again)


def test_production_keeps_the_key_to_https(app, client, code, monkeypatch):
    monkeypatch.setattr("surveyapp.web.tablet.credential._is_production", lambda: True)
    header = client.post("/platta/koppla", data={"code": code}).headers["Set-Cookie"]

    assert header.startswith("__Host-platta=")
    assert "Secure" in header


def test_guessing_an_enrolment_code_is_slowed_down(client, code):
    for _ in range(PER_ADDRESS):
        client.post("/platta/koppla", data={"code": "fel"})

    assert client.post("/platta/koppla", data={"code": code}).status_code == 429


def test_revoked_tablet_has_to_be_enrolled_anew(session, tablet):
    with writing(session):
        enrolling.revoke(session, 1)

    assert "Koppla surfplattan" in words(tablet.get("/platta"))


def test_day_of_contact_is_noted(session, tablet):
    tablet.get("/platta")
    tablet.get("/platta")

    assert fresh(session, select(Device.last_contact_on)) != [None]


@pytest.mark.parametrize(
    ("name", "units", "sentence"),
    [("  ", [1], "name"), ("Ny", [], "unit"), ("Surfplatta 4", [1], "already")],
)
def test_tablet_needs_a_name_of_its_own_and_a_unit(session, code, name, units, sentence):
    with pytest.raises(CollectingError, match=sentence), writing(session):
        enrolling.create(session, name, units, secret=SECRET)


# The start screen


def test_start_screen_chooses_nothing_but_the_full_form(tablet):
    page = tree(tablet.get("/platta").text)
    checked = [e.get("value") for e in page.iter("input") if "checked" in e.attrib]

    assert checked == ["full"]


def test_four_taps_open_the_questions(tablet):
    opened = tablet.post("/platta", data=FOUR_TAPS)
    ticket = occasions.read(opened.location.partition("?o=")[2], secret=SECRET)
    occasion = ticket.occasion

    assert "Kuka vastaa kysymyksiin?" in words(tablet.get(opened.location))
    assert (occasion.unit, occasion.language) == ("farsta", "fi")
    assert occasion.handed_over_by is HandedOverBy.OWN_OFFICER
    assert occasion.form_length is FormLength.FULL
    assert ticket.promised_n == 10


def test_what_is_missing_is_named_and_the_rest_is_kept(tablet):
    taps = {"language": "fi", "form_length": "short", "handed_over_by": "assistant"}
    page = tablet.post("/platta", data=taps)
    checked = [e.get("value") for e in tree(page.text).iter("input") if "checked" in e.attrib]

    assert page.status_code == 422
    assert "Välj också: uppföljning, insats." in words(page)
    assert checked == ["fi", "short"]


def test_invented_choices_are_no_choices(tablet):
    taps = FOUR_TAPS | {"followup_type": "spaning", "language": "de"}
    page = tablet.post("/platta", data=taps)

    assert "Välj också: uppföljning, språk." in words(page)


def test_without_an_enrolled_tablet_nothing_is_handed_over(client, session, farsta):
    assert client.post("/platta", data=FOUR_TAPS).location == "/platta"
    client.post("/platta", data=FOUR_TAPS | {"declined": "no_time"})
    assert fresh(session, select(OfferTally)) == []


def test_before_anything_is_published_there_is_nothing_to_hand_over(client, make):
    make.device([make.unit()], key_sha256=sha256(KEY.encode()).hexdigest())
    client.set_cookie("platta", KEY)

    assert "Det finns inget att svara på i dag" in words(client.get("/platta"))


# Several units


def test_shared_tablet_asks_for_the_unit_of_the_day(shared_tablet):
    asked = words(shared_tablet.get("/platta"))
    shared_tablet.post("/platta/enhet", data={"unit": "alvsjo"})

    assert "Vilken enhet används surfplattan för i dag?" in asked
    assert "Älvsjö Byt enhet" in words(shared_tablet.get("/platta"))


def test_unit_is_asked_for_again_the_next_day(shared_tablet, monkeypatch):
    shared_tablet.post("/platta/enhet", data={"unit": "alvsjo"})
    monkeypatch.setattr(views, "today", lambda: date(2031, 1, 2))

    assert "Vilken enhet" in words(shared_tablet.get("/platta"))


def test_unit_is_asked_for_again_when_the_tablet_gets_other_units(shared_tablet, make):
    shared_tablet.post("/platta/enhet", data={"unit": "alvsjo"})
    third = make.unit(name="Bromma")
    make.store(DeviceUnit(device_id=1, unit_id=third.id))

    assert "Bromma" in words(shared_tablet.get("/platta"))


def test_unit_is_asked_for_again_when_the_chosen_one_was_merged(client, make, monkeypatch):
    old = make.unit(code="norrmalm", name="Norrmalm", valid_to=date(2023, 6, 30))
    new = make.unit(
        code="norra-innerstaden", name="Norra innerstaden", valid_from=date(2023, 7, 1)
    )
    make.published(1)
    make.device([old, new], key_sha256=sha256(KEY.encode()).hexdigest())
    client.set_cookie("platta", KEY)
    monkeypatch.setattr(views, "today", lambda: date(2023, 6, 30))
    assert "Norrmalm" in words(client.get("/platta"))  # the only one that there is
    client.post("/platta/enhet", data={"unit": "norrmalm"})
    monkeypatch.setattr(views, "today", lambda: date(2023, 7, 1))

    asked = words(client.get("/platta"))
    assert "Vilken enhet" in asked
    assert "Norrmalm" not in asked
    client.post("/platta/enhet", data={"unit": "norra-innerstaden"})
    assert "Vilken enhet" not in words(client.get("/platta"))


def test_unit_of_others_cannot_be_chosen(shared_tablet, make):
    make.unit(code="bromma", name="Bromma")
    shared_tablet.post("/platta/enhet", data={"unit": "bromma"})

    assert "Vilken enhet" in words(shared_tablet.get("/platta"))


def test_tablet_of_a_unit_that_has_ended_says_what_to_do(client, make):
    ended = make.unit(valid_to=date(2023, 6, 30))
    make.device([ended], key_sha256=sha256(KEY.encode()).hexdigest())
    client.set_cookie("platta", KEY)

    assert "Surfplattans enhet finns inte längre" in words(client.get("/platta"))


# No answer this time


@pytest.mark.parametrize(
    ("taps", "outcome", "reason"),
    [
        ({"declined": "too_tired"}, Outcome.DECLINED, "too_tired"),
        ({"could_not": "illness"}, Outcome.COULD_NOT, "illness"),
    ],
)
def test_offer_without_answer_is_counted_with_its_reason(
    tablet, session, taps, outcome, reason
):
    noted = tablet.post("/platta", data={"receipt": receipt_on(tablet)} | taps)

    assert "Noterat: inget svar den här gången." in words(tablet.get(noted.location))
    tallied = fresh(session, select(OfferTally))[0]
    assert (tallied.outcome, tallied.reason, tallied.n) == (outcome, reason, 1)
    assert fresh(session, select(Response)) == []


def test_offer_sent_twice_is_counted_once(tablet, session):
    data = {"receipt": receipt_on(tablet), "declined": "no_time"}
    for _ in range(2):
        tablet.post("/platta", data=data)

    assert fresh(session, select(func.sum(OfferTally.n))) == [1]


def test_old_page_after_an_answer_counts_nothing_more(tablet, session):
    receipt = receipt_on(tablet)
    for reason in ("no_time", "too_tired"):
        tablet.post("/platta", data={"receipt": receipt, "declined": reason})

    assert fresh(session, select(OfferTally.reason)) == ["no_time"]


def test_offer_that_could_not_be_stored_can_be_sent_again(tablet, session):
    receipt = receipt_on(tablet)
    session.execute(text("ALTER TABLE offer_tally RENAME TO away"))
    session.commit()
    page = tablet.post("/platta", data={"receipt": receipt, "declined": "no_time"})
    session.execute(text("ALTER TABLE away RENAME TO offer_tally"))
    session.commit()

    assert page.status_code == 503
    assert "Det gick inte att spara just nu." in words(page)
    assert hidden_value(page, "receipt") == receipt


# The commands


@pytest.fixture
def command(app, tmp_path, monkeypatch):
    """Run a command on the test's database."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", url)
    monkeypatch.setenv("SURVEYAPP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SURVEYAPP_SECRET_KEY", SECRET)

    def run(*arguments):
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        return result.exit_code, result.output

    return run


def test_commands_enrol_list_and_revoke_a_tablet(command, client, farsta):
    made = command("devices", "create", "--unit", "farsta", "--name", "Surfplatta 4")[1]
    client.post("/platta/koppla", data={"code": made.split()[-1]})
    assert "Farsta" in words(client.get("/platta"))

    assert "Surfplatta 4\tfarsta\tenrolled" in command("devices", "list")[1]
    assert command("devices", "revoke", "1")[0] == 0
    assert "\trevoked\t" in command("devices", "list")[1]
    assert "Koppla surfplattan" in words(client.get("/platta"))


def test_command_prints_codes_that_work(command, client, farsta):
    printed = command("codes", "create", "--unit", "farsta", "--month", "2024-03",
                      "--number", "3", "--address", "https://svar.se/")[1]  # fmt: skip
    address, _, made = printed.splitlines()[0].partition("\t")

    assert len(printed.splitlines()) == 3
    assert address == "https://svar.se/kod"
    assert client.post("/kod/sv", data={"code": made}, with_token=False).status_code == 303


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("devices", "create", "--unit", "ulvsunda", "--name", "Ny"), "no unit ulvsunda"),
        (("devices", "revoke", "7"), "no tablet 7"),
        (
            ("codes", "create", "--unit", "farsta", "--month", "mars", "--number", "1"),
            "year-month",
        ),
    ],
)
def test_faulty_command_says_why_in_one_line(command, farsta, arguments, sentence):
    code, output = command(*arguments)

    assert code == 1
    assert sentence in output
