"""Commands for staff accounts: make, list, give and take roles, close."""

import getpass
import sys

import click
from sqlalchemy import select

from surveyapp import accounts as people
from surveyapp import auditing
from surveyapp.access import Role
from surveyapp.cli import with_app
from surveyapp.db import db, writing
from surveyapp.models import Account, Unit

ROLE = click.Choice([role.value for role in Role])
UNIT_HELP = (
    "Code of the unit where the role is held. Leave out for the roles of the whole city."
)


@click.group()
def accounts() -> None:
    """Manage staff accounts.

    The roles of the whole city (no --unit): city_analyst, records_officer, admin, reader.
    The others are held in one or more units.
    """


@accounts.command()
@click.argument("name")
@click.option("--full-name", required=True, help="The person's name, as pages show it.")
@click.option(
    "--role", "roles", type=ROLE, multiple=True, required=True, help="Repeat for more."
)
@click.option("--unit", "units", multiple=True, help=UNIT_HELP + " May repeat.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_app
def create(
    name: str,
    full_name: str,
    roles: tuple[str, ...],
    units: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """Make the account NAME, which its owner signs in with."""
    password = _password(from_stdin=password_stdin)
    grants = _specs([Role(role) for role in roles], units)
    with writing(db.session):
        account = people.create(db.session, name, full_name, password, grants)
        auditing.record(
            db.session,
            auditing.COMMAND_LINE,
            "create account",
            f"{account.name}: {', '.join(map(_named, grants))}",
        )
    click.echo(f"Account {account.name} is made.")


@accounts.command("list")
@with_app
def list_accounts() -> None:
    """List every account with its roles."""
    codes = {unit.id: unit.code for unit in db.session.scalars(select(Unit))}
    for account in people.every(db.session):
        closed = " (closed)" if account.is_closed else ""
        roles = ", ".join(sorted(
            grant.role.value + (f":{codes[grant.unit_id]}" if grant.unit_id else "")
            for grant in account.grants
        ))  # fmt: skip
        click.echo(f"{account.name}{closed}\t{account.full_name}\t{roles}")


@accounts.command()
@click.argument("name")
@with_app
def close(name: str) -> None:
    """Close the account NAME: it is signed out and cannot sign in again."""
    with writing(db.session):
        account = people.found(db.session, name)
        people.close(account)
        auditing.record(db.session, auditing.COMMAND_LINE, "close account", account.name)
    click.echo(f"Account {account.name} is closed.")


@accounts.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_app
def password(name: str, password_stdin: bool) -> None:
    """Give the account NAME a new password, and sign it out everywhere."""
    new = _password(from_stdin=password_stdin)
    with writing(db.session):
        account = people.found(db.session, name)
        people.set_password(account, new)
        auditing.record(db.session, auditing.COMMAND_LINE, "change password", account.name)
    click.echo(f"Account {account.name} has a new password.")


@accounts.command()
@click.argument("name")
@click.argument("role", type=ROLE)
@click.option("--unit", help=UNIT_HELP)
@with_app
def grant(name: str, role: str, unit: str | None) -> None:
    """Give the account NAME a role."""
    spec = people.GrantSpec(Role(role), unit)
    account = _change(name, "grant role", spec)
    click.echo(f"Account {account.name} is now {_named(spec)}.")


@accounts.command()
@click.argument("name")
@click.argument("role", type=ROLE)
@click.option("--unit", help=UNIT_HELP)
@with_app
def revoke(name: str, role: str, unit: str | None) -> None:
    """Take a role back from the account NAME, and sign it out everywhere."""
    spec = people.GrantSpec(Role(role), unit)
    account = _change(name, "revoke role", spec)
    click.echo(f"Account {account.name} is no longer {_named(spec)}.")


def _change(name: str, action: str, spec: people.GrantSpec) -> Account:
    change = people.grant if action == "grant role" else people.revoke
    with writing(db.session):
        account = people.found(db.session, name)
        change(db.session, account, spec)
        auditing.record(
            db.session, auditing.COMMAND_LINE, action, f"{account.name}: {_named(spec)}"
        )
    return account


def _specs(roles: list[Role], units: tuple[str, ...]) -> list[people.GrantSpec]:
    """Every role in every unit; beside roles in units, those of the city take none."""
    in_units = [role for role in roles if role not in people.CITY_ROLES] or roles
    city = [people.GrantSpec(role) for role in roles if role not in in_units]
    return city + [
        people.GrantSpec(role, code) for role in in_units for code in units or [None]
    ]


def _named(spec: people.GrantSpec) -> str:
    return spec.role.value if spec.unit is None else f"{spec.role.value}:{spec.unit}"


def _password(*, from_stdin: bool) -> str:
    """From standard input without its line end, or asked for twice without being shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to type a password. Use --password-stdin.")
    first = getpass.getpass("Password (at least 12 characters): ")
    if first != getpass.getpass("The same once more: "):
        raise click.UsageError("The two passwords differ.")
    return first
