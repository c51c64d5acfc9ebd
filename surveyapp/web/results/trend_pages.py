"""Questions over time turned into what pages show: charts, sentences and tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from surveyapp import charts
from surveyapp.charts import Caption, Gap, Spot, Style, Tick, Trend, Turn
from surveyapp.i18n import gettext as _
from surveyapp.i18n import number, period_name
from surveyapp.limits import Limits
from surveyapp.organising import Merger
from surveyapp.periods import Period, next_month
from surveyapp.reporting import (
    Change,
    ChangeKind,
    Figure,
    History,
    Line,
    Measure,
    Point,
    Role,
    Segment,
    Turnover,
)
from surveyapp.web.results import trend_words, wording
from surveyapp.web.results.drawings import Drawing

STYLES = {
    Role.OWN: Style.OWN,
    Role.BEFORE: Style.BESIDE,
    Role.AFTER: Style.BESIDE,
    Role.POOLED: Style.POOLED,
}
APART = 0.2  # of a period's width: two figures of one line in one period, before and after
MOST_GAPS = 12  # words of gaps that there is room for
SCALE_STEP = 0.05  # of turnover


@dataclass(frozen=True)
class Row:
    """A line of the table: a figure of a period, or what happened from it on."""

    period: str
    name: str = ""
    figure: Figure | None = None
    words: str = ""  # instead of a figure


@dataclass(frozen=True)
class TrendSection:
    """One question over time."""

    history: History
    drawing: Drawing
    rows: tuple[Row, ...]
    changes: tuple[str, ...]  # what happened to the question, in sentences, in order
    questions: tuple[str, ...]  # those that took each other's place, where there are several
    notes: list[str]

    @property
    def measure(self) -> Measure:
        return self.history.measure

    @property
    def has_names(self) -> bool:
        """Whether the table must say whose a figure is."""
        return bool(self.history.others)

    @property
    def has_points(self) -> bool:
        """Whether there is anything to draw."""
        return any(p.figure.is_shown for line in self.history.lines for p in line.points)


@dataclass(frozen=True)
class Axis:
    """The time that a drawing covers, from its first day to the day after its last."""

    first: date
    end: date
    is_shared: bool = False  # with another drawing, so that both show all the years

    @classmethod
    def over(cls, periods: Iterable[Period], *, is_shared: bool = False) -> "Axis":
        months = [month for period in periods for month in period.months]
        return cls(min(months), next_month(max(months)), is_shared)

    @property
    def years(self) -> list[Period]:
        return [Period(year) for year in range(self.first.year, self.end.year)]

    def x(self, day: date) -> float:
        """Where a day is, as a part of the width."""
        return (day - self.first).days / (self.end - self.first).days

    def middle(self, months: Sequence[date]) -> float:
        return (self.x(months[0]) + self.x(next_month(months[-1]))) / 2

    def width(self, months: Sequence[date]) -> float:
        return self.x(next_month(months[-1])) - self.x(months[0])


def section(
    history: History, limits: Limits, axis: Axis | None = None, *, is_small: bool = False
) -> TrendSection:
    """A question over time, on its own axis or on one that it shares."""
    axis = axis or Axis.over(history.periods)
    indicator = history.measure.indicator or history.measure.question.id
    return TrendSection(
        history=history,
        drawing=Drawing(
            f"time-{indicator}",
            "trend",
            trend_words.finding(history, limits, is_small=is_small),
            _trend(history, limits, axis, is_small=is_small),
        ),
        rows=tuple(_rows(history)),
        changes=tuple(trend_words.turn_words(each) for each in history.changes),
        questions=tuple(trend_words.question_words(m) for m in parted(history)),
        notes=_notes(history),
    )


def parted(history: History) -> list[Measure]:
    """The questions that took each other's place; none where there is only one."""
    found = {
        segment.measure.series: segment.measure
        for line in history.lines
        for segment in line.segments
    }
    each = sorted(found.values(), key=lambda measure: measure.numbers)
    return each if len(each) > 1 else []


