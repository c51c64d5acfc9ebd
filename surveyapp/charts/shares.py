"""Shares one under the other, with the city as a band behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.charts.look import (
    BAND,
    DEEP,
    GREY,
    INK,
    QUIET,
    Plotly,
    frame,
    note,
    share_axis,
    wrapped,
)
from surveyapp.reporting import Figure

WIDEST_ABOVE = 48  # characters of a name above its mark
LONGEST_BESIDE = 28  # characters; beside longer names too little is left of the width


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
            note(chart.band_name, x=middle, y=1, xref="x", yref="paper", yanchor="bottom")
        )
    return {"data": [trace for trace in data if trace["x"]], "layout": layout}


def _rows_beside(marks: Sequence[Mark]) -> Plotly:
    """Short names to the left of the marks, the words to the right."""
    names = [wrapped(mark.name) for mark in marks]
    layout = frame(height=(18 + 16 * _most_lines(names)) * len(marks) + 60)
    layout["margin"] |= {"r": 230, "t": 24}
    layout["xaxis"] = share_axis()
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
        note(wrapped(mark.words), y=y, is_own=mark.is_own, **place)
        for y, mark in enumerate(marks)
    ]
    return layout


def _rows_above(marks: Sequence[Mark]) -> Plotly:
    """Names and words on a line of their own above each mark."""
    names = [wrapped(mark.name, WIDEST_ABOVE) for mark in marks]
    words = [wrapped(mark.words) for mark in marks]
    layout = frame(height=(34 + 17 * _most_lines(names + words)) * len(marks) + 60)
    layout["margin"] |= {"l": 24, "r": 24, "t": 24}
    layout["xaxis"] = share_axis()
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
        each
        for y, mark in enumerate(marks)
        for each in (
            note(names[y], y=y, **left),
            note(words[y], y=y, is_own=mark.is_own, **right),
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
        "hovertext": [wrapped(f"{mark.name}: {mark.words}") for _, mark, _ in shown],
        "hoverinfo": "text",
    }


def _box(x0: float, x1: float, look: Plotly) -> Plotly:
    shape = "rect" if x1 > x0 else "line"
    ends = {"x0": x0, "x1": x1, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    return {"type": shape, "layer": "below", **ends, **look}
