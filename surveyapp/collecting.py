"""The one door: everything that was answered, or offered and not answered, comes in here.

Call `submit` inside `db.writing`. The receipt is looked up before every other check, so a
resend is a success whatever has happened since. What cannot be accepted from a respondent is
put in quarantine; on paper a registrar is there to mend it, so it is an error.
"""

import base64
import enum
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from surveyapp import organising, publishing
from surveyapp.errors import (
    N_,
    AnswerError,
    CannotAccept,
    CollectingError,
    ReceiptConflict,
)
from surveyapp.models import (
    Answer,
    Channel,
    FollowupType,
    FormLength,
    FreeText,
    HandedOverBy,
    OfferTally,
    Outcome,
    Quarantine,
    ReceiptWeek,
    Response,
    ResponseStatus,
    SeenReceipt,
    ServiceGroup,
)
from surveyapp.periods import month_of
from surveyapp.questionnaire import Completed, Questionnaire, completed

REASONS: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.DECLINED: ("does_not_want", "no_time", "too_tired", "other"),
    Outcome.COULD_NOT: ("illness", "language", "not_reached", "other"),
}
NO_TIME = 0  # Fernet writes the moment in clear beside what it encrypts
WITH_ANSWERS = (Outcome.ANSWERED, Outcome.PARTLY)
ANSWER = cast(Table, Answer.__table__)  # a table takes many rows at once, a model one by one
SOMETHING_WRITTEN = "written"  # the value of a text question; the text itself is kept apart


class Taken(enum.Enum):
    """What became of something sent in."""

    STORED = "stored"
    REPEATED = "repeated"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Occasion:
    """What is known before the first question. Nothing in it says who answers."""

    receipt: UUID
    unit: str
    month: date  # of the follow-up, its first day
    questionnaire: str
    version: int
    language: str
    channel: Channel
    followup_type: FollowupType
    service_group: ServiceGroup
    handed_over_by: HandedOverBy
    form_length: FormLength

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a token or an envelope."""
        return asdict(self) | {"receipt": self.receipt.hex, "month": self.month.isoformat()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Occasion":
        """Read what `as_dict` wrote; KeyError, TypeError or ValueError if it is not that."""
        return cls(
            receipt=UUID(values["receipt"]),
            unit=str(values["unit"]),
            month=month_of(date.fromisoformat(values["month"])),
            questionnaire=str(values["questionnaire"]),
            version=int(values["version"]),
            language=str(values["language"]),
            channel=Channel(values["channel"]),
            followup_type=FollowupType(values["followup_type"]),
            service_group=ServiceGroup(values["service_group"]),
            handed_over_by=HandedOverBy(values["handed_over_by"]),
            form_length=FormLength(values["form_length"]),
        )


@dataclass(frozen=True)
class Submission:
    """An occasion and what came of it. `answers` maps question id to raw text."""

    occasion: Occasion
    outcome: Outcome
    reason: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    free_of_script: bool = False  # every follow-up question was visible, asked or not

    def canonical(self) -> dict[str, Any]:
        """Plain values in one form: what the envelope's fingerprint is taken of."""
        return {
            "occasion": self.occasion.as_dict(),
            "outcome": self.outcome.value,
            "reason": self.reason,
            "answers": {k: v for k, v in sorted(self.answers.items()) if v.strip()},
            "free_of_script": self.free_of_script,
        }


@dataclass(frozen=True)
class Sealer:
    """Closes and opens what lies in quarantine, with a key derived from the secret."""

    fernet: Fernet

    def seal(self, submission: Submission, units: Collection[str] | None) -> bytes:
        content = submission.canonical() | {"units": None if units is None else sorted(units)}
        return self.fernet.encrypt_at_time(json.dumps(content).encode(), NO_TIME)

    def open(self, envelope: bytes) -> tuple[Submission, Collection[str] | None]:
        content = json.loads(self.fernet.decrypt(envelope))
        submission = Submission(
            occasion=Occasion.from_dict(content["occasion"]),
            outcome=Outcome(content["outcome"]),
            reason=content["reason"],
            answers=content["answers"],
            free_of_script=content["free_of_script"],
        )
        return submission, content["units"]


def sealer(secret_key: str) -> Sealer:
    """The sealer of this installation."""
    key = hashlib.sha256(b"surveyapp quarantine\0" + secret_key.encode()).digest()
    return Sealer(Fernet(base64.urlsafe_b64encode(key)))


@dataclass(frozen=True)
class _Accepted:
    """What passed every check: where it belongs and one entry per question."""

    unit_id: int
    version_id: int = 0
    text_questions: frozenset[str] = frozenset()
    completed: Completed | None = None


def submit(
    session: Session,
    submission: Submission,
    *,
    today: date,
    units: Collection[str] | None,
    sealer: Sealer,
) -> Taken:
    """Take one submission, once.

    `units` are the codes of the units the sender may collect for, None for any. Raises
    ReceiptConflict if the receipt is known with other content, and for paper CannotAccept or
    AnswerError if it does not hold.
    """
    receipt = sha256_of(submission.occasion.receipt)
    envelope = _sha256(json.dumps(submission.canonical(), sort_keys=True).encode())
    if not _is_first(session, receipt, envelope, month_of(today)):
        return _answer_to_a_resend(session, receipt, envelope)
    try:
        accepted = _checked(session, submission, today=today, units=units)
    except (CannotAccept, AnswerError) as error:
        if submission.occasion.channel is Channel.PAPER:
            raise
        session.add(
            Quarantine(
                receipt_sha256=receipt,
                envelope=sealer.seal(submission, units),
                reason=str(error),
                month=month_of(today),
            )
        )
        return Taken.QUARANTINED
    _store(session, submission, accepted, today=today)
    return Taken.STORED


