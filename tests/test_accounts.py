"""Staff accounts: what can be made, what is refused, and the commands for it."""

import os

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from surveyapp import accounts
from surveyapp.access import Role
from surveyapp.accounts import GrantSpec
from surveyapp.cli import main
from surveyapp.db import writing
from surveyapp.errors import AccountError
from surveyapp.models import Account, AuditEvent
from tests.make import PASSWORD


@pytest.fixture
def create(session, make):
    """Make an account in the unit `kista`, with what the test says otherwise."""
    make.unit(code="kista")

    def create(**changes):
        values = {
            "name": "anna",
            "full_name": "Anna Berg",
            "password": PASSWORD,
            "grants": [GrantSpec(Role.REGISTRAR, "kista")],
        } | changes
        with writing(session):
            return accounts.create(session, **values)

    return create


def test_new_account_can_sign_in_at_once(session, create):
    account = create(name=" Anna.Berg ", full_name=" Anna Berg ")

    assert (account.name, account.full_name) == ("anna.berg", "Anna Berg")
    assert accounts.verify(session, "ANNA.BERG", PASSWORD) is account
    assert accounts.verify(session, "anna.berg", PASSWORD + "x") is None


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"password": "elva tecken"}, "at least 12"),
        (
            {"password": "ååååååa\u030aa\u030aa\u030aa\u030aa\u030a"},
            "at least 12",
        ),  # 11 letters
        ({"password": "x" * 201}, "at most 200"),
        ({"password": "anna anna anna"}, "too easy"),  # holds the name
        ({"password": "ababababababab"}, "too easy"),
        ({"name": "a"}, "cannot be used"),
        ({"name": "anna berg"}, "cannot be used"),
        ({"name": "åsa"}, "cannot be used"),
        ({"name": "../anna"}, "cannot be used"),
        ({"full_name": "  "}, "full name"),
        ({"grants": []}, "at least one role"),
        ({"grants": [GrantSpec(Role.REGISTRAR)]}, "in which unit"),
        ({"grants": [GrantSpec(Role.REGISTRAR, "farsta")]}, "no unit farsta"),
        ({"grants": [GrantSpec(Role.ADMIN, "kista")]}, "whole city"),
    ],
)
def test_faulty_account_is_refused_and_nothing_is_stored(session, create, changes, complaint):
    with pytest.raises(AccountError, match=complaint):
        create(**changes)

    assert session.scalars(select(Account)).all() == []


def test_name_is_taken_whatever_its_capitals(create):
    create()

    with pytest.raises(AccountError, match="already an account anna"):
        create(name="Anna")


def test_role_is_held_once_and_taken_back(session, create):
    account = create()
    spec = GrantSpec(Role.UNIT_MANAGER, "kista")
    with writing(session):
        accounts.grant(session, account, spec)
        accounts.grant(session, account, spec)
    assert sorted(g.role for g in account.grants) == [Role.REGISTRAR, Role.UNIT_MANAGER]

    with writing(session):
        accounts.revoke(session, account, spec)

    assert [g.role for g in account.grants] == [Role.REGISTRAR]
    assert account.epoch == 1
    with pytest.raises(AccountError, match="does not hold"):
        accounts.revoke(session, account, spec)


def test_every_role_is_of_the_city_or_of_a_unit(session, create):
    for number, role in enumerate(Role):
        unit = None if role in accounts.CITY_ROLES else "kista"
        create(name=f"person{number}", grants=[GrantSpec(role, unit)])

    assert len(accounts.every(session)) == len(Role)


@pytest.fixture
def command(app, tmp_path, monkeypatch):
    """Run `surveyapp accounts` on the database of the test."""
    for name in [each for each in os.environ if each.startswith("SURVEYAPP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SURVEYAPP_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])

    def run(*arguments, given=f"{PASSWORD}\n"):
        return CliRunner().invoke(main, ["accounts", *arguments], input=given)

    return run


ANNA = ("create", "anna", "--full-name", "Anna Berg", "--password-stdin")


def test_commands_make_change_and_close_an_account(command, session, make):
    make.unit(code="kista")
    make.unit(code="farsta")
    roles = ("--role", "registrar", "--role", "reader", "--unit", "kista", "--unit", "farsta")

    assert command(*ANNA, *roles).exit_code == 0
    assert command("grant", "anna", "unit_manager", "--unit", "kista").exit_code == 0
    assert command("revoke", "anna", "registrar", "--unit", "farsta").exit_code == 0
    assert (
        command("password", "anna", "--password-stdin", given="ett nytt lösenord\n").exit_code
        == 0
    )
    listed = command("list").stdout

    assert listed == "anna\tAnna Berg\treader, registrar:kista, unit_manager:kista\n"
    assert accounts.verify(session, "anna", "ett nytt lösenord") is not None
    assert command("close", "anna").exit_code == 0
    session.rollback()
    assert accounts.verify(session, "anna", "ett nytt lösenord") is None
    assert command("list").stdout.startswith("anna (closed)\t")
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == [
        "create account",
        "grant role",
        "revoke role",
        "change password",
        "close account",
    ]


@pytest.mark.parametrize(
    ("arguments", "given", "code", "complaint"),
    [
        ((*ANNA, "--role", "reader"), "short\n", 1, "Error: The password is too short"),
        ((*ANNA, "--role", "registrar"), PASSWORD, 1, "Error: Say in which unit"),
        ((*ANNA, "--role", "reader", "--unit", "kista"), PASSWORD, 1, "Error: The role reader"),
        ((*ANNA, "--role", "king"), PASSWORD, 2, "Invalid value for '--role'"),
        (ANNA, PASSWORD, 2, "Missing option '--role'"),
        ((*ANNA[:-1], "--role", "reader"), "", 2, "Use --password-stdin"),
        (("close", "nobody"), "", 1, "Error: There is no account nobody."),
    ],
)
def test_faulty_command_says_why_in_one_line(
    command, session, arguments, given, code, complaint
):
    result = command(*arguments, given=given)

    assert result.exit_code == code
    assert complaint in result.stderr
    assert code == 2 or result.stderr.count("\n") == 1
    assert session.scalars(select(Account)).all() == []
