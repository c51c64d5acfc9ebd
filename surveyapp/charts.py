"""Results as Plotly figures: plain dicts, with the words already written by the page.

The page draws the same without any script first; these take its place where the library loads.
A figure that is not shown gives a chart its words and no number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from textwrap import wrap
from typing import Any

from surveyapp.reporting import Figure

# As in tokens.css and chart.css.
DEEP = "#143d7a"
GREY = "#6b7683"
BAND = "#dbe3ef"
INK = "#15191f"
LINE = "#c9d0d9"
QUIET = "#4a535f"
SHADES = (
    "#143d7a",
    "#2e5389",
    "#486898",
    "#6a86af",
    "#7c94b7",
    "#96aac6",
    "#b0c0d6",
    "#cad5e5",
    "#e4ebf4",
)
LIGHT_FROM = 3  # shades from here on carry dark text
WIDEST = 36  # characters of a name or of the words beside a mark
WIDEST_ABOVE = 48  # characters of a name above its mark
LONGEST_BESIDE = 28  # characters; beside longer names too little is left of the width
FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
)

Plotly = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """One row of a chart of shares. `words` stand beside it."""

    name: str
    figure: Figure
    words: str
    is_own: bool = False


@dataclass(frozen=True)
class Shares:
    """Shares one under the other, with the city as a band behind."""

    marks: Sequence[Mark]
    band: Figure | None = None
    band_name: str = ""

    @property
    def names_above(self) -> bool:
        """Whether names and words stand above the marks, which then get the whole width."""
        return any(len(mark.name) > LONGEST_BESIDE for mark in self.marks)


@dataclass(frozen=True)
class Slot:
    """One place on the time axis: a period of a segment, or a break (`figure` is None)."""

    label: str
    year: str  # printed under the first slot of each year
    figure: Figure | None
    words: str
    gap: str = ""  # stands in the chart where there is no dot
    segment: int = 0


@dataclass(frozen=True)
class OverTime:
    """An indicator over time. Segments are never joined."""

    slots: Sequence[Slot]

    def x(self, index: float) -> float:
        """Where a slot is on the axis, as a part of its width."""
        return (index + 0.5) / len(self.slots)

    @property
    def runs(self) -> list[list[tuple[int, Slot]]]:
        """Shown slots that follow each other within a segment, with their places."""
        places = enumerate(self.slots)
        found = []
        for (is_shown, _), run in groupby(
            places, lambda p: (p[1].figure is not None and p[1].figure.is_shown, p[1].segment)
        ):
            if is_shown:
                found.append(list(run))
        return found


@dataclass(frozen=True)
class Piece:
    """One part of a stacked row. `words` is the number in it."""

    name: str
    share: float
    words: str


@dataclass(frozen=True)
class Stack:
    """A distribution as one row, in shades of one hue."""

    pieces: Sequence[Piece]

    def shade(self, index: int) -> int:
        """The shade of a piece, the deepest first and spread over all that there are."""
        last = max(len(self.pieces) - 1, 1)
        return round(index * (len(SHADES) - 1) / last)


def shares(chart: Shares) -> Plotly:
    """Dots with lines for the intervals; own units in the deep colour, the rest grey."""
    rows = list(enumerate(chart.marks))
    data = [
        _dots([row for row in rows if row[1].is_own], DEEP, size=12),
        _dots([row for row in rows if not row[1].is_own], GREY, size=9),
    ]
    layout = _rows_above(chart.marks) if chart.names_above else _rows_beside(chart.marks)
    if chart.band is not None and chart.band.interval is not None:
        middle, low, high = (100 * share for share in chart.band.interval)
        layout["shapes"] = [
            _box(low, high, {"fillcolor": BAND, "line": {"width": 0}}),
            _box(middle, middle, {"line": {"width": 1.5, "color": QUIET, "dash": "dot"}}),
        ]
        layout["annotations"].append(
            _note(chart.band_name, x=middle, y=1, xref="x", yref="paper", yanchor="bottom")
        )
    return {"data": [trace for trace in data if trace["x"]], "layout": layout}


def over_time(chart: OverTime) -> Plotly:
    """Dots with a band for the intervals; a gap with its words where nothing is shown."""
    data: list[Plotly] = []
    for run in chart.runs:
        xs = [index for index, _ in run]
        intervals = [slot.figure.interval for _, slot in run if slot.figure is not None]
        middle, low, high = (
            [100 * each[part] for each in intervals if each is not None] for part in range(3)
        )
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs + xs[::-1],
                "y": low + high[::-1],
                "fill": "toself",
                "fillcolor": BAND,
                "line": {"color": BAND, "width": 4},
                "hoverinfo": "skip",
            }
        )
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": xs,
                "y": middle,
                "marker": {"color": DEEP, "size": 10},
                "hovertext": [_wrapped(slot.words) for _, slot in run],
                "hoverinfo": "text",
            }
        )
    layout = _layout(height=300)
    layout["margin"] |= {"l": 60}
    layout["yaxis"] = _share_axis() | {"automargin": True}
    layout["xaxis"] = {
        "range": [-0.5, len(chart.slots) - 0.5],
        "tickvals": [i for i, slot in enumerate(chart.slots) if slot.label],
        "ticktext": [f"{slot.label}<br>{slot.year}" for slot in chart.slots if slot.label],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }
    layout["annotations"] = [
        _note(slot.gap, x=index, y=50, xref="x", yref="y") | {"textangle": -90}
        for index, slot in enumerate(chart.slots)
        if slot.gap
    ]
    return {"data": data, "layout": layout}


def stack(chart: Stack) -> Plotly:
    """One row whose parts are the answers, with the number in each."""
    data = []
    for index, piece in enumerate(chart.pieces):
        shade = chart.shade(index)
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": [100 * piece.share],
                "y": [""],
                "name": piece.name,
                "marker": {"color": SHADES[shade], "line": {"color": "#fff", "width": 2}},
                "text": [piece.words],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"color": INK if shade >= LIGHT_FROM else "#fff"},
                "hovertext": [_wrapped(f"{piece.name}: {piece.words} %")],
                "hoverinfo": "text",
            }
        )
    layout = _layout(height=64)
    layout |= {"barmode": "stack", "bargap": 0.1}
    layout["xaxis"] = _share_axis() | {"visible": False}
    layout["yaxis"] = {"visible": False, "fixedrange": True}
    layout["margin"] = {"l": 0, "r": 0, "t": 4, "b": 4}
    return {"data": data, "layout": layout}


CHARTS: dict[str, Callable[[Any], Plotly]] = {
    "shares": shares,
    "over_time": over_time,
    "stack": stack,
}


def _rows_beside(marks: Sequence[Mark]) -> Plotly:
    """Short names to the left of the marks, the words to the right."""
    names = [_wrapped(mark.name) for mark in marks]
    layout = _layout(height=(18 + 16 * _most_lines(names)) * len(marks) + 60)
    layout["margin"] |= {"r": 230, "t": 24}
    layout["xaxis"] = _share_axis()
    layout["yaxis"] = {
        "tickvals": list(range(len(marks))),
        "ticktext": names,
        "range": [len(marks) - 0.5, -0.5],
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }
    place: Plotly = {
        "x": 1.02,
        "xref": "paper",
        "yref": "y",
        "xanchor": "left",
        "align": "left",
    }
    layout["annotations"] = [
        _note(_wrapped(mark.words), y=y, is_own=mark.is_own, **place)
        for y, mark in enumerate(marks)
    ]
    return layout


def _rows_above(marks: Sequence[Mark]) -> Plotly:
    """Names and words on a line of their own above each mark."""
    names = [_wrapped(mark.name, WIDEST_ABOVE) for mark in marks]
    words = [_wrapped(mark.words) for mark in marks]
    layout = _layout(height=(34 + 17 * _most_lines(names + words)) * len(marks) + 60)
    layout["margin"] |= {"l": 24, "r": 24, "t": 24}
    layout["xaxis"] = _share_axis()
    layout["yaxis"] = {
        "range": [len(marks) - 0.7, -0.7],
        "visible": False,
        "fixedrange": True,
    }
    place: Plotly = {
        "xref": "paper",
        "yref": "y",
        "yanchor": "bottom",
        "yshift": 8,
        "bgcolor": "#fff",
    }
    left = place | {"x": 0, "xanchor": "left", "align": "left", "font": {"color": INK}}
    right = place | {"x": 1, "xanchor": "right", "align": "right"}
    layout["annotations"] = [
        note
        for y, mark in enumerate(marks)
        for note in (
            _note(names[y], y=y, **left),
            _note(words[y], y=y, is_own=mark.is_own, **right),
        )
    ]
    return layout


def _most_lines(texts: Sequence[str]) -> int:
    return max((text.count("<br>") + 1 for text in texts), default=1)


def _dots(rows: Sequence[tuple[int, Mark]], colour: str, *, size: int) -> Plotly:
    shown = [
        (y, mark, mark.figure.interval) for y, mark in rows if mark.figure.interval is not None
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * interval.estimate for _, _, interval in shown],
        "y": [y for y, _, _ in shown],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (each.high - each.estimate) for _, _, each in shown],
            "arrayminus": [100 * (each.estimate - each.low) for _, _, each in shown],
            "color": colour,
            "thickness": 3,
            "width": 0,
        },
        "marker": {"color": colour, "size": size},
        "hovertext": [_wrapped(f"{mark.name}: {mark.words}") for _, mark, _ in shown],
        "hoverinfo": "text",
    }


def _wrapped(text: str, widest: int = WIDEST) -> str:
    """Text on lines of its own, as the library writes it: what looks like markup is not."""
    lines = wrap(text, widest, break_long_words=False, break_on_hyphens=False)
    return "<br>".join(escape(line, quote=False) for line in lines)


def _layout(*, height: int) -> Plotly:
    return {
        "height": height,
        "font": {"family": FONT, "size": 14, "color": INK},
        "separators": ", ",
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": "#fff", "bordercolor": INK, "font": {"color": INK}},
        "margin": {"l": 8, "r": 16, "t": 12, "b": 36, "pad": 6},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
    }


def _share_axis() -> Plotly:
    return {
        "range": [0, 100],
        "tickvals": [0, 25, 50, 75, 100],
        "ticktext": ["0 %", "25", "50", "75", "100 %"],
        "gridcolor": LINE,
        "zeroline": False,
        "fixedrange": True,
    }


def _note(text: str, *, is_own: bool = False, **place: object) -> Plotly:
    font = {"size": 13, "color": DEEP if is_own else QUIET, "weight": 700 if is_own else 400}
    return {"text": text, "showarrow": False, "font": font, **place}


def _box(x0: float, x1: float, look: Plotly) -> Plotly:
    shape = "rect" if x1 > x0 else "line"
    ends = {"x0": x0, "x1": x1, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    return {"type": shape, "layer": "below", **ends, **look}
