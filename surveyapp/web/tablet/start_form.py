"""What the officer sets before handing over: choices of one tap each, value and label."""

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


def followup_types() -> dict[str, str]:
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
