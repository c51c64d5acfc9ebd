"""A chart on a page and a line of the table below it: the same on every page of results."""

from dataclasses import dataclass
from typing import Any

from surveyapp.charts import CHARTS, Plotly
from surveyapp.reporting import Figure


@dataclass(frozen=True)
class Drawing:
    """A chart on a page: what it says, how it is drawn, the same for the chart library."""

    id: str
    kind: str
    finding: str
    chart: Any  # what `CHARTS[kind]` draws

    @property
    def plotly(self) -> Plotly:
        return CHARTS[self.kind](self.chart)


@dataclass(frozen=True)
class Row:
    """A line of a table of shares."""

    name: str
    figure: Figure
    link: str = ""
    remark: str = ""
    is_own: bool = False
