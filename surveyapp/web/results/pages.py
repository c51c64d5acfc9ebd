"""Results turned into what the templates show: charts with their sentences, rows, notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surveyapp.charts import Mark, Piece, Shares, Stack
from surveyapp.i18n import gettext as _
from surveyapp.i18n import percent, rounded
from surveyapp.reporting import (
    CityResults,
    QuestionResult,
    Responses,
    UnitResults,
    Who,
)
from surveyapp.web.results import trend_pages, wording
from surveyapp.web.results.drawings import Drawing, Row
from surveyapp.web.results.trend_pages import TrendSection


@dataclass(frozen=True)
class FormsRow:
    """A line of the tables of how many answered and who."""

    name: str
    responses: Responses
    who: Who
    link: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class PartRow:
    """A line under a distribution; without answers it has no shade in the chart."""

    name: str
    n: int
    share: float
    shade: int | None


@dataclass(frozen=True)
class QuestionSection:
    """A question on a unit's page: its distribution."""

    result: QuestionResult
    drawing: Drawing | None
    parts: tuple[PartRow, ...]


def city_summary(results: CityResults) -> Drawing:
    """The city's indicators, one under the other."""
    named = [(wording.measure_name(each.measure), each.city) for each in results.indicators]
    marks = [
        Mark(name, figure, wording.figure_words(figure, results.limits), is_own=True)
        for name, figure in named
    ]
    return Drawing("in-short", "shares", wording.range_finding(named), Shares(marks))


def unit_summary(results: UnitResults) -> tuple[Drawing, list[Row]]:
    """The unit's indicators in the period, one under the other."""
    rows = [
        Row(
            wording.measure_name(each.measure),
            each.figure,
            remark=wording.at_most(each.officers) if each.officers else "",
        )
        for each in results.indicators
        if each.figure is not None
    ]
    marks = [
        Mark(
            f"{row.name} ({row.remark})" if row.remark else row.name,
            row.figure,
            wording.figure_words(row.figure, results.limits),
            is_own=True,
        )
        for row in rows
    ]
    finding = wording.range_finding([(row.name, row.figure) for row in rows])
    return Drawing("in-short", "shares", finding, Shares(marks)), rows


def question_sections(results: UnitResults) -> dict[str, list[QuestionSection]]:
    """The questions by area, each with its distribution."""
    sections: dict[str, list[QuestionSection]] = {}
    for result in results.questions:
        area = wording.area_words(result.measure.question.area)
        drawing = _stack(result)
        sections.setdefault(area, []).append(
            QuestionSection(result, drawing, tuple(_part_rows(result, drawing)))
        )
    return sections


def _stack(result: QuestionResult) -> Drawing | None:
    spread = result.distribution
    if not spread.is_shown or spread.n is None:
        return None
    pieces = [
        Piece(wording.options_words(part.options), part.share, str(rounded(100 * part.share)))
        for part in spread.parts
        if part.n
    ]
    largest = max(pieces, key=lambda piece: piece.share)
    finding = _(
        "The most common answer is “%(answer)s”: %(share)s of %(answers)s.",
        answer=largest.name,
        share=percent(largest.share),
        answers=wording.answers_words(spread.n),
    )
    return Drawing(f"chart-{result.measure.question.id}", "stack", finding, Stack(pieces))


def _part_rows(result: QuestionResult, drawing: Drawing | None) -> Iterator[PartRow]:
    if drawing is None or not isinstance(drawing.chart, Stack):
        return
    index = 0
    for part in result.distribution.parts:
        shade = drawing.chart.shade(index) if part.n else None
        index += part.n > 0
        yield PartRow(wording.options_words(part.options), part.n, part.share, shade)


def history_sections(results: UnitResults) -> list[TrendSection]:
    """Every indicator over time, in years if a year is looked at and otherwise in its parts."""
    return [trend_pages.section(history, results.limits) for history in results.histories]


def forms_rows(results: CityResults, own_ids: set[int]) -> list[FormsRow]:
    """How many answered and who, the city first."""
    units = [
        FormsRow(
            each.unit.name,
            each.responses,
            each.who,
            link=each.unit.code,
            is_own=each.unit.id in own_ids,
        )
        for each in results.units
    ]
    return [FormsRow(_("The whole city"), results.responses, results.who), *units]


def who_rows(rows: list[FormsRow]) -> list[FormsRow]:
    """The rows of who answered: the city alone where no unit can be shown."""
    return rows if any(row.who.is_shown for row in rows[1:]) else rows[:1]


def uncounted_rows(rows: Sequence[FormsRow]) -> list[str]:
    """Units without a response rate, each with why."""
    return [
        f"{row.name}: {wording.uncounted_words(row.responses.offers.uncounted)}"
        for row in rows
        if row.responses.offers is not None and row.responses.offers.uncounted
    ]
