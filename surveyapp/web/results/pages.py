"""Results turned into what the templates show: charts with their sentences, rows, notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surveyapp.charts import Mark, OverTime, Piece, Shares, Slot, Stack
from surveyapp.i18n import gettext as _
from surveyapp.i18n import percent, period_name, rounded
from surveyapp.limits import Limits
from surveyapp.reporting import (
    CityResults,
    History,
    Measure,
    QuestionResult,
    Responses,
    Segment,
    UnitResults,
    Who,
)
from surveyapp.web.results import wording
from surveyapp.web.results.drawings import Drawing, Row


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


@dataclass(frozen=True)
class HistorySection:
    """An indicator over time on a unit's page."""

    measure: Measure
    drawing: Drawing
    segments: tuple[Segment, ...]
    notes: list[str]

    @property
    def has_points(self) -> bool:
        """Whether there is anything to draw."""
        return any(p.figure.is_shown for s in self.segments for p in s.points)


def city_summary(results: CityResults) -> Drawing:
    """The city's indicators, one under the other."""
    named = [(each.measure.label, each.city) for each in results.indicators]
    marks = [
        Mark(name, figure, wording.figure_words(figure, results.limits), is_own=True)
        for name, figure in named
    ]
    return Drawing("in-short", "shares", wording.range_finding(named), Shares(marks))


def unit_summary(results: UnitResults) -> tuple[Drawing, list[Row]]:
    """The unit's indicators in the period, one under the other."""
    rows = [
        Row(
            each.measure.label,
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


def history_sections(results: UnitResults) -> list[HistorySection]:
    """Every indicator over time, in years if a year is looked at and otherwise in its parts."""
    sections = []
    for history in results.histories:
        kept = _of_kind(history, is_year=results.period.is_year)
        if not kept:
            continue
        slots = list(_slots(kept, results.limits))
        newest = max(
            (point for segment in kept for point in segment.points),
            key=lambda point: point.period.months,
        )
        sections.append(
            HistorySection(
                measure=history.measure,
                drawing=Drawing(
                    f"time-{history.measure.indicator}",
                    "over_time",
                    wording.latest_finding(newest, results.limits),
                    OverTime(slots),
                ),
                segments=kept,
                notes=_history_notes(kept),
            )
        )
    return sections


def _of_kind(history: History, *, is_year: bool) -> tuple[Segment, ...]:
    kept = (
        Segment(s.measure, tuple(p for p in s.points if p.period.is_year == is_year))
        for s in history.segments
    )
    return tuple(segment for segment in kept if segment.points)


def _slots(segments: Sequence[Segment], limits: Limits) -> Iterator[Slot]:
    for number, segment in enumerate(segments):
        if number:
            yield Slot("", "", None, _("New question"), _("New question"), number)
        year_before = None
        for point in segment.points:
            year = str(point.period.year)
            label = wording.part_label(point.period)
            yield Slot(
                label or year,
                year if label and year != year_before else "",
                point.figure,
                f"{period_name(point.period)}: {wording.figure_words(point.figure, limits)}",
                wording.gap_words(point.figure.status),
                number,
            )
            year_before = year


def _history_notes(segments: Sequence[Segment]) -> list[str]:
    notes = []
    for segment in segments:
        notes += wording.measure_notes(segment.measure)
    for segment in segments[1:]:
        version = segment.measure.numbers[0]
        note = segment.measure.break_note
        notes.append(
            _(
                "From version %(version)s the figures cannot be compared with those before. "
                "%(note)s",
                version=version,
                note=note,
            ).strip()
        )
    numbers = {officers for s in segments for p in s.points for officers in p.officers}
    if len(numbers) > 1:
        notes.append(
            _(
                "The way of working changed: the number of named officers per person has been "
                "%(numbers)s.",
                numbers=" / ".join(str(n) for n in sorted(numbers)),
            )
        )
    return notes


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
