"""An installation to measure: units, both versions of the questionnaire, a tablet."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp import config, create_app, enrolling, organising, publishing, sealing
from surveyapp import questionnaire as instrument
from surveyapp.bench.databases import Database
from surveyapp.bench.processes import server
from surveyapp.bench.tablets import Tablet
from surveyapp.cli import clear_failures
from surveyapp.db import db, upgrade, writing
from surveyapp.models import Quarantine, Response

SECRET = "only for measuring, on this machine alone"  # noqa: S105 - it guards nothing
VERSIONS = {1: date(2022, 1, 1), 2: date(2025, 1, 1)}
UNITS = ("farsta", "bromma")  # that the tablet collects for


@dataclass(frozen=True)
class Installation:
    """What a measurement needs to know of it."""

    app: Flask
    today: date
    tablet: Tablet  # enrolled, without a way to the server


def environment(database: Database) -> dict[str, str]:
    """The settings of the application on this database."""
    return {
        "SURVEYAPP_INSTANCE": str(database.folder),
        "SURVEYAPP_DATABASE_URL": database.url,
        "SURVEYAPP_SECRET_KEY": SECRET,
    }


def told() -> dict[str, Any]:
    """What a tablet has heard from the server that it needs for sealing."""
    key = sealing.sealer(SECRET).key
    return {"sealing_key": {"id": key.id, "public": sealing.base64url(key.public)}}


@contextmanager
def serving(database: Database, port: int) -> Iterator[int]:
    """The server of `surveyapp run` on this database; its process number."""
    command = [sys.executable, "-c", "from surveyapp.cli import main; main()"]
    command += ["run", "--port", str(port)]
    with server(command, environment(database), port, "/halsa") as pid:
        yield pid


@contextmanager
def looking_into(installation: Installation) -> Iterator[Session]:
    """The database, beside the server."""
    with installation.app.app_context():
        try:
            yield db.session
        finally:
            db.session.close()
            db.engine.dispose()


def counted(installation: Installation) -> tuple[int, int]:
    """How many responses are stored, and how many submissions lie in quarantine."""
    with looking_into(installation) as session:
        stored, parked = (
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Response, Quarantine)
        )
    return stored, parked


@contextmanager
def installed(database: Database) -> Iterator[Installation]:
    """The application on a new database, with its context."""
    app = create_app(environment(database))
    settings: config.Settings = app.config["SETTINGS"]
    with clear_failures(), app.app_context():
        try:
            upgrade()
            with writing(db.session) as session:
                organising.load_shipped(session)
                for number, valid_from in VERSIONS.items():
                    folder = Path(settings.questionnaires)
                    path = publishing.file_of(folder, publishing.KEY, number)
                    publishing.publish(
                        session,
                        instrument.load(path),
                        valid_from=valid_from,
                        author="bench, author",
                        publisher="bench, publisher",
                    )
                units = [organising.unit_by_code(session, code) for code in UNITS]
                unit_ids = [unit.id for unit in units if unit is not None]
                device, code = enrolling.create(session, "bench", unit_ids, secret=SECRET)
                tablet = Tablet(number=device.id, state=told())
                enrolling.enrol(session, code, tablet.public_key, secret=SECRET)
            yield Installation(app, config.today(settings), tablet)
        finally:
            db.session.close()
            db.engine.dispose()
