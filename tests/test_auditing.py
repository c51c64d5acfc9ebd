"""The log is a chain: a row that was changed or taken out shows."""

import threading

import pytest
from sqlalchemy import delete, select, update

from surveyapp import auditing
from surveyapp.db import db, writing
from surveyapp.models import AuditEvent


def three_events(session):
    for subject in ("2026-T1", "2026-T2", "2026-T3"):
        with writing(session):
            auditing.record(session, "analytiker", "release", subject)


def test_chain_of_untouched_rows_holds(session):
    three_events(session)

    assert auditing.first_broken(session) is None


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEvent).where(AuditEvent.id == 2).values(subject="2025-T2"),
        update(AuditEvent).where(AuditEvent.id == 2).values(actor="somebody else"),
        delete(AuditEvent).where(AuditEvent.id == 2),
    ],
)
def test_row_that_was_changed_or_taken_out_breaks_the_chain(session, change):
    three_events(session)
    with writing(session):
        session.execute(change)

    assert auditing.first_broken(session) in (2, 3)


def test_eight_writers_at_once_do_not_fork_the_chain(app, session):
    def write():
        with app.app_context():
            for _ in range(3):
                with writing(db.session):
                    auditing.record(db.session, "registrator", "sign in")
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(session.scalars(select(AuditEvent.id)).all()) == 24
    assert auditing.first_broken(session) is None
