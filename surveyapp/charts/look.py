"""What all charts have in common: colours, the frame, the axis of shares, words as text."""

from html import escape
from textwrap import wrap
from typing import Any

# As in tokens.css and chart.css.
DEEP = "#143d7a"
GREY = "#6b7683"
BAND = "#dbe3ef"
INK = "#15191f"
LINE = "#c9d0d9"
QUIET = "#4a535f"
SHADES = (
    "#143d7a",
    "#2e5389",
    "#486898",
    "#6a86af",
    "#7c94b7",
    "#96aac6",
    "#b0c0d6",
    "#cad5e5",
    "#e4ebf4",
)
LIGHT_FROM = 3  # shades from here on carry dark text
WIDEST = 36  # characters of a name or of the words beside a mark
FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
)

Plotly = dict[str, Any]


def wrapped(text: str, widest: int = WIDEST) -> str:
    """Text on lines of its own, as the library writes it: what looks like markup is not."""
    lines = wrap(text, widest, break_long_words=False, break_on_hyphens=False)
    return "<br>".join(escape(line, quote=False) for line in lines)


def frame(*, height: int) -> Plotly:
    return {
        "height": height,
        "font": {"family": FONT, "size": 14, "color": INK},
        "separators": ", ",
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": "#fff", "bordercolor": INK, "font": {"color": INK}},
        "margin": {"l": 8, "r": 16, "t": 12, "b": 36, "pad": 6},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
    }


def share_axis() -> Plotly:
    return {
        "range": [0, 100],
        "tickvals": [0, 25, 50, 75, 100],
        "ticktext": ["0 %", "25", "50", "75", "100 %"],
        "gridcolor": LINE,
        "zeroline": False,
        "fixedrange": True,
    }


def note(text: str, *, is_own: bool = False, **place: object) -> Plotly:
    font = {"size": 13, "color": DEEP if is_own else QUIET, "weight": 700 if is_own else 400}
    return {"text": text, "showarrow": False, "font": font, **place}
