"""Commands for questionnaires: check the files, publish a version."""

import os
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import make_url

from surveyapp import auditing, config, drafting, publishing
from surveyapp.cli import (
    Failure,
    application,
    clear_failures,
    drafts,
    exchanging,
    today,
    with_app,
)
from surveyapp.config import Settings
from surveyapp.db import db, is_current, writing
from surveyapp.errors import PublishingError
from surveyapp.questionnaire import find_all, load, write

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def questionnaires() -> None:
    """Versions and drafts: from a draft to retired, and to and from other programs."""


for command in (drafts.draft, drafts.hand_in, drafts.send_back, drafts.publish):
    questionnaires.add_command(command)
questionnaires.add_command(exchanging.export)
questionnaires.add_command(exchanging.import_)


@questionnaires.command("list")
@with_app
def list_() -> None:
    """Every version with its state, and the draft of the next one."""
    held = {draft.questionnaire: draft for draft in drafting.drafts(db.session)}
    for key in sorted({*publishing.keys(db.session), *held}):
        now_open = publishing.opened(db.session, key, today())
        for version in publishing.versions(db.session, key):
            state = f"{version.status}, valid from {version.valid_from}"
            if version.paper_until:
                state += f", paper through {version.paper_until}"
            mark = " (open now)" if version == now_open else ""
            click.echo(f"{key} version {version.version}: {state}{mark}")
        if draft := held.get(key):
            names = ", ".join(drafting.authors(draft))
            click.echo(f"{key} version {draft.version}: {draft.state}, written by {names}")


@questionnaires.command()
@click.argument("key")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--paper-until", required=True, type=DAY, help="Last day to key its forms.")
@click.option("--by", required=True, help="Who retires it.")
@with_app
def retire(key: str, version: int, paper_until: datetime, by: str) -> None:
    """Retire a version that a later one has taken over from.

    Answers that were begun on it are still counted, whenever they come.
    """
    with writing(db.session):
        publishing.retire(
            db.session,
            key,
            version,
            paper_until=paper_until.date(),
            today=today(),
            actor=by,
        )
    click.echo(f"{key} version {version} is retired; paper through {paper_until:%Y-%m-%d}.")


@click.command()
@click.option("--write", "rewrite", is_flag=True, help="Rewrite files in their one form.")
def check(rewrite: bool) -> None:
    """Check every questionnaire file, and that published ones are what was published.

    Every fault is a line `file:line: what is wrong and what to do`.
    """
    with clear_failures():
        settings = config.settings_from(os.environ)
        folder = Path(settings.questionnaires)
        if not folder.is_dir():
            raise Failure(f"{folder} is not a folder. SURVEYAPP_QUESTIONNAIRES names it.")
        documents = find_all(folder)
        for document in documents:
            path = publishing.file_of(folder, document.key, document.version)
            form = write(document)
            if path.read_bytes() == form.encode():
                click.echo(f"{path}: in order")
            elif rewrite:
                path.write_text(form, encoding="utf-8", newline="\n")
                click.echo(f"{path}: rewritten")
            else:
                click.echo(f"{path}: in order; surveyapp check --write would lay it out anew")
        if not documents:
            click.echo(f"{folder} holds no questionnaire.")
    if _has_database(settings):
        with application(migrated=False):
            if is_current():
                publishing.verify(db.session, folder)
                _tell_without_file(folder, rewrite=rewrite)
                click.echo("What is published is what the files say.")
                return
    click.echo("There is no prepared database, so nothing is published yet.")


def _tell_without_file(folder: Path, *, rewrite: bool) -> None:
    """Versions that were written in the browser, and a file for each if it is asked for."""
    for version in publishing.without_file(db.session, folder):
        path = publishing.file_of(folder, version.questionnaire, version.version)
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = write(publishing.parsed(version))
            path.write_text(text, encoding="utf-8", newline="\n")
            click.echo(f"{path}: written out of the database")
        else:
            click.echo(f"{path}: only in the database; surveyapp check --write would write it")


def _has_database(settings: Settings) -> bool:
    url = make_url(settings.sqlalchemy_url)
    if url.get_backend_name() != "sqlite":
        return True
    return bool(url.database) and Path(str(url.database)).is_file()


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="FILE | KEY VERSION")
@click.option("--author", required=True, help="Who wrote the version.")
@click.option("--publisher", required=True, help="Who publishes it: another person.")
@click.option("--valid-from", required=True, type=DAY, help="First day, as 2026-01-01.")
@with_app
def publish(what: tuple[str, ...], author: str, publisher: str, valid_from: datetime) -> None:
    """Publish a questionnaire version: from then on it never changes.

    Give its file, or its key and version: surveyapp publish kontakt-bistandshandlaggare 2 ...
    Publishing the same again changes nothing.
    """
    settings: Settings = current_app.config["SETTINGS"]
    folder = Path(settings.questionnaires)
    document = load(_path(what, folder))
    place = publishing.file_of(folder, document.key, document.version)
    if len(what) == 1 and Path(what[0]).resolve() != place.resolve():
        raise PublishingError(
            "%(path)s is read at every start. Move the file there before it is published.",
            path=place,
        )
    day: date = valid_from.date()
    with writing(db.session):
        known = publishing.published(db.session, document.key, document.version)
        version = publishing.publish(
            db.session, document, valid_from=day, author=author, publisher=publisher
        )
        named = f"{version.questionnaire} version {version.version}"
        if known is None:
            auditing.record(db.session, auditing.COMMAND_LINE, "publish", named)
    state = "is published" if known is None else "is already published"
    click.echo(f"{named} {state}, valid from {version.valid_from}.")


def _path(what: tuple[str, ...], folder: Path) -> Path:
    match what:
        case (path,):
            return Path(path)
        case (key, version) if version.isdecimal():
            return publishing.file_of(folder, key, int(version))
    raise click.UsageError("Give the file, or the key and the number of the version.")
