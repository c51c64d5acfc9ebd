"""What was accepted becomes rows: a response, its answers, its texts, and a count."""

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from surveyapp.collecting.checking import Accepted
from surveyapp.collecting.occasion import Submission
from surveyapp.db import is_postgresql
from surveyapp.models import (
    Answer,
    Channel,
    FreeText,
    OfferTally,
    Outcome,
    ReceiptWeek,
    Response,
    ResponseStatus,
)
from surveyapp.questionnaire import Completed

ANSWER = cast(Table, Answer.__table__)  # a table takes many rows at once, a model one by one
SOMETHING_WRITTEN = "written"  # the value of a text question; the text itself is kept apart


def store(session: Session, submission: Submission, accepted: Accepted, *, today: date) -> None:
    """Count the offer, and keep the answers if there are any."""
    occasion = submission.occasion
    count_offers(
        session,
        unit_id=accepted.unit_id,
        month=occasion.month,
        channel=occasion.channel,
        outcome=submission.outcome,
        reason=submission.reason,
    )
    session.add(
        ReceiptWeek(receipt=occasion.receipt, week=today - timedelta(days=today.weekday()))
    )
    if accepted.completed is not None:
        _store_answers(session, submission, accepted, accepted.completed)


def count_offers(
    session: Session,
    *,
    unit_id: int,
    month: date,
    channel: Channel,
    outcome: Outcome,
    reason: str = "",
    n: int = 1,
) -> None:
    """Add to the tally of offers."""
    upsert = dialect_insert(session)(OfferTally).values(
        unit_id=unit_id, month=month, channel=channel, outcome=outcome, reason=reason, n=n
    )
    session.execute(
        upsert.on_conflict_do_update(
            index_elements=["unit_id", "month", "channel", "outcome", "reason"],
            set_={"n": OfferTally.n + n},
        )
    )


def dialect_insert(session: Session) -> Any:
    """`insert` with the ON CONFLICT clause that both databases have."""
    return postgresql.insert if is_postgresql(session) else sqlite.insert


def _store_answers(
    session: Session, submission: Submission, accepted: Accepted, completed: Completed
) -> None:
    occasion = submission.occasion
    response = Response(
        receipt=occasion.receipt,
        unit_id=accepted.unit_id,
        month=occasion.month,
        version_id=accepted.version_id,
        language=occasion.language,
        channel=occasion.channel,
        followup_type=occasion.followup_type,
        service_group=occasion.service_group,
        handed_over_by=occasion.handed_over_by,
        form_length=occasion.form_length,
        status=(
            ResponseStatus.PARTIAL
            if submission.outcome is Outcome.PARTLY
            else ResponseStatus.COMPLETE
        ),
    )
    session.add(response)
    session.flush()
    rows = []
    for question, given in completed.answers.items():
        value = given.value
        if value is not None and question in accepted.text_questions:
            session.add(
                FreeText(unit_id=accepted.unit_id, year=occasion.month.year, text=value)
            )
            value = SOMETHING_WRITTEN
        rows.append(
            {
                "response_id": response.id,
                "question": question,
                "value": value,
                "missing": given.missing.value if given.missing else None,
            }
        )
    session.execute(insert(ANSWER), rows)
