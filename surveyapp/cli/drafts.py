"""Commands for the draft of a questionnaire's next version: from its beginning to published."""

from datetime import datetime
from pathlib import Path

import click

from surveyapp import drafting
from surveyapp.cli import today, with_app
from surveyapp.db import db, writing
from surveyapp.questionnaire import as_source, load

DAY = click.DateTime(["%Y-%m-%d"])
BY = click.option("--by", required=True, help="Who does it.")


@click.command()
@click.argument("key")
@BY
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Begin with what is in FILE instead.",
)
@with_app
def draft(key: str, by: str, path: Path | None) -> None:
    """Begin a draft of the version after the latest one of KEY, as a copy of it."""
    source = None if path is None else as_source(load(path))
    with writing(db.session):
        if source is None:
            made = drafting.begin(db.session, key, actor=by, today=today())
        else:
            made = drafting.take_in(db.session, source, actor=by, today=today())
        said = f"{made.questionnaire} version {made.version} is a draft by {by}."
    click.echo(said)


@click.command("hand-in")
@click.argument("key")
@BY
@with_app
def hand_in(key: str, by: str) -> None:
    """Give the draft of KEY to another person to look through."""
    with writing(db.session):
        drafting.hand_in(db.session, key, actor=by)
    click.echo(f"The draft of {key} is in review.")


@click.command("send-back")
@click.argument("key")
@BY
@with_app
def send_back(key: str, by: str) -> None:
    """Let the draft of KEY be edited again."""
    with writing(db.session):
        drafting.send_back(db.session, key, actor=by)
    click.echo(f"The draft of {key} can be edited.")


@click.command("publish")
@click.argument("key")
@click.option("--by", required=True, help="Who publishes it: nobody who wrote any of it.")
@click.option("--valid-from", required=True, type=DAY, help="First day, as 2026-01-01.")
@with_app
def publish(key: str, by: str, valid_from: datetime) -> None:
    """Publish the draft of KEY that is in review: from then on it never changes."""
    day = valid_from.date()
    with writing(db.session):
        held = drafting.draft_of(db.session, key)
        seen = held.revision if held else 0
        version = drafting.publish(db.session, key, valid_from=day, publisher=by, seen=seen)
    click.echo(f"{key} version {version} is published, valid from {day}.")
