"""The unit chart in words: who is outside the limits, and what that does not mean."""

from surveyapp.i18n import gettext as _
from surveyapp.i18n import number, percent, rounded
from surveyapp.limits import Limits
from surveyapp.reporting import ChartedUnit, Place, UnitChart
from surveyapp.web.results import wording


def place_words() -> dict[Place, str]:
    """Where a unit lies; outside is neither good nor bad."""
    return {
        Place.INSIDE: _("within the limits"),
        Place.BELOW_95: _("outside the %(level)s limit, below", level=level_words(95)),
        Place.ABOVE_95: _("outside the %(level)s limit, above", level=level_words(95)),
        Place.BELOW_998: _("outside the %(level)s limit, below", level=level_words(99.8)),
        Place.ABOVE_998: _("outside the %(level)s limit, above", level=level_words(99.8)),
    }


def level_words(level: float) -> str:
    """A level of the limits: `99,8 %`."""
    sign = percent(0)[1:]  # with the space that the language has before it
    return f"{number(level, 0 if level == 95 else 1)}{sign}"


def limit_names() -> tuple[str, str]:
    """What the shorter and the longer strokes are."""
    return (
        _("%(level)s limits", level=level_words(95)),
        _("%(level)s limits", level=level_words(99.8)),
    )


def limits_words(low: float, high: float) -> str:
    """A pair of limits in whole per cent: `78–92`."""
    return f"{rounded(100 * low)}–{rounded(100 * high)}"


def unit_words(charted: ChartedUnit, place: str) -> str:
    """Everything about a unit in one line."""
    return ", ".join((percent(charted.share), wording.answers_words(charted.n), place))


def target_words(chart: UnitChart) -> str:
    return _("the city %(share)s", share=percent(chart.target))


def finding(chart: UnitChart) -> str:
    """Which units are outside, by name, or that none is."""
    said = []
    for place in (Place.BELOW_998, Place.ABOVE_998, Place.BELOW_95, Place.ABOVE_95):
        names = [each.unit.name for each in chart.units if each.place is place]
        if names:
            said.append(f"{wording.begun(place_words()[place])}: {', '.join(names)}.")
    return " ".join(said) or _("No unit is outside the limits.")


def notes(chart: UnitChart, limits: Limits) -> list[str]:
    """What must be known to read the chart."""
    found = [
        _(
            "The strokes at a unit are its own limits: the shorter ones 95 per cent, the "
            "longer ones 99.8 per cent. They are reckoned exactly for its number of answers, "
            "around the city's share, and hold for that unit only. Outside a limit means that "
            "chance alone seldom takes a unit so far from the city. It does not say why."
        ),
        spread_words(chart),
        _(
            "%(units)s units are compared. Were they all alike, %(false)s of them would still "
            "be outside the 95 per cent limits in each question, on average.",
            units=number(len(chart.units)),
            false=number(chart.false_alarms, 2),
        ),
        _(
            "Units with fewer than %(n)s answers are not compared. Dots and limits are drawn "
            "in whole per cent; who is outside was decided by the exact numbers.",
            n=limits.distribution,
        ),
    ]
    if chart.target_is_rounded:
        found.append(
            _(
                "The limits lie around the city's share in whole per cent, since the answers "
                "of a unit that is not shown could otherwise be worked out."
            )
        )
    return found


def spread_words(chart: UnitChart) -> str:
    """The overdispersion, and what was done about it."""
    phi = number(chart.spread, 1)
    if chart.is_widened:
        return _(
            "The units vary more than chance explains (overdispersion %(phi)s). The limits are "
            "widened for it.",
            phi=phi,
        )
    return _(
        "The units vary no more than chance explains (overdispersion %(phi)s). The limits are "
        "those of chance alone.",
        phi=phi,
    )