def turns_of(history: History) -> list[Merger | Change]:
    """What happened to the units and to the question, in order."""
    return sorted((*history.mergers, *history.changes), key=_day)


def _day(turn: Merger | Change) -> date:
    return turn.takes_effect_on if isinstance(turn, Merger) else turn.period.starts_on


def _trend(history: History, limits: Limits, axis: Axis, *, is_small: bool) -> Trend:
    has_names, is_parted = bool(history.others), bool(parted(history))
    return Trend(
        lines=[
            charts.Line(
                trend_words.drawn_name(line) if has_names else "",
                STYLES[line.role],
                list(_spots(line, limits, axis, is_parted=is_parted)),
            )
            for line in history.lines
        ],
        ticks=list(_ticks(axis.years if axis.is_shared else history.periods, axis)),
        gaps=list(_gaps(history, axis)),
        turns=[
            Turn(
                _turn_x(turn, history, axis),
                trend_words.turn_label(turn),
                trend_words.turn_words(turn),
                is_merger=isinstance(turn, Merger),
            )
            for turn in turns_of(history)
        ],
        captions=list(_captions(history, axis)),
        is_low=is_small,
        has_names=not is_small,
    )


def _captions(history: History, axis: Axis) -> Iterator[Caption]:
    """Which question it is, on both sides of every break."""
    breaks = [change for change in history.changes if change.kind is ChangeKind.BREAK]
    xs = [_turn_x(change, history, axis) for change in breaks]
    for index, measure in enumerate(parted(history)):
        label, words = trend_words.versions_words(measure), trend_words.question_words(measure)
        if index == 0:
            yield Caption(xs[0], wording.begun(label), words, is_right=True)
        elif index <= len(xs):
            yield Caption(xs[index - 1], wording.begun(label), words, is_right=False)


def _turn_x(turn: Merger | Change, history: History, axis: Axis) -> float:
    """The day of the turn, where a period has figures on both sides of it; otherwise a change
    stands where the first period of which it is true begins."""
    if isinstance(turn, Change) and turn.kind is ChangeKind.BREAK:
        is_within = any(_n_in(line, turn.period) > 1 for line in history.lines)
        opened_on = turn.opened_on or turn.period.starts_on
        if is_within and turn.period.starts_on < opened_on <= turn.period.ends_on:
            return axis.x(opened_on)
    return axis.x(_day(turn))


def _n_in(line: Line, period: Period) -> int:
    return sum(point.period == period for point in line.points)


def _placed(line: Line, axis: Axis) -> Iterator[tuple[Segment, int, Point, float]]:
    """Every point with its segment, its number there and its place."""
    before: Period | None = None
    for segment in line.segments:
        for index, point in enumerate(segment.points):
            asked = segment.measure.months(point.months)
            is_one_of_two = _n_in(line, point.period) > 1
            if is_one_of_two and asked not in ((), point.months):
                x = axis.middle(asked)
            elif is_one_of_two:
                side = APART if point.period == before else -APART
                x = axis.middle(point.months) + side * axis.width(point.months)
            else:
                x = axis.middle(point.months)
            yield segment, index, point, x
            before = point.period


def _spots(line: Line, limits: Limits, axis: Axis, *, is_parted: bool) -> Iterator[Spot]:
    for segment, index, point, x in _placed(line, axis):
        words = wording.figure_words(point.figure, limits)
        name = period_name(point.period)
        if is_parted:
            name = f"{name} ({trend_words.versions_words(segment.measure)})"
        said = f"{name}: {words}"
        interval = point.figure.interval
        if interval is None:
            yield Spot(x, said)
        else:
            yield Spot(x, said, *interval, joins=segment.joins(index))


