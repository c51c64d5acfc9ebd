"""Commands for the organisation: import units and figures, list units."""

from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

import click
from sqlalchemy.orm import Session

from surveyapp import auditing, organising
from surveyapp.cli import today, with_app
from surveyapp.db import db, writing
from surveyapp.errors import ImportRefused


@click.group()
def units() -> None:
    """Import and list units and their figures."""


@units.command("import")
@click.argument("file", type=click.File("rb"))
@with_app
def import_(file: BinaryIO) -> None:
    """Import units, successions and attributes from FILE (- is standard input).

    FILE is CSV in UTF-8 with semicolons or commas. Its first line names the columns:

    \b
    kind;code;name;district;valid_from;valid_to;successor;attribute;value

    A column source_note may be added; it is not stored. Each line is of one kind, and the
    columns that are not named for it stay empty. Days are written 2023-07-01.

    \b
    kind        columns
    unit        code, name, district, valid_from (first day),
                valid_to (last day; empty while it exists)
    succession  code (the old unit), successor (code of the new one),
                valid_from (the day after the old unit's last)
    attribute   code, attribute, value, valid_from, valid_to (empty: still so)

    \b
    attribute                   value
    organisation_form           single_named, team, daily_allocation, other
    named_officers_per_client   a whole number from 1 to 20
    contact_route               aldre_direkt_all, phone_hours_plus_aldre_direkt,
                                open_reception_phone,
                                own_calls_voicemail_to_aldre_direkt
    has_discharge_officers, has_care_home_officers, has_followup_officer
                                yes, no

    A unit keeps its name and first day; its last day can be changed. If a line is faulty,
    nothing is stored and every faulty line is named with its reason. The same file again
    changes nothing, and what it does not mention stays as it is.
    """
    _import(file, organising.import_units, "import units")


@units.command()
@click.argument("file", type=click.File("rb"))
@with_app
def figures(file: BinaryIO) -> None:
    """Import figures of months or years from FILE (- is standard input).

    FILE is CSV in UTF-8 with semicolons or commas; the first line names the columns and so
    says what the figures are:

    \b
    unit;month;followups_due
    unit;year;clients;officers_employed;officers_in_service;turnover_pct
    year;turnover_pct;turnover_left_city_pct

    A unit is named by its code, a month is 2026-03, and per cent have at most one decimal,
    after a comma or a point. A column source_note may be added; it is not stored. Of the four
    yearly figures some may be left out, and an empty cell leaves what is stored. If a line is
    faulty, nothing is stored and every faulty line is named with its reason.
    """
    _import(file, organising.import_figures, "import figures")


def _import(
    file: BinaryIO, store: Callable[[Session, str], organising.Imported], action: str
) -> None:
    name = getattr(file, "name", "<stdin>")
    try:
        text = organising.decoded(file.read())
        with writing(db.session):
            done = store(db.session, text)
            if done.n_added or done.n_changed:
                auditing.record(db.session, auditing.COMMAND_LINE, action, name)
    except ImportRefused as refused:
        raise ImportRefused([f"{name}: nothing was stored", *refused.faults]) from None
    click.echo(f"{done.n_added} added, {done.n_changed} changed, {done.n_unchanged} unchanged.")


@units.command("list")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
@with_app
def list_(day: datetime | None) -> None:
    """List the units that exist on a day, with their codes and what they were before."""
    for unit in organising.units_on(db.session, day.date() if day else today()):
        before = organising.predecessors(db.session, unit.id)
        was = f"  before: {', '.join(each.name for each in before)}" if before else ""
        span = f"{unit.valid_from} to {unit.valid_to or '...'!s:<10}"
        click.echo(f"{unit.code:<24} {unit.name:<24} {span}{was}".rstrip())
