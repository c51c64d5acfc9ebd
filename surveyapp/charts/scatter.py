"""Units as dots: their shares against a number, or side by side in groups.

Names stand beside the dots where there is room. Other dots have a number, and a list of who has
which stands below the drawing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import NamedTuple

from surveyapp.charts.look import DEEP, GREY, INK, LINE, QUIET, Plotly, frame, note, wrapped

# The drawing that names are placed for: the narrowest in which they are shown at all.
WIDTH, HEIGHT = 736, 420  # CSS pixels; as .scatter in chart.css
LEFT, RIGHT = 0.08, 0.97  # of the width: between them stand the dots
BEYOND = 0.03  # of the axis, before its low end and after its high end: words are cut there
TOP, BOTTOM = 0.06, 0.84  # of the height
LETTER, LINE_HEIGHT, GAP = 7.2, 16, 10  # of a name and its distance from the dot
APART = 14  # pixels between the middles of two dots that do not meet
MOST_NAMED = 30  # dots; of more than these only those that stand out have a name
LIMIT_95, LIMIT_998 = 7, 12  # half the length of a limit's stroke


@dataclass(frozen=True)
class Dot:
    """A unit. `limits` are drawn as strokes at its own place: 99.8, 95, 95 and 99.8 per cent,
    the lowest first. A faint dot is shown but is in no reckoning."""

    name: str
    x: float
    share: float
    words: str
    is_own: bool = False
    is_faint: bool = False
    stands_out: bool = False
    limits: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Axis:
    """What stands below. In groups the ticks are the groups, as many as there are."""

    name: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    is_groups: bool = False


class Label(NamedTuple):
    """What stands beside a dot, and on which side: its name, or its number in the list."""

    text: str
    side: str  # "right", "left", "above" or "below"
    is_name: bool


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True)
class Scatter:
    """Dots over an axis, with a line across at `level`, the city's share.

    `limit_names` say what the shorter and the longer strokes are, where dots have limits.
    """

    dots: Sequence[Dot]
    axis: Axis
    level: float | None = None
    level_name: str = ""
    limit_names: tuple[str, str] = ("", "")

    @cached_property
    def lowest(self) -> float:
        """Where the axis of shares begins, a whole number of tens of per cent."""
        shares = [dot.share for dot in self.dots]
        shares += [limit for dot in self.dots for limit in dot.limits or ()]
        if self.level is not None:
            shares.append(self.level)
        least = min(shares, default=0.0)
        return max(0.0, min(floor(round(100 * least) / 10 - 0.3) / 10, 0.8))

    @property
    def ticks(self) -> list[float]:
        """The shares that have a line across."""
        step = 1 if self.lowest >= 0.5 else 2
        tens = range(10, ceil(self.lowest * 10 - 1e-9) - 1, -step)
        return [ten / 10 for ten in tens]

    def across(self, x: float) -> float:
        """Where a value of the axis stands, as a part of the width."""
        span = self.axis.high - self.axis.low
        return LEFT + (RIGHT - LEFT) * ((x - self.axis.low) / span if span else 0.5)

    def down(self, share: float) -> float:
        """Where a share stands, as a part of the height."""
        return TOP + (BOTTOM - TOP) * (1 - share) / (1 - self.lowest)

    @cached_property
    def places(self) -> list[float]:
        """Where each dot stands on the axis; in a group side by side where they would meet."""
        if not self.axis.is_groups:
            return [dot.x for dot in self.dots]
        found = [dot.x for dot in self.dots]
        placed: list[int] = []
        # Own units last, so that they stand outermost, where their names have room.
        for index in sorted(range(len(found)), key=lambda i: self.dots[i].is_own):
            dot = self.dots[index]
            near = {found[i] for i in placed if self._would_meet(dot, self.dots[i])}
            found[index] = next((x for x in self._beside(dot.x) if x not in near), dot.x)
            placed.append(index)
        return found

    def _would_meet(self, dot: Dot, other: Dot) -> bool:
        """Whether two dots have no room one above the other in the middle of a group."""
        return dot.x == other.x and (
            HEIGHT * abs(self.down(dot.share) - self.down(other.share)) < APART
        )

    def _beside(self, x: float) -> Iterator[float]:
        """Places in a group from its middle outwards, as far as it reaches."""
        yield x
        for nth in range(1, 7):
            yield x + 0.06 * nth
            yield x - 0.06 * nth

    @cached_property
    def labels(self) -> list[Label | None]:
        """What stands beside each dot, if anything; own units choose their place first."""
        places = list(zip(self.places, self.dots, strict=True))
        taken = [self._around(x, dot) for x, dot in places]
        found: list[Label | None] = [None] * len(places)
        order = sorted(range(len(places)), key=lambda i: (not places[i][1].is_own, i))
        for index in order:
            x, dot = places[index]
            if len(places) > MOST_NAMED and not (dot.is_own or dot.stands_out):
                continue
            found[index] = self._label(x, dot, str(index + 1), taken)
        return found

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """The dots that have only a number beside them, with their names."""
        labels = enumerate(zip(self.labels, self.dots, strict=True), start=1)
        return [(nth, dot.name) for nth, (label, dot) in labels if label and not label.is_name]

    def _around(self, x: float, dot: Dot) -> _Box:
        left, top = WIDTH * self.across(x), HEIGHT * self.down(dot.share)
        return _Box(left - 6, top - 6, left + 6, top + 6)

    def _label(self, x: float, dot: Dot, number: str, taken: list[_Box]) -> Label:
        beyond = BEYOND * (RIGHT - LEFT)
        low, high = WIDTH * (LEFT - beyond), WIDTH * (RIGHT + beyond)
        for text in (dot.name, number):
            for side, box in self._sides(x, dot, text):
                inside = box.left >= low and box.right <= high and box.top >= 0
                if inside and not any(box.meets(other) for other in taken):
                    taken.append(box)
                    return Label(text, side, is_name=text == dot.name)
        return Label(number, "above", is_name=False)

    def _sides(self, x: float, dot: Dot, text: str) -> Iterator[tuple[str, _Box]]:
        left, top = WIDTH * self.across(x), HEIGHT * self.down(dot.share)
        wide, half = LETTER * len(text), LINE_HEIGHT / 2
        yield "right", _Box(left + GAP, top - half, left + GAP + wide, top + half)
        yield "left", _Box(left - GAP - wide, top - half, left - GAP, top + half)
        for side, middle in (("above", top - GAP - half), ("below", top + GAP + half)):
            yield side, _Box(left - wide / 2, middle - half, left + wide / 2, middle + half)


def scatter(chart: Scatter) -> Plotly:
    """The same dots, strokes and names; what a unit's numbers are stands under the pointer."""
    rows = list(zip(chart.places, chart.dots, chart.labels, strict=True))
    data = [
        _spans(chart),
        _strokes(chart, (0, 3), 2 * LIMIT_998),
        _strokes(chart, (1, 2), 2 * LIMIT_95),
    ]
    data += [
        _dots([row for row in rows if row[1].is_own == is_own], colour, size)
        for is_own, colour, size in ((False, GREY, 9), (True, DEEP, 12))
    ]
    names = wrapped("   ".join(f"{nth}\xa0{name}" for nth, name in chart.numbered), 90)
    more = LINE_HEIGHT * (names.count("<br>") + 3) if names else 0
    layout = frame(height=HEIGHT + more)
    layout["margin"] |= {"l": 56, "t": 28, "b": 56 + more}
    layout["yaxis"] = {
        "range": [100 * chart.lowest - 2, 103],
        "tickvals": [100 * share for share in chart.ticks],
        "ticktext": [f"{round(100 * share)} %" for share in chart.ticks],
        "gridcolor": LINE,
        "zeroline": False,
        "fixedrange": True,
    }
    title = wrapped(chart.axis.name, 60)
    if names:
        title += f"<br><br><span style='font-size:13px'>{names}</span>"
    span = chart.axis.high - chart.axis.low
    layout["xaxis"] = {
        "range": [chart.axis.low - BEYOND * span, chart.axis.high + BEYOND * span],
        "tickvals": [x for x, _ in chart.axis.ticks],
        "ticktext": [wrapped(words, 24) for _, words in chart.axis.ticks],
        "title": {"text": title, "font": {"size": 14}, "standoff": 12},
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    if chart.level is not None:
        level = 100 * chart.level
        line = {"width": 1.5, "color": QUIET, "dash": "dot"}
        ends = {"x0": 0, "x1": 1, "y0": level, "y1": level, "xref": "paper", "yref": "y"}
        layout["shapes"] = [{"type": "line", "layer": "below", "line": line, **ends}]
    layout["annotations"] = [_key(chart)]
    return {"data": [trace for trace in data if trace["x"]], "layout": layout}


def _key(chart: Scatter) -> Plotly:
    """What the line and the strokes are, above the drawing where no dot can be."""
    keys = [
        ("\N{BOX DRAWINGS LIGHT TRIPLE DASH HORIZONTAL}", chart.level_name),
        ("\N{EN DASH}", chart.limit_names[0]),
        ("\N{EM DASH}", chart.limit_names[1]),
    ]
    words = "   ".join(f"{sign} {name}" for sign, name in keys if name)
    place: Plotly = {"x": 1, "y": 1, "xref": "paper", "yref": "paper"}
    return note(wrapped(words, 120), xanchor="right", yanchor="bottom", **place)


def _spans(chart: Scatter) -> Plotly:
    """A thin line from the lowest to the highest limit of each unit, to see whose they are."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x, dot in zip(chart.places, chart.dots, strict=True):
        if dot.limits is not None:
            xs += [x, x, None]
            ys += [100 * dot.limits[0], 100 * dot.limits[3], None]
    line = {"color": LINE, "width": 1.5}
    place = {"x": xs, "y": ys, "line": line, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", **place}


def _strokes(chart: Scatter, which: tuple[int, int], length: int) -> Plotly:
    """The limits of all units at one level, a stroke at each unit's own place."""
    ends = [
        (x, 100 * dot.limits[end])
        for x, dot in zip(chart.places, chart.dots, strict=True)
        if dot.limits is not None
        for end in which
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in ends],
        "y": [y for _, y in ends],
        "marker": {
            "symbol": "line-ew-open",
            "size": length,
            "color": INK,
            "line": {"width": 1.5, "color": INK},
        },
        "hoverinfo": "skip",
    }


_BESIDE = {
    "right": "middle right",
    "left": "middle left",
    "above": "top center",
    "below": "bottom center",
}


def _dots(rows: Sequence[tuple[float, Dot, Label | None]], colour: str, size: int) -> Plotly:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [x for x, _, _ in rows],
        "y": [100 * dot.share for _, dot, _ in rows],
        "text": [wrapped(label.text, 60) if label else "" for _, _, label in rows],
        "textposition": [_BESIDE[label.side] if label else "top center" for *_, label in rows],
        "textfont": {
            "size": 13,
            "color": DEEP if colour == DEEP else INK,
            "weight": 700 if colour == DEEP else 400,
        },
        "marker": {
            "color": ["#fff" if dot.is_faint else colour for _, dot, _ in rows],
            "size": size,
            "line": {"width": 1.5, "color": colour},
        },
        "hovertext": [wrapped(f"{dot.name}: {dot.words}") for _, dot, _ in rows],
        "hoverinfo": "text",
    }
