"""The ways between the pages of results; what was chosen on one is kept on the next."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

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
    kept: dict[str, Any] = {
        "period": period or None,
        "enhet": unit or None,
        "fraga": question or None,
    }
    without_unit = kept | {"enhet": None}
    found = [
        ("/resultat", _("The city"), url_for("results.city", period=kept["period"])),
        (
            "/resultat/fraga",
            _("Questions"),
            question_address(question or FIRST_QUESTION, period=period),
        ),
        ("/resultat/jamfor", _("Compare"), url_for("comparison.index", **kept)),
        (
            "/resultat/utveckling",
            _("Over time"),
            url_for("trends.index", **kept | {"period": None}),
        ),
        (
            "/resultat/samband",
            _("What goes together"),
            url_for("drivers.driver", **without_unit),
        ),
        ("/metod", _("Method"), url_for("results.method")),
    ]
    return [LocalWay(address, label, path == here) for path, label, address in found]


def question_address(question: str, *, period: str = "") -> str:
    """The page of one question with all units."""
    return url_for("questions.question", question_id=question, period=period or None)
