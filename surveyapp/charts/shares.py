"""Shares one under the other, with the city as a band behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from surveyapp.charts.look import BAND, DEEP, GREY, QUIET, Plotly, note, share_axis, wrapped
from surveyapp.charts.rows import has_long_name, rows_layout
from surveyapp.reporting import Figure


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

    @cached_property
    def names_above(self) -> bool:
        """Whether names and words stand above the marks, which then get the whole width."""
        return has_long_name(self.marks)


def shares(chart: Shares) -> Plotly:
    """Dots with lines for the intervals; own units in the deep colour, the rest grey."""
    rows = list(enumerate(chart.marks))
    data = [
        _dots([row for row in rows if row[1].is_own], DEEP, size=12),
        _dots([row for row in rows if not row[1].is_own], GREY, size=9),
    ]
    layout = rows_layout(chart.marks, share_axis(), names_above=chart.names_above)
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