def conflicts(session: Session, submission: Submission, *, today: date) -> tuple[str, ...]:
    """The questions whose answer would be set aside because the routing says they do not
    apply; CannotAccept or AnswerError if the submission does not hold at all."""
    accepted = _checked(session, submission, today=today, units=None)
    return accepted.completed.conflicts if accepted.completed else ()


def sha256_of(receipt: UUID) -> str:
    """What is remembered of a receipt."""
    return _sha256(receipt.bytes)


def is_known(session: Session, receipt: UUID) -> bool:
    """Whether something came in under this receipt."""
    return session.get(SeenReceipt, sha256_of(receipt)) is not None


def retry_quarantine(session: Session, *, today: date, sealer: Sealer) -> int:
    """Let in what is in quarantine and now holds; the number let in."""
    n_let_in = 0
    for parked in session.scalars(select(Quarantine).order_by(Quarantine.id)):
        try:
            submission, units = sealer.open(parked.envelope)
            accepted = _checked(session, submission, today=today, units=units)
        except (CannotAccept, AnswerError, InvalidToken):
            continue  # sealed with another secret, it waits for that one to come back
        _store(session, submission, accepted, today=today)
        session.delete(parked)
        n_let_in += 1
    return n_let_in


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
    upsert = _dialect_insert(session)(OfferTally).values(
        unit_id=unit_id, month=month, channel=channel, outcome=outcome, reason=reason, n=n
    )
    session.execute(
        upsert.on_conflict_do_update(
            index_elements=["unit_id", "month", "channel", "outcome", "reason"],
            set_={"n": OfferTally.n + n},
        )
    )


def _is_first(session: Session, receipt: str, envelope: str, month: date) -> bool:
    """Remember the receipt; False if it was known. Safe against two at the same moment."""
    statement = (
        _dialect_insert(session)(SeenReceipt)
        .values(receipt_sha256=receipt, envelope_sha256=envelope, month=month)
        .on_conflict_do_nothing()
        .returning(SeenReceipt.receipt_sha256)
    )
    return session.scalar(statement) is not None


def _answer_to_a_resend(session: Session, receipt: str, envelope: str) -> Taken:
    known = session.scalar(
        select(SeenReceipt.envelope_sha256).where(SeenReceipt.receipt_sha256 == receipt)
    )
    if known in (envelope, None):  # None: too old to be compared, but known
        return Taken.REPEATED
    raise ReceiptConflict(N_("Another answer has already been received under this number."))


def _checked(
    session: Session, submission: Submission, *, today: date, units: Collection[str] | None
) -> _Accepted:
    occasion = submission.occasion
    unit = organising.unit_by_code(session, occasion.unit)
    if unit is None or (units is not None and occasion.unit not in units):
        raise CannotAccept(N_("The unit is not one that this sender collects for."))
    if not unit.existed_in(occasion.month):
        raise CannotAccept(N_("The unit did not exist in the month of the follow-up."))
    if occasion.month > month_of(today):
        raise CannotAccept(N_("The month of the follow-up lies ahead."))
    if submission.outcome not in WITH_ANSWERS:
        if submission.outcome is not Outcome.STOPPED and (
            submission.reason not in REASONS.get(submission.outcome, ())
        ):
            raise CannotAccept(N_("The reason is not one of those that are counted."))
        return _Accepted(unit.id)
    published = publishing.published(session, occasion.questionnaire, occasion.version)
    if published is None or published.valid_from > today:
        raise CannotAccept(N_("The version of the questionnaire is not published."))
    document = publishing.parsed(published)
    if occasion.language not in document.languages:
        raise CannotAccept(N_("The questionnaire is not published in that language."))
    return _Accepted(
        unit.id,
        published.id,
        frozenset(q.id for q in document.questions if q.type == "text"),
        _completed(session, submission, document, unit.id),
    )


def _completed(
    session: Session, submission: Submission, document: Questionnaire, unit_id: int
) -> Completed:
    occasion = submission.occasion
    return completed(
        document,
        submission.answers,
        named_officers=organising.named_officers(session, unit_id, occasion.month),
        short=occasion.form_length is FormLength.SHORT,
        stopped=submission.outcome is Outcome.PARTLY,
        paper=occasion.channel is Channel.PAPER,
        lenient=submission.free_of_script,
    )


def _store(
    session: Session, submission: Submission, accepted: _Accepted, *, today: date
) -> None:
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
    if accepted.completed is None:
        return
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
    for question, given in accepted.completed.answers.items():
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


def _dialect_insert(session: Session) -> Any:
    """`insert` with the ON CONFLICT clause that both databases have."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert if is_postgresql else sqlite.insert


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


__all__ = [
    "REASONS",
    "CollectingError",
    "Occasion",
    "Sealer",
    "Submission",
    "Taken",
    "conflicts",
    "count_offers",
    "is_known",
    "retry_quarantine",
    "sealer",
    "sha256_of",
    "submit",
]
