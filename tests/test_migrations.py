"""Upgrading keeps what was released safe, and every tablet and envelope."""

from datetime import date
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from surveyapp import db as database
from surveyapp import enrolling
from surveyapp.bench.tablets import Tablet
from surveyapp.db import writing
from surveyapp.models import Device, FigureKind, Quarantine, Reason, Withheld
from tests.released import answered, happy, release

BREAKDOWNS = (FigureKind.GENDER, FigureKind.CHANNEL)


@pytest.fixture
def released_before(app, session, make):
    """A release from before breakdowns were decided, then the newest migration."""
    make.published(version=1)
    units = [make.unit(), make.unit()]
    for unit in units:
        for month in (1, 5):
            answered(session, unit, date(2026, month, 1), happy(25, of=35))
    release(session, "2026-T1", "2026-T2")
    session.execute(delete(Withheld).where(Withheld.kind.in_(BREAKDOWNS)))
    session.commit()
    with app.app_context():
        command.downgrade(database._alembic(), "0001")
        database.upgrade()
        assert database.is_current()
    return units


def test_breakdowns_of_earlier_releases_are_withheld(session, released_before):
    rows = session.scalars(select(Withheld).where(Withheld.kind.in_(BREAKDOWNS))).all()

    assert {row.reason for row in rows} == {Reason.SECONDARY}
    places = {(row.product, row.unit_id, row.question, row.kind) for row in rows}
    for product in ("2026-T1", "2026-T2", "2026-T2+"):
        assert (product, None, "*", FigureKind.CHANNEL) in places
        for unit in released_before:
            assert (product, unit.id, "*", FigureKind.CHANNEL) in places
            assert (product, unit.id, "hel_nojd", FigureKind.GENDER) in places


@pytest.fixture
def tablets_before(app, session, make):
    """Tablets and quarantine from before tablets had keys; then the newest migration."""
    unit = make.unit(code="farsta")
    with app.app_context():
        command.downgrade(database._alembic(), "0002")
    columns = "id, name, enrolment_hmac, key_sha256, last_contact_on, is_revoked"
    for values in (
        "(1, 'Surfplatta 1', NULL, 'k1', '2026-03-02', false)",
        "(2, 'Surfplatta 2', 'h2', NULL, NULL, false)",
        "(3, 'Surfplatta 3', NULL, 'k3', '2026-01-02', true)",
    ):
        insert = f"INSERT INTO device ({columns}) VALUES {values}"  # noqa: S608 - written here
        session.execute(text(insert))
    session.execute(
        text("INSERT INTO device_unit (device_id, unit_id) VALUES (1, :unit)"),
        {"unit": unit.id},
    )
    session.execute(
        text(
            "INSERT INTO quarantine (id, receipt_sha256, envelope, reason, month) "
            "VALUES (:id, 'r1', :envelope, 'why', '2026-03-01')"
        ),
        {"id": uuid4().hex, "envelope": b"sealed"},
    )
    session.commit()
    with app.app_context():
        database.upgrade()
        assert database.is_current()
    return unit


def test_tablets_from_before_keys_are_kept_and_wait_for_a_code(session, tablets_before):
    first, second, third = session.scalars(select(Device).order_by(Device.id))

    assert (first.name, first.last_contact_on) == ("Surfplatta 1", date(2026, 3, 2))
    assert [each.public_key for each in (first, second, third)] == [None] * 3
    assert (first.undelivered_count, first.quarantined_count) == (0, 0)
    assert second.enrolment_hmac == "h2"
    assert third.is_revoked
    assert enrolling.codes_of(session, 1) == {"farsta"}
    with writing(session):
        code = enrolling.renew(session, 1, secret="x" * 32)
        key = Tablet().public_key
        assert enrolling.enrol(session, code, key, secret="x" * 32).id == 1


