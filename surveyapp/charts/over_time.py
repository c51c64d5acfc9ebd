"""An indicator over time, as dots with a band; a break is a gap with a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from surveyapp.charts.look import BAND, DEEP, Plotly, frame, note, share_axis, wrapped
from surveyapp.reporting import Figure


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
                "hovertext": [wrapped(slot.words) for _, slot in run],
                "hoverinfo": "text",
            }
        )
    layout = frame(height=300)
    layout["margin"] |= {"l": 60}
    layout["yaxis"] = share_axis() | {"automargin": True}
    layout["xaxis"] = {
        "range": [-0.5, len(chart.slots) - 0.5],
        "tickvals": [i for i, slot in enumerate(chart.slots) if slot.label],
        "ticktext": [f"{slot.label}<br>{slot.year}" for slot in chart.slots if slot.label],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }
    layout["annotations"] = [
        note(slot.gap, x=index, y=50, xref="x", yref="y") | {"textangle": -90}
        for index, slot in enumerate(chart.slots)
        if slot.gap
    ]
    return {"data": data, "layout": layout}
