"""Results as Plotly figures: plain dicts, with the words already written by the page.

The page draws the same without any script first; these take its place where the library loads.
A figure that is not shown gives a chart its words and no number. Each kind of chart is a module
here and a macro of the same name in `templates/macros/charts/`.
"""

from collections.abc import Callable
from typing import Any

from surveyapp.charts.differences import Differences, Gap, differences
from surveyapp.charts.look import Plotly
from surveyapp.charts.over_time import OverTime, Slot, over_time
from surveyapp.charts.scatter import Axis, Dot, Scatter, scatter
from surveyapp.charts.shares import Mark, Shares, shares
from surveyapp.charts.stack import Piece, Stack, stack

__all__ = [
    "CHARTS",
    "Axis",
    "Differences",
    "Dot",
    "Gap",
    "Mark",
    "OverTime",
    "Piece",
    "Plotly",
    "Scatter",
    "Shares",
    "Slot",
    "Stack",
]

CHARTS: dict[str, Callable[[Any], Plotly]] = {
    "shares": shares,
    "over_time": over_time,
    "stack": stack,
    "scatter": scatter,
    "differences": differences,
}
