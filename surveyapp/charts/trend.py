"""Lines over time: dots with bands, gaps with a word, marks where something changed."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surveyapp.charts.look import (
    BAND,
    DEEP,
    GREY,
    INK,
    LINE,
    QUIET,
    Plotly,
    frame,
    note,
    wrapped,
)

# Where the scale lies in the height of the drawing, in per cent from the top: above it stand
# the words of the marks, if there are any, under it the periods.
CEILING, CEILING_ALONE, FLOOR = 22.0, 8.0, 84.0
CAPTION = 18.0  # per cent from the top, under the words of the marks
LEFTMOST = 0.13  # of the width: names stand clear of the words of the scale
RIGHTMOST = 0.98  # names on the right end here, so that they stay clear of marks
LETTER = 0.022  # of the width, on a telephone
MOST_LABELS = 20  # periods that still have a word each under them
MOST_YEARS = 9
HALO = "rgba(255,255,255,0.8)"  # behind words, over lines


class Style(enum.StrEnum):
    """How a line is drawn."""

    OWN = "own"  # deep and thick, with a band
    BESIDE = "beside"  # grey and thin
    POOLED = "pooled"  # deep and dashed, with a band and hollow dots


@dataclass(frozen=True)
class Spot:
    """One period of a line. `x` is a part of the width; without an estimate it is a gap."""

    x: float
    words: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    joins: bool = False  # to the spot before


@dataclass(frozen=True)
class Line:
    """One line. `name` stands beside it where there are several."""

    name: str
    style: Style
    spots: Sequence[Spot]

    @property
    def shown(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.estimate is not None]

    @property
    def runs(self) -> list[list[Spot]]:
        """The shown spots, those that are joined to each other together."""
        found: list[list[Spot]] = []
        for spot in self.shown:
            if spot.joins and found:
                found[-1].append(spot)
            else:
                found.append([spot])
        return found


@dataclass(frozen=True)
class Gap:
    """A place where something is not shown. `label` stands there, `words` say all of it."""

    x: float
    label: str
    words: str


@dataclass(frozen=True)
class Turn:
    """A day on which something changed: a mark through the drawing."""

    x: float
    label: str
    words: str
    is_merger: bool = False


@dataclass(frozen=True)
class Caption:
    """What stands over the part of a line between two breaks. `words` say all of it."""

    x: float
    label: str
    words: str
    is_right: bool  # it ends at `x`, otherwise it begins there


@dataclass(frozen=True)
class Tick:
    """A period under the drawing; `year` only at the first of each year."""

    x: float
    label: str
    year: str


@dataclass(frozen=True)
class Name:
    """Where the name of a line stands: `x` a part of the width, `y` per cent of the height."""

    line: Line
    x: float
    y: float
    is_right: bool  # it ends at `x`, otherwise it begins there


@dataclass(frozen=True)
class Trend:
    """Lines over time. `top` is the share at the top of the scale."""

    lines: Sequence[Line]
    ticks: Sequence[Tick]
    gaps: Sequence[Gap] = ()
    turns: Sequence[Turn] = ()
    captions: Sequence[Caption] = ()
    top: float = 1.0
    is_low: bool = False
    has_names: bool = True

    @property
    def ceiling(self) -> float:
        return CEILING if self.turns else CEILING_ALONE

    def rise(self, share: float) -> float:
        """How far down a share is, in per cent of the height."""
        return FLOOR - (FLOOR - self.ceiling) * share / self.top

    @property
    def scale(self) -> list[tuple[float, str]]:
        """The shares with a line across, and the words of those that have any."""
        steps = [self.top * step / 4 for step in range(5)]
        return [
            (share, f"{100 * share:.0f} %" if index % 2 == 0 else "")
            for index, share in enumerate(steps)
        ]

    @property
    def words(self) -> str:
        """Everything that is drawn, in words."""
        lines = [
            (f"{line.name}: " if line.name else "") + "; ".join(s.words for s in line.spots)
            for line in self.lines
        ]
        return ". ".join([*(turn.words.rstrip(".") for turn in self.turns), *lines])

    @property
    def tick_labels(self) -> list[Tick]:
        """The ticks with as many words as there is room for."""
        years = [tick.year for tick in self.ticks if tick.year]
        apart = -(-len(years) // MOST_YEARS)
        kept = set(years[::-1][::apart])
        has_labels = len(self.ticks) <= MOST_LABELS
        return [
            Tick(t.x, t.label if has_labels else "", t.year if t.year in kept else "")
            for t in self.ticks
        ]

    @property
    def place_of_turn(self) -> list[tuple[float, bool]]:
        """How far down the words of each turn are, and whether they end at its mark.

        Neighbours do not share a row, and no words leave the drawing.
        """
        return [
            (4.0 + 6.0 * (index % 2), turn.x + LETTER * len(turn.label) > 1)
            for index, turn in enumerate(self.turns)
        ]

    @property
    def names(self) -> list[Name]:
        """The names of the lines: left or right, clear of what is drawn there."""
        lines = [line for line in self.lines if line.shown]
        if len(lines) < 2 or not self.has_names:
            return []
        return [*self._names(lines, is_right=False), *self._names(lines, is_right=True)]

    def _names(self, lines: Sequence[Line], *, is_right: bool) -> Iterator[Name]:
        """The names of one side, one under the other, in the order of their lines."""

        def place(line: Line) -> float:
            return line.shown[-1 if is_right else 0].x

        there = [line for line in lines if (_middle(line) > 0.5) == is_right]
        there.sort(key=lambda line: -(line.shown[-1 if is_right else 0].estimate or 0))
        spots = [s for line in lines for s in line.shown if (s.x > 0.45) == is_right]
        spots = spots or [s for line in there for s in line.shown]
        if not there:
            return
        lowest = max(self.rise(_low(spot)) for spot in spots)
        highest = min(self.rise(_high(spot)) for spot in spots)
        step = 9.5 if self.is_low else 6.5
        room = step * len(there)
        y = lowest + step if lowest + room + 1 < FLOOR else max(highest - room, self.ceiling)
        for index, line in enumerate(there):
            x = RIGHTMOST if is_right else max(place(line), LEFTMOST)
            yield Name(line, x, y + step * index, is_right)


def _middle(line: Line) -> float:
    return (line.shown[0].x + line.shown[-1].x) / 2


def _low(spot: Spot) -> float:
    return (spot.estimate or 0) if spot.low is None else spot.low


def _high(spot: Spot) -> float:
    return (spot.estimate or 0) if spot.high is None else spot.high


LOOKS: dict[Style, Plotly] = {
    Style.OWN: {"line": {"color": DEEP, "width": 2.5}, "marker": {"color": DEEP, "size": 11}},
    Style.BESIDE: {
        "line": {"color": GREY, "width": 1.25},
        "marker": {"color": GREY, "size": 7},
    },
    Style.POOLED: {
        "line": {"color": DEEP, "width": 2, "dash": "dash"},
        "marker": {"color": "#fff", "size": 9, "line": {"color": DEEP, "width": 2}},
    },
}


def trend(chart: Trend) -> Plotly:
    """Lines with their dots and intervals; those of the unit itself are bands too."""
    data: list[Plotly] = []
    for line in chart.lines:
        if line.style is not Style.BESIDE:
            data += [_band(run) for run in line.runs if run[0].low is not None]
    for line in chart.lines:
        data += [_run(line, run) for run in line.runs]
    layout = frame(height=240 if chart.is_low else 380)
    layout["margin"] |= {"l": 56, "t": 8}
    layout["yaxis"] = {
        "range": [0, _upwards(chart, 0)],
        "tickvals": [100 * share for share, _ in chart.scale],
        "ticktext": [words for _, words in chart.scale],
        "gridcolor": LINE,
        "zeroline": False,
        "fixedrange": True,
    }
    ticks = [tick for tick in chart.tick_labels if tick.label or tick.year]
    layout["xaxis"] = {
        "range": [0, 1],
        "tickvals": [tick.x for tick in ticks],
        "ticktext": [
            f"{tick.label}<br>{tick.year}" if tick.label else tick.year for tick in ticks
        ],
        "tickangle": 0,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }
    layout["shapes"] = [
        {
            "type": "line",
            "xref": "x",
            "yref": "y",
            "x0": turn.x,
            "x1": turn.x,
            "y0": 0,
            "y1": _upwards(chart, row + 2),
            "line": {"color": INK, "width": 1.5, "dash": "solid" if turn.is_merger else "dash"},
        }
        for turn, (row, _) in zip(chart.turns, chart.place_of_turn, strict=True)
    ]
    layout["annotations"] = [
        *_turns(chart),
        *_captions(chart),
        *_gaps(chart),
        *_names(chart),
    ]
    return {"data": data, "layout": layout}


def _run(line: Line, run: Sequence[Spot]) -> Plotly:
    trace: Plotly = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [spot.x for spot in run],
        "y": [100 * (spot.estimate or 0) for spot in run],
        "hovertext": [_said(line, spot) for spot in run],
        "hoverinfo": "text",
        **LOOKS[line.style],
    }
    if run[0].low is not None:
        trace["error_y"] = {
            "type": "data",
            "symmetric": False,
            "array": [100 * (_high(spot) - (spot.estimate or 0)) for spot in run],
            "arrayminus": [100 * ((spot.estimate or 0) - _low(spot)) for spot in run],
            "color": GREY if line.style is Style.BESIDE else DEEP,
            "thickness": 1 if line.style is Style.BESIDE else 1.5,
            "width": 0,
        }
    return trace


def _band(run: Sequence[Spot]) -> Plotly:
    xs = [spot.x for spot in run]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs + xs[::-1],
        "y": [100 * _low(s) for s in run] + [100 * _high(s) for s in run[::-1]],
        "fill": "toself",
        "fillcolor": BAND,
        "line": {"color": BAND, "width": 1},
        "hoverinfo": "skip",
    }


def _said(line: Line, spot: Spot) -> str:
    return wrapped(f"{line.name}: {spot.words}" if line.name else spot.words)


def _upwards(chart: Trend, y: float) -> float:
    """A height of the drawing, as the library's scale counts it."""
    return 100 * chart.top * (FLOOR - y) / (FLOOR - chart.ceiling)


