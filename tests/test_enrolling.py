"""Tablets: made, enrolled anew and revoked by staff, and the commands for it."""

import threading
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select

from surveyapp import enrolling
from surveyapp.bench.tablets import Tablet
from surveyapp.cli import main
from surveyapp.db import db, writing
from surveyapp.errors import CollectingError
from surveyapp.models import AuditEvent, Device, UnitSuccession
from tests.tablets import SECRET, answered, over

SAID = enrolling.Said(0, None, "1", is_storage_persisted=True)


@pytest.fixture
def farsta(make):
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def code(session, farsta):
    with writing(session):
        return enrolling.create(session, "Surfplatta 4", [farsta.id], secret=SECRET)[1]


@pytest.fixture
def command(app, tmp_path, monkeypatch):
    """Run a command on the test's database, on a day in March."""
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("SURVEYAPP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SURVEYAPP_SECRET_KEY", SECRET)
    monkeypatch.setenv("SURVEYAPP_TODAY", "2026-03-10")

    def run(*arguments):
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        return result.exit_code, result.output

    return run


@pytest.mark.parametrize(
    ("name", "units", "sentence"),
    [("  ", [1], "name"), ("Ny", [], "unit"), ("Surfplatta 4", [1], "already")],
)
def test_tablet_needs_a_name_of_its_own_and_a_unit(session, code, name, units, sentence):
    with pytest.raises(CollectingError, match=sentence), writing(session):
        enrolling.create(session, name, units, secret=SECRET)


def test_revoked_tablet_is_not_renewed_and_its_code_enrols_nobody(session, code):
    with writing(session):
        enrolling.revoke(session, 1)

    with writing(session):
        assert enrolling.enrol(session, code, Tablet().public_key, secret=SECRET) is None
    with pytest.raises(CollectingError, match="is revoked"), writing(session):
        enrolling.renew(session, 1, secret=SECRET)


def test_code_that_was_renewed_away_enrols_nobody(session, code):
    with writing(session):
        newer = enrolling.renew(session, 1, secret=SECRET)

    with writing(session):
        key = Tablet().public_key
        assert enrolling.enrol(session, code, key, secret=SECRET) is None
        assert enrolling.enrol(session, newer, key, secret=SECRET) is not None


def test_tablet_that_did_not_hear_that_its_code_was_taken_may_say_it_again(session, code):
    tablet, other = Tablet().public_key, Tablet().public_key

    assert enrolled_with(session, code, [tablet, tablet, other, tablet]) == [1, 1, None, 1]
    with writing(session):
        enrolling.report(session, 1, date(2026, 3, 10), SAID)
    assert enrolled_with(session, code, [tablet, other]) == [None, None]


def test_code_of_a_renewed_tablet_may_be_said_again_and_the_one_before_may_not(session, code):
    before, after = Tablet().public_key, Tablet().public_key
    enrolled_with(session, code, [before])
    with writing(session):
        newer = enrolling.renew(session, 1, secret=SECRET)

    assert enrolled_with(session, code, [before]) == [None]
    assert not enrolling.has_said(session.get_one(Device, 1), date(2026, 3, 10), SAID)
    with writing(session):  # the old key holds, and its contact leaves the new code alone
        enrolling.report(session, 1, date(2026, 3, 10), SAID)
    assert enrolled_with(session, newer, [after, after, before]) == [1, 1, None]
    assert not enrolling.has_said(session.get_one(Device, 1), date(2026, 3, 10), SAID)


def enrolled_with(session, code, keys):
    """The number of the tablet for each of the keys, or None where the code is refused."""
    numbers = []
    for key in keys:
        with writing(session):
            device = enrolling.enrol(session, code, key, secret=SECRET)
            numbers.append(device and device.id)
    return numbers


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_two_put_aside_at_the_same_moment_both_count(app, session, code):
    """SQLite has one writer at a time."""
    both = threading.Barrier(2)

    def note():
        with app.app_context(), writing(db.session):
            enrolling.note_quarantined(db.session, 1)

    def wait(*given):
        if given[2].startswith("UPDATE device"):
            both.wait(10)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", wait)
    threads = [threading.Thread(target=note) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert session.scalars(select(Device.quarantined_count)).all() == [2]


def test_units_in_a_ring_of_successions_are_each_given_once(session, make, farsta, code):
    other = make.unit(code="annan", name="Annan")
    for old, new in ((farsta, other), (other, farsta)):
        make.store(
            UnitSuccession(old_id=old.id, new_id=new.id, takes_effect_on=date(2026, 1, 1))
        )

    assert [unit.code for unit in enrolling.units_of(session, 1)] == ["annan", "farsta"]
    assert enrolling.codes_of(session, 1) == {"annan", "farsta"}


def test_commands_make_list_renew_and_revoke_a_tablet(command, client, session, farsta):
    made = command("devices", "create", "--unit", "farsta", "--name", "Surfplatta 4")[1]
    assert "\twaits for its code\t-\t0\t0" in command("devices", "list")[1]
    tablet = Tablet(over(client))
    tablet.enrol(made.split()[-1])
    tablet.report(3)
    assert "Surfplatta 4\tfarsta\tenrolled\t" in command("devices", "list")[1]
    assert command("devices", "list")[1].endswith("\t3\t0\n")

    renewed = command("devices", "renew", "1")[1]
    assert Tablet(over(client)).enrol(renewed.split()[-1]) == 200
    assert tablet.report() == 401
    assert command("devices", "revoke", "1")[0] == 0
    assert "\trevoked\t" in command("devices", "list")[1]
    session.rollback()
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["devices.create", "devices.renew", "devices.revoke"]


def test_tablet_from_before_keys_is_listed_as_in_need_of_a_code(command, make, farsta):
    make.device([farsta])

    assert "\tneeds a new code\t" in command("devices", "list")[1]


def test_command_takes_in_a_rescue_file(command, client, session, code, tmp_path):
    tablet = Tablet(over(client))
    tablet.enrol(code)
    file = tmp_path / "outbox.json"
    file.write_bytes(tablet.rescue_file([tablet.seal(answered()), b"{}"]))

    said = "1 taken in, 0 had come before, 1 put in quarantine, 0 not signed by the tablet.\n"
    assert command("devices", "rescue", str(file)) == (0, said)
    session.rollback()
    assert session.scalars(select(Device.quarantined_count)).all() == [1]


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
        (("devices", "renew", "7"), "no tablet 7"),
        (("devices", "rescue", __file__), "not a rescue file"),
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
