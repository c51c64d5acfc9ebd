"""Differences one under the other around a line at 0, in percentage points."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from surveyapp.charts.look import DEEP, GREY, INK, LINE, Plotly, wrapped
from surveyapp.charts.rows import has_long_name, rows_layout
from surveyapp.reporting import Points

NARROWEST = 30  # percentage points to each side
ENDS = 44  # pixels beside the ends of the axis
STEP = 10  # the axis is widened by so many


@dataclass(frozen=True)
class Contrast:
    """One row: a difference, or none. `words` stand beside it, `stands_out` fills its dot."""

    name: str
    points: Points | None
    words: str
    is_own: bool = False
    stands_out: bool = False


@dataclass(frozen=True)
class Differences:
    """Differences around 0. The words stand under the axis: `lower` to the left of 0."""

    gaps: Sequence[Contrast]
    lower: str
    equal: str
    higher: str

    @cached_property
    def reach(self) -> int:
        """Percentage points to each side of 0: the same, or a difference would look larger."""
        furthest = max((abs(each) for gap in self.gaps for each in gap.points or ()), default=0)
        return max(NARROWEST, -(-furthest // STEP) * STEP)

    @property
    def ticks(self) -> list[int]:
        return [-self.reach, -self.reach // 2, 0, self.reach // 2, self.reach]

    @cached_property
    def names_above(self) -> bool:
        return has_long_name(self.gaps)

    def x(self, points: float) -> float:
        """Where a difference is on the axis, as a part of its width."""
        return (points + self.reach) / (2 * self.reach)


def differences(chart: Differences) -> Plotly:
    """Dots with lines for the intervals: filled where they stand out, and then thicker."""
    axis: Plotly = {
        "range": [-chart.reach, chart.reach],
        "tickvals": chart.ticks,
        "ticktext": _tick_words(chart),
        "gridcolor": LINE,
        "zeroline": False,
        "fixedrange": True,
    }
    layout = rows_layout(chart.gaps, axis, names_above=chart.names_above)
    # The words at the ends of the axis need room to both sides of them.
    layout["margin"] |= {
        "l": max(layout["margin"]["l"], ENDS),
        "r": max(layout["margin"]["r"], ENDS),
    }
    layout["shapes"] = [
        {
            "type": "line",
            "layer": "below",
            "x0": 0,
            "x1": 0,
            "y0": 0,
            "y1": 1,
            "xref": "x",
            "yref": "paper",
            "line": {"width": 2, "color": INK},
        }
    ]
    rows = list(enumerate(chart.gaps))
    looks = [(is_own, filled) for is_own in (True, False) for filled in (True, False)]
    data = [
        _dots([row for row in rows if (row[1].is_own, row[1].stands_out) == look], *look)
        for look in looks
    ]
    return {"data": [trace for trace in data if trace["x"]], "layout": layout}


def _tick_words(chart: Differences) -> list[str]:
    far, half = chart.reach, chart.reach // 2
    return [f"{far} {chart.lower}", str(half), chart.equal, str(half), f"{far} {chart.higher}"]


def _dots(rows: Sequence[tuple[int, Contrast]], is_own: bool, stands_out: bool) -> Plotly:
    shown = [(y, gap, gap.points) for y, gap in rows if gap.points is not None]
    colour = DEEP if is_own else GREY
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [points.estimate for _, _, points in shown],
        "y": [y for y, _, _ in shown],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [points.high - points.estimate for _, _, points in shown],
            "arrayminus": [points.estimate - points.low for _, _, points in shown],
            "color": colour,
            "thickness": 5 if stands_out else 2,
            "width": 0,
        },
        "marker": {
            "color": colour if stands_out else "#fff",
            "size": 14 if stands_out else 11,
            "line": {"color": colour, "width": 2},
        },
        "hovertext": [wrapped(f"{gap.name}: {gap.words}") for _, gap, _ in shown],
        "hoverinfo": "text",
    }
