"""What the officer sets before handing over: choices of one tap each, read from the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from surveyapp.collecting import REASONS
from surveyapp.i18n import gettext as _
from surveyapp.i18n import pgettext
from surveyapp.models import (
    FollowupType,
    FormLength,
    HandedOverBy,
    Outcome,
    ServiceGroup,
)
from surveyapp.questionnaire import Questionnaire

Choice = TypeVar("Choice", FollowupType, ServiceGroup, FormLength, HandedOverBy)


def followup_types() -> dict[str, str]:
    """Value and label, in the order shown."""
    return {
        FollowupType.HOME_VISIT: pgettext("follow-up", "Home visit"),
        FollowupType.CARE_HOME: pgettext("follow-up", "At a care home"),
        FollowupType.PHONE: pgettext("follow-up", "By phone"),
        FollowupType.OTHER: pgettext("follow-up", "Other"),
    }


def service_groups() -> dict[str, str]:
    return {
        ServiceGroup.HOME_CARE: pgettext("service", "Home care"),
        ServiceGroup.CARE_HOME: pgettext("service", "Care home"),
        ServiceGroup.OTHER: pgettext("service", "Other"),
    }


def form_lengths(document: Questionnaire) -> dict[str, str]:
    minutes = document.minutes
    return {
        FormLength.FULL: _("All questions, %(minutes)s minutes", minutes=minutes.full),
        FormLength.SHORT: _("Short form, %(minutes)s minutes", minutes=minutes.short),
    }


def handing_over() -> dict[str, str]:
    return {
        HandedOverBy.OWN_OFFICER: _("I am the person's own case officer"),
        HandedOverBy.OTHER_OFFICER: _("I am another case officer"),
        HandedOverBy.FOLLOWUP_OFFICER: _("I am a follow-up officer"),
        HandedOverBy.ASSISTANT: _("I am an assistant"),
    }


def reasons(outcome: Outcome) -> dict[str, str]:
    """The reasons for declining, or for why it could not be, in the order shown."""
    labels = {
        "does_not_want": _("Does not want to"),
        "no_time": _("Has no time"),
        "too_tired": _("Is too tired"),
        "illness": _("Is ill"),
        "language": _("The language is missing"),
        "not_reached": _("Was not reached"),
        "other": pgettext("reason", "Other reason"),
    }
    return {reason: labels[reason] for reason in REASONS[outcome]}


@dataclass(frozen=True)
class Chosen:
    """What was tapped; None where nothing was, or something that is no choice."""

    receipt: UUID | None
    followup_type: FollowupType | None
    service_group: ServiceGroup | None
    language: str | None
    form_length: FormLength
    handed_over_by: HandedOverBy | None
    outcome: Outcome | None  # only when there will be no answers
    reason: str

    @classmethod
    def in_form(cls, form: Mapping[str, str], document: Questionnaire) -> "Chosen":
        language = form.get("language", "")
        outcome, reason = None, ""
        for not_answered in (Outcome.DECLINED, Outcome.COULD_NOT):
            if form.get(not_answered.value) in REASONS[not_answered]:
                outcome, reason = not_answered, form[not_answered.value]
        return cls(
            receipt=_uuid_or_none(form.get("receipt", "")),
            followup_type=_one_of(FollowupType, form.get("followup_type")),
            service_group=_one_of(ServiceGroup, form.get("service_group")),
            language=language if language in document.languages else None,
            form_length=_one_of(FormLength, form.get("form_length")) or FormLength.FULL,
            handed_over_by=_one_of(HandedOverBy, form.get("handed_over_by")),
            outcome=outcome,
            reason=reason,
        )

    @property
    def missing(self) -> list[str]:
        """What must still be tapped before handing over."""
        groups = {
            _("follow-up"): self.followup_type,
            _("help"): self.service_group,
            _("language"): self.language,
        }
        return [name for name, value in groups.items() if value is None]


def _one_of(kind: type[Choice], value: str | None) -> Choice | None:
    try:
        return kind(value or "")
    except ValueError:
        return None


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
