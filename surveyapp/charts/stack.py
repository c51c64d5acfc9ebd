"""A distribution as one stacked row, in shades of one hue."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.charts.look import INK, LIGHT_FROM, SHADES, Plotly, frame, share_axis, wrapped


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
                "hovertext": [wrapped(f"{piece.name}: {piece.words} %")],
                "hoverinfo": "text",
            }
        )
    layout = frame(height=64)
    layout |= {"barmode": "stack", "bargap": 0.1}
    layout["xaxis"] = share_axis() | {"visible": False}
    layout["yaxis"] = {"visible": False, "fixedrange": True}
    layout["margin"] = {"l": 0, "r": 0, "t": 4, "b": 4}
    return {"data": data, "layout": layout}
