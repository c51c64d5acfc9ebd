"""Where the numbers of a chart come from, in words: under it and in every file of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.i18n import day_name, period_name
from surveyapp.i18n import gettext as _
from surveyapp.limits import Limits
from surveyapp.reporting import Provenance, Turnover


@dataclass(frozen=True)
class Source:
    """The line under a chart, and what the names of its files begin and end with."""

    words: str
    place: str
    period: str


def source(provenance: Provenance, limits: Limits, *, name: str = "", code: str = "") -> Source:
    """The source of charts of a unit; without one of the city's."""
    period = period_name(provenance.period)
    if provenance.since is not None:
        period = _("%(first)s to %(last)s", first=period_name(provenance.since), last=period)
    words = _(
        "Source: the questionnaire on the contact with the case officer, %(place)s, "
        "%(period)s, released %(day)s, version %(versions)s of the form. Shown from %(n)s "
        "answers.",
        place=name or _("the whole city"),
        period=period,
        day=day_name(provenance.released_on),
        versions=" + ".join(map(str, provenance.versions)),
        n=limits.any_figure,
    )
    first = f"{provenance.since}-" if provenance.since else ""
    return Source(words, code or "staden", f"{first}{provenance.period}")


def staff_source(years: Sequence[Turnover]) -> Source:
    """The source of the chart of turnover, which no respondent was asked about."""
    ends = dict.fromkeys(str(each.year) for each in (*years[:1], *years[-1:]))
    words = _(
        "Source: the city's figures of its case officers, %(years)s.", years="–".join(ends)
    )
    return Source(words, "staden", "-".join(ends))