def _turns(chart: Trend) -> Iterator[Plotly]:
    for turn, (row, is_right) in zip(chart.turns, chart.place_of_turn, strict=True):
        yield note(
            wrapped(turn.label),
            is_own=False,
            x=turn.x,
            y=_upwards(chart, row),
            xref="x",
            yref="y",
            xanchor="right" if is_right else "left",
            hovertext=wrapped(turn.words),
        ) | {"font": {"size": 13, "color": INK, "weight": 700 if turn.is_merger else 400}}


def _captions(chart: Trend) -> Iterator[Plotly]:
    for caption in chart.captions:
        yield note(
            wrapped(caption.label),
            x=caption.x,
            y=_upwards(chart, CAPTION),
            xref="x",
            yref="y",
            xanchor="right" if caption.is_right else "left",
            xshift=-6 if caption.is_right else 6,
            bgcolor=HALO,
            hovertext=wrapped(caption.words),
        ) | {"font": {"size": 13, "color": DEEP}}


def _gaps(chart: Trend) -> Iterator[Plotly]:
    for gap in chart.gaps:
        place: Plotly = {
            "x": gap.x,
            "y": 11 * chart.top,
            "xref": "x",
            "yref": "y",
            "yanchor": "bottom",
        }
        yield note(wrapped(gap.label), hovertext=wrapped(gap.words), **place) | {
            "textangle": -90
        }


def _names(chart: Trend) -> Iterator[Plotly]:
    for name in chart.names:
        colour = QUIET if name.line.style is Style.BESIDE else DEEP
        yield note(
            wrapped(name.line.name),
            x=name.x,
            y=_upwards(chart, name.y),
            xref="x",
            yref="y",
            xanchor="right" if name.is_right else "left",
            bgcolor=HALO,
        ) | {"font": {"size": 13, "color": colour, "weight": _weight(name.line)}}


def _weight(line: Line) -> int:
    return 400 if line.style is Style.BESIDE else 700
