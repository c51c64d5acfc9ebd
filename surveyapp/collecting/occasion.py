"""What comes to the door: an occasion, and what came of it."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from surveyapp.errors import N_, CannotAccept
from surveyapp.models import (
    Channel,
    FollowupType,
    FormLength,
    HandedOverBy,
    Outcome,
    ServiceGroup,
)
from surveyapp.periods import month_of

REASONS: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.DECLINED: ("does_not_want", "no_time", "too_tired", "other"),
    Outcome.COULD_NOT: ("illness", "language", "not_reached", "other"),
}
WITH_ANSWERS = (Outcome.ANSWERED, Outcome.PARTLY)
LONGEST_NAME = 60  # signs in the code of a unit or the key of a questionnaire
_INVISIBLE = frozenset({"Cc", "Cs"})
_KEPT = frozenset("\n\r\t")


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
    sha256: str = ""  # of the version's content, from a tablet that holds its own copy

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a token or an envelope."""
        values = asdict(self) | {"receipt": self.receipt.hex, "month": self.month.isoformat()}
        if not self.sha256:
            del values["sha256"]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Occasion":
        """Read what `as_dict` wrote; KeyError, TypeError or ValueError if it is not that."""
        return cls(
            receipt=UUID(values["receipt"]),
            unit=_name(values["unit"]),
            month=month_of(date.fromisoformat(values["month"])),
            questionnaire=_name(values["questionnaire"]),
            version=_number(values["version"]),
            language=_name(values["language"]),
            channel=Channel(values["channel"]),
            followup_type=FollowupType(values["followup_type"]),
            service_group=ServiceGroup(values["service_group"]),
            handed_over_by=HandedOverBy(values["handed_over_by"]),
            form_length=FormLength(values["form_length"]),
            sha256=str(values.get("sha256", "")),
        )


@dataclass(frozen=True)
class Submission:
    """An occasion and what came of it. `answers` maps question id to raw text."""

    occasion: Occasion
    outcome: Outcome
    reason: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    stopped_at: str = ""  # the question that was open when somebody stopped, where it is known
    free_of_script: bool = False  # every follow-up question was visible, asked or not

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for an envelope."""
        values = {
            "occasion": self.occasion.as_dict(),
            "outcome": self.outcome.value,
            "reason": self.reason,
            "answers": {k: v for k, v in sorted(self.answers.items()) if v.strip()},
            "free_of_script": self.free_of_script,
        }
        return values | ({"stopped_at": self.stopped_at} if self.stopped_at else {})

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Submission":
        """Read what `as_dict` or a tablet wrote; CannotAccept if it is not that."""
        try:
            answers = values.get("answers", {}).items()
            return cls(
                occasion=Occasion.from_dict(values["occasion"]),
                outcome=Outcome(values["outcome"]),
                reason=str(values.get("reason", "")),
                answers={str(k): visible(_text(v)) for k, v in answers},
                stopped_at=str(values.get("stopped_at", "")),
                free_of_script=values.get("free_of_script") is True,
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CannotAccept(N_("What is in the envelope is not an answer.")) from error

    def fingerprint(self) -> str:
        """Tells whether two that came under one receipt are the same."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()


def one_line(text: str) -> str:
    """A reason or a name on one line, without what no keyboard writes."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def visible(text: str) -> str:
    """The text without what cannot be seen: nobody meant to write that."""
    return "".join(
        character
        for character in text
        if character in _KEPT or unicodedata.category(character) not in _INVISIBLE
    )


def _name(value: object) -> str:
    """What a database may be asked for."""
    if not (isinstance(value, str) and value.isprintable() and len(value) <= LONGEST_NAME):
        raise ValueError("not a name")
    return value


def _number(value: object) -> int:
    number = int(str(value))
    if not 0 < number < 10_000:
        raise ValueError("not the number of a version")
    return number


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("an answer is text")
    return value
