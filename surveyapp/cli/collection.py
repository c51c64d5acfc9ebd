"""Commands for collecting: codes for letters, and tablets."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from surveyapp import access_codes, auditing, delivering, enrolling, organising
from surveyapp.cli import Failure, today, with_app
from surveyapp.db import db, writing
from surveyapp.models import Device, Unit
from surveyapp.periods import parse_month
from surveyapp.web import sealer


@click.group()
def codes() -> None:
    """Codes for letters: a person answers at home, each code works once."""


@codes.command("create")
@click.option("--unit", "unit_code", required=True, help="Code of the unit.")
@click.option("--month", required=True, help="Month of the follow-up, for example 2026-11.")
@click.option("--number", required=True, type=click.IntRange(1, access_codes.MOST_AT_ONCE))
@click.option("--address", default="", help="Where the pages are, for example https://svar.se")
@with_app
def create_codes(unit_code: str, month: str, number: int, address: str) -> None:
    """Print new codes, one per line with the address; they can be read only here."""
    unit = _unit(db.session, unit_code)
    first_day = parse_month(month)
    with writing(db.session):
        made = access_codes.create(
            db.session, unit, first_day, number, secret=current_app.config["SECRET_KEY"]
        )
    _record("codes.create", f"{unit.code} {month} {number}")
    for code in made:
        click.echo(f"{address.rstrip('/')}/kod\t{code}")


@click.group()
def devices() -> None:
    """Tablets: each is enrolled once with a code and then has a key of its own."""


@devices.command("create")
@click.option("--unit", "unit_codes", required=True, multiple=True, help="May be repeated.")
@click.option("--name", required=True, help="What people call it, for example Surfplatta 4.")
@with_app
def create_device(unit_codes: tuple[str, ...], name: str) -> None:
    """Print the code that is entered once on the tablet, at /platta."""
    units = [_unit(db.session, code) for code in unit_codes]
    with writing(db.session):
        device, code = enrolling.create(
            db.session,
            name,
            [unit.id for unit in units],
            secret=current_app.config["SECRET_KEY"],
        )
        number = device.id
    _record("devices.create", f"{number} {' '.join(unit.code for unit in units)}")
    click.echo(f"Tablet {number}. Enter this code at /platta on the tablet:\n{code}")


@devices.command("list")
@with_app
def list_devices() -> None:
    """One line per tablet: number, name, units, state, last contact, and how many answers it
    last said that it had not delivered and how many of those it sent were put aside."""
    for device, unit_codes in enrolling.devices(db.session):
        contact = device.last_contact_on.isoformat() if device.last_contact_on else "-"
        fields = (
            str(device.id),
            device.name,
            ",".join(unit_codes),
            _state(device),
            contact,
            str(device.undelivered_count),
            str(device.quarantined_count),
        )
        click.echo("\t".join(fields))


@devices.command("renew")
@click.argument("number", type=int)
@with_app
def renew_device(number: int) -> None:
    """Print a new code for a tablet. Its old key holds until the code is used."""
    with writing(db.session):
        code = enrolling.renew(db.session, number, secret=current_app.config["SECRET_KEY"])
    _record("devices.renew", str(number))
    click.echo(f"Enter this code at /platta on tablet {number}:\n{code}")


@devices.command("rescue")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_app
def rescue_device(file: Path) -> None:
    """Take in the answers in a rescue FILE that was saved on a tablet."""
    done = delivering.rescue(db.session, file.read_bytes(), today=today(), sealer=sealer())
    _record("devices.rescue", f"{done.n_stored} {done.n_put_aside} {done.n_refused}")
    click.echo(
        f"{done.n_stored} taken in, {done.n_repeated} had come before, "
        f"{done.n_put_aside} put in quarantine, {done.n_refused} not signed by the tablet."
    )


@devices.command("revoke")
@click.argument("number", type=int)
@with_app
def revoke_device(number: int) -> None:
    """Shut a lost tablet out."""
    with writing(db.session):
        name = enrolling.revoke(db.session, number).name
    _record("devices.revoke", str(number))
    click.echo(f"Tablet {number}, {name}, is revoked.")


def _state(device: Device) -> str:
    if device.is_revoked:
        return "revoked"
    if device.enrolment_hmac is not None:
        return "waits for its code"
    return "enrolled" if device.public_key is not None else "needs a new code"


def _unit(session: Session, code: str) -> Unit:
    unit = organising.unit_by_code(session, code)
    if unit is None:
        known = ", ".join(each.code for each in organising.units_on(session, today()))
        raise Failure(f"There is no unit {code}. Today's units: {known or 'none'}.")
    return unit


def _record(action: str, subject: str) -> None:
    with writing(db.session):
        auditing.record(db.session, auditing.COMMAND_LINE, action, subject)
