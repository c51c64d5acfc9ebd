"""Commands that give a questionnaire to other programs and take one from them."""

from pathlib import Path

import click
from flask import current_app

from surveyapp import publishing
from surveyapp.cli import Failure, with_app
from surveyapp.config import Settings
from surveyapp.db import db
from surveyapp.errors import QuestionnaireError, Remark
from surveyapp.exchange.ddi import write_ddi
from surveyapp.exchange.xlsform import read_xlsform, write_xlsform
from surveyapp.questionnaire import (
    Questionnaire,
    load,
    parse,
    write,
)

FILE = click.Path(dir_okay=False, path_type=Path)
VERSION = click.IntRange(min=1)


@click.command()
@click.argument("key")
@click.argument("version", type=VERSION)
@click.argument("file", type=FILE)
@click.option(
    "--as",
    "form",
    type=click.Choice(["xlsform", "ddi", "yaml"]),
    required=True,
    help="xlsform (.xlsx for ODK and others), ddi (XML for archives) or yaml (our own).",
)
@with_app
def export(key: str, version: int, file: Path, form: str) -> None:
    """Write VERSION of the questionnaire KEY to FILE, and say what FILE cannot hold."""
    document = _version(key, version)
    remarks: list[Remark] = []
    if form == "xlsform":
        content, remarks = write_xlsform(document)
    elif form == "ddi":
        content = write_ddi(document, publishing.decided(db.session, key, version) or None)
    else:
        content = write(document).encode()
    file.write_bytes(content)
    for remark in remarks:
        click.echo(remark)
    click.echo(f"{file} holds {key} version {version}.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--base",
    type=(str, VERSION),
    required=True,
    metavar="KEY VERSION",
    help="The version that the new one follows.",
)
@click.option("--out", type=FILE, required=True, help="Where the new version is written.")
@with_app
def import_(file: Path, base: tuple[str, int], out: Path) -> None:
    """Read FILE, an XLSForm (.xlsx), as the version after KEY VERSION.

    The questions are those of FILE; what an XLSForm cannot say comes from the version before.
    What was left out is said, and what is still to be written in the new file. If a cell
    cannot be taken, nothing is written and each such cell is named.
    """
    source, remarks = read_xlsform(file.read_bytes(), _version(*base))
    text = write(Questionnaire.model_validate(source))
    out.write_text(text, encoding="utf-8", newline="\n")
    for remark in remarks:
        click.echo(remark)
    try:
        parse(text, out)
    except QuestionnaireError as error:
        click.echo("The new file is written. To be mended in it:")
        click.echo(error)
    else:
        click.echo(f"{out} is whole. The changes from version {base[1]} are to be added.")


def _version(key: str, version: int) -> Questionnaire:
    """What was published, else what the questionnaire folder holds."""
    published = publishing.published(db.session, key, version)
    if published is not None:
        return publishing.parsed(published)
    settings: Settings = current_app.config["SETTINGS"]
    path = publishing.file_of(Path(settings.questionnaires), key, version)
    if not path.is_file():
        raise Failure(f"There is no version {version} of {key}.")
    return load(path)
