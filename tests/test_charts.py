"""Charts: valid figures for the library, plain lists, and no number of what is withheld."""

import json
import re
from pathlib import Path

import pytest

import surveyapp
from surveyapp.charts import (
    CHARTS,
    Gap,
    Line,
    Mark,
    Piece,
    Shares,
    Spot,
    Stack,
    Style,
    Tick,
    Trend,
    Turn,
    look,
)
from surveyapp.reporting import Figure, Status
from surveyapp.stats import Interval

TOKENS = Path(surveyapp.__file__).parent / "static" / "css"
SHOWN = Figure(Status.SHOWN, n=31, interval=Interval(0.84, 0.66, 0.95))
HIDDEN = Figure(Status.FEW)
CASES = {
    "shares": Shares(
        [
            Mark("Farsta", SHOWN, "84 % [66–95], 31 svar", is_own=True),
            Mark("Älvsjö", HIDDEN, "–"),
        ],
        SHOWN,
        "staden",
    ),
    "trend": Trend(
        [
            Line("Nya", Style.OWN, [Spot(0.7, "84 %", 0.84, 0.66, 0.95)]),
            Line(
                "Gamla",
                Style.BESIDE,
                [
                    Spot(0.1, "80 %", 0.8, 0.71, 0.87),
                    Spot(0.2, "Färre än 10 svar"),
                    Spot(0.3, "82 %", 0.82, 0.7, 0.9),
                    Spot(0.4, "83 %", 0.83, 0.7, 0.9, joins=True),
                ],
            ),
            Line(
                "Sammanräknat",
                Style.POOLED,
                [
                    Spot(0.3, "81 %", 0.81, 0.7, 0.9),
                    Spot(0.4, "82 %", 0.82, 0.7, 0.9, joins=True),
                ],
            ),
        ],
        [Tick(0.1, "T1", "2025"), Tick(0.2, "T2", ""), Tick(0.7, "T1", "2026")],
        [Gap(0.2, "visas inte", "Gamla: visas inte")],
        [Turn(0.5, "Slogs ihop", "Gamla gick in i Nya.", True), Turn(0.6, "Ny fråga", "Ny.")],
    ),
    "stack": Stack([Piece("Mycket nöjd", 0.7, "70"), Piece("Missnöjd", 0.3, "30")]),
}
NOTHING_SHOWN = {
    "shares": Shares([Mark("Älvsjö", HIDDEN, "–")], HIDDEN),
    "trend": Trend(
        [Line("", Style.OWN, [Spot(0.5, "–")])],
        [Tick(0.5, "T1", "2025")],
        [Gap(0.5, "visas inte", "visas inte")],
    ),
    "stack": Stack([]),
}


def test_every_chart_has_a_case():
    assert CASES.keys() == CHARTS.keys() == NOTHING_SHOWN.keys()


@pytest.mark.parametrize("cases", [CASES, NOTHING_SHOWN], ids=["shown", "nothing shown"])
@pytest.mark.parametrize("kind", CHARTS)
def test_chart_is_a_figure_that_the_library_accepts(kind, cases):
    from plotly.graph_objects import Figure as PlotlyFigure

    drawn = CHARTS[kind](cases[kind])

    PlotlyFigure(drawn, skip_invalid=False)
    assert json.loads(json.dumps(drawn)) == drawn
    assert drawn["layout"]["separators"] == ", "
    assert "template" not in drawn["layout"]


@pytest.mark.parametrize("kind", CHARTS)
def test_chart_words_hold_no_markup_that_the_library_would_style(kind):
    assert not re.search(r"<(?!br>)", json.dumps(CHARTS[kind](CASES[kind])))


def test_withheld_unit_has_words_and_no_dot():
    drawn = CHARTS["shares"](CASES["shares"])

    assert [trace["y"] for trace in drawn["data"]] == [[0]]
    assert drawn["layout"]["yaxis"]["ticktext"] == ["Farsta", "Älvsjö"]


def test_own_unit_is_deep_and_the_others_grey():
    marks = [Mark("Farsta", SHOWN, "", is_own=True), Mark("Bromma", SHOWN, "")]

    drawn = CHARTS["shares"](Shares(marks))

    assert [trace["marker"]["color"] for trace in drawn["data"]] == [look.DEEP, look.GREY]


