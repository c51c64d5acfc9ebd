"""One question across all units, turned into what its template shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.charts import Axis, Dot, Mark, Scatter, Shares
from surveyapp.i18n import gettext as _
from surveyapp.i18n import number
from surveyapp.reporting import ChartedUnit, Comparison, Place, QuestionAcrossUnits, UnitChart
from surveyapp.web.results import comparison_words, unit_chart_words, wording
from surveyapp.web.results.drawings import Drawing, Row

MOST_TICKS = 6  # below a chart


@dataclass(frozen=True)
class UnitLine(Row):
    """A line of the table. `due_is_told` is false where the follow-ups due are withheld."""

    due: int | None = None
    due_is_told: bool = True
    smoothed: float | None = None
    mark: str = "–"


@dataclass(frozen=True)
class ChartLine:
    """A unit in the table below the unit chart; `number` is what it has in the chart."""

    number: int
    name: str
    link: str
    charted: ChartedUnit
    words: str
    is_own: bool


def question_drawing(results: QuestionAcrossUnits, own_ids: set[int]) -> Drawing:
    """Every unit's share by name, with the city as a band."""
    marks = [
        Mark(
            f"{row.unit.name} ({wording.at_most(row.officers)})"
            if row.officers
            else row.unit.name,
            row.figure,
            wording.figure_words(row.figure, results.limits),
            row.unit.id in own_ids,
        )
        for row in results.units
    ]
    band_name = ""
    if results.city.interval is not None:
        band_name = _("the city %(share)s", share=wording.city_words(results.city))
    return Drawing(
        "chart-question",
        "shares",
        wording.city_finding(results.city, results.units, own_ids, results.limits),
        Shares(marks, results.city, band_name),
    )


def question_lines(results: QuestionAcrossUnits, own_ids: set[int]) -> list[UnitLine]:
    """The table: the city first, then the units by name."""
    city = UnitLine(_("The whole city"), results.city, due=results.city_due)
    return [
        city,
        *(
            UnitLine(
                row.unit.name,
                row.figure,
                link=row.unit.code,
                remark=wording.at_most(row.officers) if row.officers else "",
                is_own=row.unit.id in own_ids,
                due=row.due,
                due_is_told=row.due_is_told,
                smoothed=results.smoothed.get(row.unit.id),
                mark=_mark(results.against_rest.get(row.unit.id)),
            )
            for row in results.units
        ),
    ]


def no_mark_notes(results: QuestionAcrossUnits) -> list[str]:
    """The units that cannot be marked against the rest of the city, by why."""
    against = results.against_rest
    named = [(row.unit.name, against.get(row.unit.id)) for row in results.units]
    return comparison_words.no_mark_notes([(name, each) for name, each in named if each])


def _mark(comparison: Comparison | None) -> str:
    """Whether a unit is marked against the rest of the city, where that can be shown."""
    if comparison is None or not comparison.is_shown:
        return "–"
    return comparison_words.verdict(comparison, is_alone=False)


def unit_chart_drawing(chart: UnitChart, own_ids: set[int]) -> Drawing:
    """The unit chart: answers along, shares up, each unit's own limits as strokes."""
    places = unit_chart_words.place_words()
    dots = [
        Dot(
            name=each.unit.name,
            x=each.n,
            share=each.share,
            words=unit_chart_words.unit_words(each, places[each.place]),
            is_own=each.unit.id in own_ids,
            stands_out=each.place is not Place.INSIDE,
            limits=each.limits,
        )
        for each in chart.units
    ]
    level = unit_chart_words.target_words(chart)
    return Drawing(
        "unit-chart",
        "scatter",
        unit_chart_words.finding(chart),
        Scatter(
            dots,
            answers_axis([each.n for each in chart.units]),
            chart.target,
            level,
            limit_names=unit_chart_words.limit_names(),
        ),
    )


def chart_lines(chart: UnitChart, own_ids: set[int]) -> list[ChartLine]:
    """The units of the chart, by name."""
    places = unit_chart_words.place_words()
    return [
        ChartLine(
            number,
            each.unit.name,
            each.unit.code,
            each,
            places[each.place],
            each.unit.id in own_ids,
        )
        for number, each in enumerate(chart.units, start=1)
    ]


def answers_axis(n: Sequence[int]) -> Axis:
    """An axis of answers from 0 to beyond the most."""
    step = tick_step(max(n))
    most = step * (max(n) // step + 1)
    ticks = [(float(each), number(each)) for each in range(0, most + 1, step)]
    return Axis(_("Answers to the question"), 0, most, ticks)


def tick_step(span: float) -> int:
    """A round distance between ticks, so that there are few of them."""
    step = 1
    while span / step > MOST_TICKS:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step