def test_quarantine_from_before_is_kept_and_still_without_row_numbers(session, tablets_before):
    kept = session.scalars(select(Quarantine)).one()

    assert (kept.envelope, kept.reason, kept.unit_id) == (b"sealed", "why", None)
    if session.get_bind().dialect.name == "sqlite":
        sql = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'quarantine'"))
        assert sql.rstrip().endswith("WITHOUT ROWID")


def test_tables_of_the_models_are_those_of_the_migrations(app, session, tablets_before):
    with app.app_context():
        command.downgrade(database._alembic(), "0001")
        database.upgrade()
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})

    assert compare_metadata(context, database.Base.metadata) == []
    assert len(session.scalars(select(Device)).all()) == 3


def test_rows_still_point_to_rows_that_exist_after_upgrading(session, tablets_before):
    with pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO device_unit (device_id, unit_id) VALUES (77, 1)"))


FIRST_WITH_LOCKS = "0005"
FORBIDDEN = [
    "update questionnaire_version set document = document || ' '",
    "update questionnaire_version set sha256 = 'x'",
    "update questionnaire_version set valid_from = '2020-01-01'",
    "update questionnaire_version set version = 9",
    "update questionnaire_version set questionnaire = 'x'",
    "update questionnaire_version set author = 'X'",
    "update questionnaire_version set publisher = 'X'",
    "update questionnaire_version set status = 'retired'",
    "update questionnaire_version set paper_until = '2027-03-31'",
    "update questionnaire_version set status = 'retired', paper_until = '2027-03-31',"
    " author = 'X'",
    "delete from questionnaire_version",
    "update comparability set kind = 'identical'",
    "update comparability set note = 'x'",
    "delete from comparability",
    "insert into comparability select questionnaire, version_old, version_new, question_old,"
    " 'x', kind, note, decided_by from comparability where question_new = 'bem_info'",
]
FORBIDDEN_ON_SQLITE = [
    "insert or replace into questionnaire_version select id, questionnaire, version, 'x',"
    " sha256, status, valid_from, author, publisher, paper_until from questionnaire_version",
    "insert or replace into questionnaire_version select id + 10, questionnaire, version, 'x',"
    " sha256, status, valid_from, author, publisher, paper_until from questionnaire_version",
]
FORBIDDEN_ON_POSTGRESQL = [
    "truncate questionnaire_version cascade",
    "truncate comparability",
]


def migrations_from(first):
    """Every migration from that one on, in order."""
    script = ScriptDirectory.from_config(database._alembic())
    revisions = [each.revision for each in script.walk_revisions()][::-1]
    return revisions[revisions.index(first) :]


def test_the_database_refuses_to_change_what_is_published_after_every_migration(
    app, session, make
):
    make.published(1, valid_from=date(2022, 1, 1))
    make.published(2, valid_from=date(2025, 1, 1))
    engine = session.get_bind()
    is_sqlite = engine.dialect.name == "sqlite"
    forbidden = FORBIDDEN + (FORBIDDEN_ON_SQLITE if is_sqlite else FORBIDDEN_ON_POSTGRESQL)
    session.close()
    with app.app_context():
        command.downgrade(database._alembic(), FIRST_WITH_LOCKS)
        for revision in migrations_from(FIRST_WITH_LOCKS):
            command.upgrade(database._alembic(), revision)
            for statement in forbidden:
                with engine.connect() as connection:
                    with pytest.raises(DBAPIError, match="never changes"):
                        connection.execute(text(statement))
                    connection.rollback()
        assert database.is_current()


def test_a_version_is_retired_once(app, session, make):
    make.published(1)
    retire = text(
        "update questionnaire_version set status = 'retired', paper_until = '2027-03-31'"
    )
    session.execute(retire)
    session.commit()

    with pytest.raises(DBAPIError, match="never changes"):
        session.execute(text("update questionnaire_version set status = 'published'"))
    session.rollback()
    with pytest.raises(DBAPIError, match="never changes"):
        session.execute(text("update questionnaire_version set paper_until = '2028-03-31'"))
    session.rollback()
