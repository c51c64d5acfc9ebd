"""Results as Plotly figures: plain dicts, with the words already written by the page.

The page draws the same without any script first; these take its place where the library loads.
A figure that is not shown gives a chart its words and no number. Each kind of chart is a module
here and a macro of the same name in `templates/macros/charts/`.
"""

from collections.abc import Callable
from typing import Any

from surveyapp.charts.differences import Contrast, Differences, differences
from surveyapp.charts.look import Plotly
from surveyapp.charts.scatter import Axis, Dot, Scatter, scatter
from surveyapp.charts.shares import Mark, Shares, shares
from surveyapp.charts.stack import Piece, Stack, stack
from surveyapp.charts.trend import Caption, Gap, Line, Spot, Style, Tick, Trend, Turn, trend

__all__ = [
    "CHARTS",
    "Axis",
    "Caption",
    "Contrast",
    "Differences",
    "Dot",
    "Gap",
    "Line",
    "Mark",
    "Piece",
    "Plotly",
    "Scatter",
    "Shares",
    "Spot",
    "Stack",
    "Style",
    "Tick",
    "Trend",
    "Turn",
]

CHARTS: dict[str, Callable[[Any], Plotly]] = {
    "shares": shares,
    "stack": stack,
    "trend": trend,
    "scatter": scatter,
    "differences": differences,
}
