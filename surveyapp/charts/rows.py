"""Marks one under the other, each with its name and its words: where those have room."""

from collections.abc import Sequence
from typing import Protocol

from surveyapp.charts.look import INK, Plotly, frame, note, wrapped

WIDEST_ABOVE = 48  # characters of a name above its mark
ROOM_BESIDE = 230  # pixels for the words to the right, or more where they are longer
LETTER, BOLD_LETTER = 7.2, 8  # pixels
LONGEST_BESIDE = 28  # characters; beside longer names too little is left of the width


class Row(Protocol):
    """What every row has, whatever is drawn in it."""

    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def is_own(self) -> bool: ...


def has_long_name(marks: Sequence[Row]) -> bool:
    """Whether names and words stand above the marks, which then get the whole width."""
    return any(len(mark.name) > LONGEST_BESIDE for mark in marks)


def rows_layout(marks: Sequence[Row], axis: Plotly, *, names_above: bool) -> Plotly:
    """The figure around the marks: the first row on top."""
    return _above(marks, axis) if names_above else _beside(marks, axis)


def _beside(marks: Sequence[Row], axis: Plotly) -> Plotly:
    """Short names to the left of the marks, the words to the right."""
    names = [wrapped(mark.name) for mark in marks]
    layout = frame(height=(18 + 16 * _most_lines(names)) * len(marks) + 60)
    layout["margin"] |= {"r": _width_beside(marks), "t": 24}
    layout["xaxis"] = axis
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


def _width_beside(marks: Sequence[Row]) -> int:
    """Pixels that the words to the right need; those of an own row are bold."""
    widths = [
        16 + round(len(line) * (BOLD_LETTER if mark.is_own else LETTER))
        for mark in marks
        for line in wrapped(mark.words).split("<br>")
    ]
    return max([ROOM_BESIDE, *widths])


def _above(marks: Sequence[Row], axis: Plotly) -> Plotly:
    """Names and words on a line of their own above each mark."""
    names = [wrapped(mark.name, WIDEST_ABOVE) for mark in marks]
    words = [wrapped(mark.words) for mark in marks]
    layout = frame(height=(34 + 17 * _most_lines(names + words)) * len(marks) + 60)
    layout["margin"] |= {"l": 24, "r": 24, "t": 24}
    layout["xaxis"] = axis
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