def _gaps(history: History, axis: Axis) -> list[Gap]:
    """The words where nothing is shown: the unit's own, then those of the units beside it."""
    found: dict[float, dict[str, list[str]]] = {}
    for line in history.lines:
        if line.role is Role.POOLED:
            continue  # its parts say why
        for _segment, _index, point, x in _placed(line, axis):
            if not point.figure.is_shown:
                word = wording.gap_words(point.figure.status)
                names = found.setdefault(round(x, 6), {}).setdefault(word, [])
                if line.role is not Role.OWN and line.unit is not None:
                    names.append(line.unit.name)
    return [
        Gap(x, "; ".join(words), trend_words.gap_words(words))
        for x, words in sorted(found.items())[:MOST_GAPS]
    ]


def _ticks(periods: Sequence[Period], axis: Axis) -> Iterator[Tick]:
    year_before = None
    for period in periods:
        label, year = wording.part_label(period), str(period.year)
        yield Tick(axis.middle(period.months), label, year if year != year_before else "")
        year_before = year


def _rows(history: History) -> Iterator[Row]:
    """The table: what happened, and every figure, in the order of time."""
    waiting, is_parted = turns_of(history), bool(parted(history))
    for period in history.periods:
        while waiting and _day(waiting[0]) <= period.ends_on:
            yield _turn_row(waiting.pop(0))
        for line in history.lines:
            for segment in line.segments:
                for point in segment.points:
                    if point.period == period:
                        name = _named(point, segment.measure if is_parted else None)
                        yield Row(name, trend_words.line_name(line), point.figure)
    yield from (_turn_row(turn) for turn in waiting)


def _turn_row(turn: Merger | Change) -> Row:
    return Row(
        trend_words.turn_label(turn),
        words=trend_words.turn_words(turn),
    )


def _named(point: Point, measure: Measure | None) -> str:
    """The period, and what else must be known: which of several questions it was."""
    said = [trend_words.versions_words(measure)] if measure else []
    said += [wording.at_most(point.officers)] if point.officers else []
    name = period_name(point.period)
    return f"{name} ({', '.join(said)})" if said else name


def _notes(history: History) -> list[str]:
    notes = []
    if any(line.role is Role.POOLED for line in history.others):
        notes.append(trend_words.pooled_note())
    if history.divided:
        notes.append(trend_words.divided_note(history.divided))
    numbers = {officers for p in history.own.points for officers in p.officers}
    if len(numbers) > 1:
        notes.append(
            _(
                "The way of working changed: the number of named officers per person has been "
                "%(numbers)s.",
                numbers=" / ".join(str(n) for n in sorted(numbers)),
            )
        )
    return notes


def turnover_axis(history: History, years: Sequence[Turnover]) -> Axis:
    """The time of a question and of the turnover beside it."""
    periods = [*history.periods, *(Period(each.year) for each in years)]
    return Axis.over(periods, is_shared=True)


def turnover_drawing(years: Sequence[Turnover], axis: Axis, id: str) -> Drawing:
    """Turnover of case officers in a strip of its own, with its own scale."""
    names = trend_words.turnover_names()
    steps = -(-max(each.all_reasons for each in years) // SCALE_STEP)
    lines = [
        charts.Line(
            name,
            style,
            [
                Spot(
                    axis.middle(Period(each.year).months),
                    f"{each.year}: {turnover_words(share)}",
                    share,
                    joins=index > 0 and years[index - 1].year + 1 == each.year,
                )
                for index, each in enumerate(years)
                for share in (each.all_reasons if is_all else each.left_city,)
            ],
        )
        for name, style, is_all in (
            (names[0], Style.OWN, True),
            (names[1], Style.BESIDE, False),
        )
    ]
    newest = years[-1]
    finding = _(
        "%(year)s %(all)s of the case officers left, %(left)s at their own wish and to work "
        "outside the city.",
        year=newest.year,
        all=turnover_words(newest.all_reasons),
        left=turnover_words(newest.left_city),
    )
    top = max(steps, 1) * SCALE_STEP
    chart = Trend(lines, list(_ticks(axis.years, axis)), top=top, is_low=True)
    return Drawing(id, "trend", finding, chart)


def turnover_words(share: float) -> str:
    """A share of turnover, which comes with a decimal."""
    return _("%(share)s per cent", share=number(100 * share, 1))
