"""The ways between the pages of results; what was chosen on one is kept on the next."""

from dataclasses import dataclass
from urllib.parse import urlencode

from surveyapp.i18n import gettext as _

FIRST_QUESTION = "hel_nojd"  # the whole in one question: shown until another is chosen


@dataclass(frozen=True)
class LocalWay:
    """One page of results."""

    address: str
    label: str
    is_here: bool


def ways(here: str, *, period: str = "", unit: str = "", question: str = "") -> list[LocalWay]:
    """The pages of results; `here` is the path of the one that is shown, empty for another.

    `unit` is a unit's code. Each page takes those of the choices that it has.
    """
    asked = question or FIRST_QUESTION
    found = [
        ("/resultat", _("The city"), _address("/resultat", period=period)),
        ("/resultat/fraga", _("Questions"), question_address(asked, period=period)),
        (
            "/resultat/jamfor",
            _("Compare"),
            _address("/resultat/jamfor", period=period, enhet=unit, fraga=question),
        ),
        (
            "/resultat/utveckling",
            _("Over time"),
            _address("/resultat/utveckling", enhet=unit, fraga=question),
        ),
        (
            "/resultat/samband",
            _("What goes together"),
            _address("/resultat/samband", period=period, fraga=question),
        ),
        ("/metod", _("Method"), "/metod"),
    ]
    return [LocalWay(address, label, path == here) for path, label, address in found]


def question_address(question: str, *, period: str = "") -> str:
    """The page of one question with all units."""
    return _address(f"/resultat/fraga/{question}", period=period)


def _address(path: str, **choices: str) -> str:
    kept = {name: value for name, value in choices.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