def test_city_is_a_band_over_its_interval():
    band, middle = CHARTS["shares"](CASES["shares"])["layout"]["shapes"]

    assert (band["x0"], band["x1"], middle["x0"]) == (66, 95, 84)


def test_lines_are_joined_only_where_it_is_said():
    line = CASES["trend"].lines[1]
    drawn = CHARTS["trend"](CASES["trend"])

    assert [[spot.x for spot in run] for run in line.runs] == [[0.1], [0.3, 0.4]]
    lines = [trace for trace in drawn["data"] if trace["mode"] == "lines+markers"]
    assert sorted(trace["x"] for trace in lines) == [[0.1], [0.3, 0.4], [0.3, 0.4], [0.7]]
    dashes = [trace["x"] for trace in lines if trace["line"].get("dash") == "dash"]
    assert dashes == [[0.3, 0.4]]


def test_merger_is_a_whole_line_and_a_new_question_a_broken_one():
    drawn = CHARTS["trend"](CASES["trend"])

    assert [(s["x0"], s["line"]["dash"]) for s in drawn["layout"]["shapes"]] == [
        (0.5, "solid"),
        (0.6, "dash"),
    ]
    said = {note["text"]: note.get("hovertext") for note in drawn["layout"]["annotations"]}
    assert said["Slogs ihop"] == "Gamla gick in i Nya."
    assert said["visas inte"] == "Gamla: visas inte"


def test_names_stand_beside_their_lines_and_clear_of_each_other():
    chart = CASES["trend"]

    places = {name.line.name: (name.is_right, name.y) for name in chart.names}
    assert [name for name, (is_right, _) in places.items() if is_right] == ["Nya"]
    left = sorted(y for is_right, y in places.values() if not is_right)
    lowest = max(chart.rise(spot.low) for line in chart.lines for spot in line.shown)
    assert left[0] > lowest
    assert left[1] - left[0] > 5
    assert Trend(chart.lines[:1], chart.ticks).names == []  # a line alone needs none


def test_many_years_are_named_with_room_between():
    ticks = [Tick(i / 60, "T1", str(2000 + i // 3) if i % 3 == 0 else "") for i in range(60)]

    named = [t.year for t in Trend([], ticks).tick_labels if t.year]

    assert len(named) <= 9
    assert named[-1] == "2019"
    assert not any(t.label for t in Trend([], ticks).tick_labels)


def test_shades_go_from_deep_to_pale_whatever_the_number():
    for n in range(1, 10):
        stack = Stack([Piece("", 1 / n, "")] * n)
        shades = [stack.shade(index) for index in range(n)]
        assert shades == sorted(set(shades))
        assert (shades[0], shades[-1]) == (0, 8 if n > 1 else 0)


def test_colours_are_those_of_the_style_sheets():
    style = "".join((TOKENS / name).read_text() for name in ("tokens.css", "chart.css"))

    colours = {look.DEEP, look.GREY, look.BAND, look.INK, look.LINE, look.QUIET}
    assert {each for each in colours | set(look.SHADES) if each not in style} == set()


def test_name_of_a_unit_is_no_markup_to_the_library():
    drawn = CHARTS["shares"](Shares([Mark("<b>A & O</b>", SHOWN, "84 %")]))

    assert drawn["layout"]["yaxis"]["ticktext"] == ["&lt;b&gt;A &amp; O&lt;/b&gt;"]


def test_long_name_stands_on_lines_above_its_mark_and_gets_room():
    short, long, longer = (
        CHARTS["shares"](Shares([Mark(name, SHOWN, "84 %")]))["layout"]
        for name in ("Farsta", "Andel som svarar att de är nöjda", "Andel " * 15)
    )

    assert long["yaxis"]["visible"] is False
    assert long["margin"]["l"] + long["margin"]["r"] < 0.1 * 640  # of the narrowest drawing
    assert [note["text"] for note in long["annotations"]] == [
        "Andel som svarar att de är nöjda",
        "84 %",
    ]
    assert longer["annotations"][0]["text"].count("<br>") == 1
    assert longer["height"] > long["height"] > short["height"]
