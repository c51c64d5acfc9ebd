"""What was put aside: why, what that means, and what can be done about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from surveyapp import sealing
from surveyapp.collecting import CONFLICT, FAR_AHEAD, REVOKED, Parked
from surveyapp.errors import N_
from surveyapp.i18n import gettext as _

TELL = N_("Tell whoever looks after the system, who can find the cause.")
BY_ITSELF = N_("Nothing. It is tried again every night and is counted when it holds.")
WHAT_TO_DO = {
    REVOKED: N_("If you know that the tablet was in good hands all the time, let them in."),
    CONFLICT: N_("Nothing. The first answer under the number is counted."),
    sealing.NO_KEY: N_(
        "Tell whoever looks after the system: the secret was changed, and the former one is "
        "needed. Then try again."
    ),
    sealing.BROKEN: N_("Nothing. It cannot be read by anybody."),
    sealing.NO_ENVELOPE: N_("Nothing. It cannot be read by anybody."),
    "The unit is not one that this sender collects for.": N_(
        "Ask at the unit which tablet was used. The answers stay here, uncounted."
    ),
    "The unit did not exist in the month of the follow-up.": N_(
        "Ask whoever is in charge of units whether its dates are right. Then try again."
    ),
    FAR_AHEAD: N_(
        "See that the date of every tablet is right. Nobody can tell in which month these were "
        "answered, so they stay here, uncounted."
    ),
    "The month of the follow-up lies ahead.": BY_ITSELF,
    "The version of the questionnaire is not published.": BY_ITSELF,
    "The year of the follow-up has been released.": N_(
        "Nothing. The year is closed, and its figures never change."
    ),
}


@dataclass(frozen=True)
class AsideRow:
    """So many for one reason, in words."""

    unit: str
    month: date
    n: int
    reason: str
    todo: str
    is_of_revoked: bool


def aside_rows(parked: Iterable[Parked]) -> list[AsideRow]:
    return [
        AsideRow(
            unit=each.unit.name if each.unit else _("unit not known yet"),
            month=each.month,
            n=each.n,
            reason=_(each.reason),
            todo=_(WHAT_TO_DO.get(each.reason, TELL)),
            is_of_revoked=each.reason == REVOKED,
        )
        for each in parked
    ]
