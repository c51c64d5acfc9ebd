"""The log of what staff did and opened, each row chained to the one before it by hash."""

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.db import is_postgresql
from surveyapp.models import AuditEvent

CHAIN_LOCK = 42  # PostgreSQL advisory lock: two writers must not follow the same row
COMMAND_LINE = "command line"


def record(session: Session, actor: str, action: str, subject: str = "") -> None:
    """Append one row. Call it inside `writing`, never in a transaction that holds an answer."""
    take_turn(session)
    last = session.scalar(select(AuditEvent.sha256).order_by(AuditEvent.id.desc()).limit(1))
    event = AuditEvent(
        happened_at=datetime.now(UTC).replace(microsecond=0),
        actor=actor,
        action=action,
        subject=subject,
    )
    event.sha256 = _digest(last or "", event)
    session.add(event)
    session.flush()


def take_turn(session: Session) -> None:
    """Wait until no other transaction writes to the log; SQLite has one writer anyway."""
    if is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})


def first_broken(session: Session) -> int | None:
    """The id of the first row that does not follow from the one before it, or None."""
    last = ""
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
        if event.sha256 != _digest(last, event):
            return event.id
        last = event.sha256
    return None


def _digest(previous: str, event: AuditEvent) -> str:
    content = [
        previous,
        event.happened_at.isoformat(),
        event.actor,
        event.action,
        event.subject,
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
