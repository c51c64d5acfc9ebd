"""People who answer in measurements: an occasion, and answers to everything asked."""

from datetime import date
from random import Random
from typing import Any
from uuid import uuid4

from surveyapp import publishing
from surveyapp.bench.installation import UNITS
from surveyapp.collecting import Occasion
from surveyapp.models import Channel, FollowupType, FormLength, HandedOverBy, ServiceGroup
from surveyapp.periods import month_of
from surveyapp.questionnaire import Questionnaire

VERSION = 2  # of the questionnaire, the newest


def occasion(today: date, **changes: Any) -> Occasion:
    """A home visit in the first of the units, on a tablet, unless something else is said."""
    known: dict[str, Any] = {
        "receipt": uuid4(),
        "unit": UNITS[0],
        "month": month_of(today),
        "questionnaire": publishing.KEY,
        "version": VERSION,
        "language": "sv",
        "channel": Channel.TABLET,
        "followup_type": FollowupType.HOME_VISIT,
        "service_group": ServiceGroup.HOME_CARE,
        "handed_over_by": HandedOverBy.OWN_OFFICER,
        "form_length": FormLength.FULL,
    }
    return Occasion(**known | changes)


def answers(document: Questionnaire, rng: Random) -> dict[str, str]:
    """A code for every question that applies, by its id."""
    given: dict[str, str] = {}
    for question in document.questions:
        options = question.options_for(1)
        if options and (question.show_if is None or question.show_if.holds(given)):
            given[question.id] = rng.choice(options).code
    return given
