"""What every test may ask for: the application and a session, on SQLite and PostgreSQL."""

import os
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from click.testing import CliRunner
from jinja2 import BytecodeCache
from sqlalchemy import URL, event
from sqlalchemy.orm import Session

from surveyapp import create_app, publishing
from surveyapp.access import Role
from surveyapp.cli import main
from surveyapp.config import shipped_folder
from surveyapp.db import db, upgrade
from surveyapp.periods import Period
from tests import database
from tests.client import HouseClient
from tests.make import Make
from tests.released import answered, due, happy, release
from tests.tablets import delivery_by, enrolled_without_network

SERIAL = count()


class Compiled(BytecodeCache):
    """The templates of every application: compiling one takes longer than showing it."""

    def __init__(self):
        self.known = {}

    def load_bytecode(self, bucket):
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        self.known[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def application(url, instance):
    app = create_app(
        {
            "SURVEYAPP_DATABASE_URL": url.render_as_string(hide_password=False),
            "SURVEYAPP_INSTANCE": str(instance),
            "SURVEYAPP_SECRET_KEY": "a secret that only the tests know",
            "TESTING": True,
        }
    )
    app.jinja_env.bytecode_cache = COMPILED
    return app


def migrate(url, instance):
    """Bring an empty database to the newest migration, and let go of it."""
    app = application(url, instance)
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated file, to be copied: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("sqlite")
    migrate(URL.create("sqlite", database=str(folder / "template")), folder)
    return folder / "template"


@pytest.fixture(scope="session")
def postgresql_databases(tmp_path_factory):
    """Asked for a database, gives an empty migrated one, which is cleared when it comes back.

    One whose tables a test has changed does not come back.
    """
    with database.postgresql_server() as server:
        template = database.create_database(server, "migrated")
        migrate(template, tmp_path_factory.mktemp("postgresql"))
        shape = database.shape_of(template)
        unused = []

        @contextmanager
        def lend():
            if not unused:
                name = f"test_{next(SERIAL)}"
                unused.append(database.create_database(server, name, template="migrated"))
            url = unused.pop()
            yield url
            if database.shape_of(url) != shape:
                database.drop_database(server, url.database)
            else:
                database.clear_database(url)
                unused.append(url)

        yield lend


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """The application on an empty migrated database; every test runs on both kinds."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            template = request.getfixturevalue("sqlite_template")
            url = URL.create("sqlite", database=str(shutil.copy(template, tmp_path / "test")))
        else:
            url = stack.enter_context(request.getfixturevalue("postgresql_databases")())
        app = application(url, tmp_path)
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def on(app):
    """Let it be another day for the application: a date, or one as text."""

    def on(day):
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=str(day))

    return on


@pytest.fixture
def session(app):
    """A session of its own: inside an application context every request would share `g`."""
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def make(session):
    """Makes what a test needs to exist."""
    return Make(session)


@pytest.fixture
def count_queries(session):
    """How many statements something sends."""

    def count(ask):
        sent = []
        engine = session.get_bind()

        def note(*args):
            sent.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        session.expire_all()
        ask()
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    return count


@pytest.fixture
def client(app):
    """A browser that checks every page it fetches."""
    app.test_client_class = HouseClient
    return app.test_client()


@pytest.fixture
def reader(make, client):
    """Somebody who may see results and has no unit, signed in."""
    return client.log_in(make.account(role=Role.READER))


@pytest.fixture
def swedish(app):
    """The application's words, as on a Swedish page."""
    with app.test_request_context():
        yield


@pytest.fixture
def city(make):
    """Version 1 of the questionnaire, and units that are made as they are asked for."""
    make.published(version=1)
    return lambda *names: [make.unit(code=name.lower(), name=name.title()) for name in names]


@pytest.fixture
def put_out(session, city):
    """Release tertial 1 of 2026 with these units, each its name and (favourable, answers)."""

    def put_out(followups=None, **counts):
        period = Period.parse("2026-T1")
        units = city(*counts)
        for unit, (favourable, n) in zip(units, counts.values(), strict=True):
            answered(session, unit, period.months[0], happy(favourable, of=n))
            if followups:
                due(session, unit, period.months, followups)
        release(session, str(period))
        return units

    return put_out


@pytest.fixture
def farsta(make):
    make.published(version=1, valid_from=date(2022, 1, 1))
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def tablet(session, farsta):
    """A tablet that has been enrolled and has the server's key."""
    return enrolled_without_network(session, [farsta])


@pytest.fixture
def deliver(session, tablet):
    """Let the tablet deliver a submission, sealed now, or an envelope."""
    return delivery_by(session, tablet)


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Settings of an installation that has nothing yet, on SQLite."""
    for name in [each for each in os.environ if each.startswith("SURVEYAPP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SURVEYAPP_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("SURVEYAPP_TODAY", "2026-11-22")
    return tmp_path / "instance"


@pytest.fixture
def command(environment):
    """Run a command and give its result; its exit code is looked at, not forgotten."""

    def run(*arguments, code=0, given=None):
        result = CliRunner().invoke(main, arguments, input=given, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def stored(app, command, monkeypatch):
    """The same, on the migrated database of the test: SQLite and PostgreSQL."""
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    return command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the questionnaire folder that a test may change."""
    copy = shutil.copytree(shipped_folder("questionnaires"), tmp_path / "questionnaires")
    monkeypatch.setenv("SURVEYAPP_QUESTIONNAIRES", str(copy))
    return copy / publishing.KEY
