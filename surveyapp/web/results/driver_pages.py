"""What goes with a result, turned into what its template shows."""

from dataclasses import dataclass
from math import ceil, floor

from surveyapp.charts import Axis, Dot, Scatter
from surveyapp.i18n import gettext as _
from surveyapp.i18n import number, percent
from surveyapp.reporting import DriverResults, DriverUnit
from surveyapp.web.results import driver_words
from surveyapp.web.results.attribute_words import category_words
from surveyapp.web.results.drawings import Drawing
from surveyapp.web.results.question_pages import tick_step


@dataclass(frozen=True)
class DriverLine:
    """A unit in the table; `number` is what it has in the chart."""

    number: int
    result: DriverUnit
    fact: str
    is_own: bool


def driver_drawing(results: DriverResults, own_ids: set[int]) -> Drawing:
    """Every shown unit's share: side by side in groups, or against a number."""
    axis = _groups(results) if results.driver.attribute else _numbers(results)
    dots = [
        Dot(
            name=each.unit.name,
            x=_place(results, each),
            share=each.figure.interval.estimate,
            words=driver_words.unit_words(each),
            is_own=each.unit.id in own_ids,
            is_faint=not each.is_compared,
        )
        for each in results.units
        if each.figure.interval is not None
    ]
    city, level_name = results.city.interval, ""
    if city is not None:
        level_name = _("the city %(share)s", share=percent(city.estimate))
    level = None if city is None else city.estimate
    return Drawing(
        "driver",
        "scatter",
        driver_words.finding(results),
        Scatter(dots, axis, level, level_name),
    )


def driver_lines(results: DriverResults, own_ids: set[int]) -> list[DriverLine]:
    """The units in the chart, by name."""
    return [
        DriverLine(number, each, driver_words.fact_words(each.fact), each.unit.id in own_ids)
        for number, each in enumerate(results.units, start=1)
    ]


def _place(results: DriverResults, each: DriverUnit) -> float:
    if each.fact.number is not None:
        return round(each.fact.number, 1)
    return float(results.categories.index(each.fact.category))


def _groups(results: DriverResults) -> Axis:
    ticks = [
        (float(place), category_words(category))
        for place, category in enumerate(results.categories)
    ]
    name = driver_words.driver_words(results.driver)
    return Axis(name, -0.5, max(len(ticks), 1) - 0.5, ticks, is_groups=True)


def _numbers(results: DriverResults) -> Axis:
    name = driver_words.driver_words(results.driver)
    values = [each.fact.number for each in results.units if each.fact.number is not None]
    if not values:
        return Axis(name, 0, 1, [])
    step = tick_step(max(values) - min(values))
    low, high = step * floor(min(values) / step), step * ceil(max(values) / step)
    ticks = [(float(each), number(each)) for each in range(low, high + step, step)]
    return Axis(name, low, max(high, low + step), ticks)
