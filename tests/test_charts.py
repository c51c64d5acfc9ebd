"""Charts: valid figures for the library, plain lists, and no number of what is withheld."""

import json
import re
from pathlib import Path

import pytest

import surveyapp
from surveyapp.charts import (
    CHARTS,
    Axis,
    Contrast,
    Differences,
    Dot,
    Gap,
    Line,
    Mark,
    Piece,
    Scatter,
    Shares,
    Spot,
    Stack,
    Style,
    Tick,
    Trend,
    Turn,
    look,
)
from surveyapp.charts.scatter import MOST_NAMED
from surveyapp.reporting import Figure, Points, Status
from surveyapp.stats import Interval

TOKENS = Path(surveyapp.__file__).parent / "static" / "css"
SHOWN = Figure(Status.SHOWN, n=31, interval=Interval(0.84, 0.66, 0.95))
HIDDEN = Figure(Status.FEW)
ALONG = Axis("Svar", 0, 400, [(0, "0"), (200, "200"), (400, "400")])
GROUPS = Axis("Form", -0.5, 1.5, [(0, "team"), (1, "en <namngiven>")], is_groups=True)
LIMITS = (0.68, 0.74, 0.9, 0.94)
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
    "scatter": Scatter(
        [
            Dot("Farsta", 31, 0.84, "84 %, 31 svar", is_own=True, limits=LIMITS),
            Dot("Älvsjö", 300, 0.7, "70 %, 300 svar", stands_out=True, limits=LIMITS),
            Dot("Bromma", 200, 0.8, "80 %, 200 svar", is_faint=True),
        ],
        ALONG,
        0.82,
        "staden 82 %",
        ("95 %", "99,8 %"),
    ),
    "differences": Differences(
        [
            Contrast("Farsta", Points(6, -8, 17), "+6 [−8; +17]", is_own=True),
            Contrast(
                "Bromma", Points(-22, -41, -3), "−22 [−41; −3], markerad", stands_out=True
            ),
            Contrast("Älvsjö", None, "–"),
        ],
        "lägre",
        "lika",
        "högre",
    ),
}
NOTHING_SHOWN = {
    "shares": Shares([Mark("Älvsjö", HIDDEN, "–")], HIDDEN),
    "trend": Trend(
        [Line("", Style.OWN, [Spot(0.5, "–")])],
        [Tick(0.5, "T1", "2025")],
        [Gap(0.5, "visas inte", "visas inte")],
    ),
    "stack": Stack([]),
    "scatter": Scatter([], ALONG),
    "differences": Differences([Contrast("Älvsjö", None, "–")], "lägre", "lika", "högre"),
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


def test_words_beside_a_mark_have_the_width_that_they_need():
    short, long, own = (
        CHARTS["shares"](Shares([Mark("Farsta", SHOWN, words, is_own)]))["layout"]["margin"][
            "r"
        ]
        for words, is_own in (("84 %", False), ("8" * 36, False), ("8" * 36, True))
    )

    assert short < long < own


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


def test_dots_stand_at_their_number_and_share_with_their_limits():
    spans, long, short, others, own = CHARTS["scatter"](CASES["scatter"])["data"]

    assert (others["x"], others["y"]) == ([300, 200], [70, 80])
    assert (own["x"], own["y"], own["text"]) == ([31], [84], ["Farsta"])
    assert (long["x"], long["y"]) == ([31, 31, 300, 300], [68, 94, 68, 94])
    assert (short["y"], spans["y"][:3]) == ([74, 90, 74, 90], [68, 94, None])


def test_limits_are_strokes_of_their_own_and_no_curve():
    traces = CHARTS["scatter"](CASES["scatter"])["data"]

    lines = [trace for trace in traces if "lines" in trace["mode"]]
    assert [set(trace["x"][at : at + 2]) for trace in lines for at in range(0, 6, 3)] == [
        {31},
        {300},
    ]


def test_axis_of_shares_begins_at_a_ten_below_everything():
    lowest = {
        0.84: Scatter([Dot("", 1, 0.84, "")], ALONG).lowest,
        0.7: CASES["scatter"].lowest,
        0.02: Scatter([Dot("", 1, 0.02, "")], ALONG).lowest,
        1.0: Scatter([Dot("", 1, 1.0, "")], ALONG).lowest,
    }

    assert lowest == {0.84: 0.8, 0.7: 0.6, 0.02: 0.0, 1.0: 0.8}
    for chart in (CASES["scatter"], Scatter([Dot("", 1, 0.02, "")], ALONG)):
        assert (chart.ticks[0], chart.ticks[-1]) == (1.0, chart.lowest)


def test_equal_shares_stand_side_by_side_in_a_group_and_nowhere_else():
    dots = [Dot(name, 0, 0.8, "") for name in "abc"] + [Dot("d", 1, 0.8, "")]

    places = Scatter(dots, GROUPS).places

    assert len(set(places)) == 4
    assert [round(place) for place in places] == [0, 0, 0, 1]
    assert Scatter(dots, ALONG).places == [0, 0, 0, 1]


def test_dots_that_would_meet_in_a_group_stand_apart_and_own_units_outermost():
    dots = [Dot("own", 0, 0.82, "", is_own=True), Dot("b", 0, 0.83, ""), Dot("c", 0, 0.5, "")]

    own, near, far = Scatter(dots, GROUPS).places

    assert near == far == 0
    assert own != near


def test_file_says_who_has_the_numbers_in_it():
    heap = Scatter([Dot(f"Enhet {n}", 100 + n / 10, 0.8, "") for n in range(9)], ALONG)
    apart = Scatter([Dot("Farsta", 10, 0.7, ""), Dot("Bromma", 300, 0.9, "")], ALONG)

    crowded, roomy = (CHARTS["scatter"](each)["layout"] for each in (heap, apart))

    title = crowded["xaxis"]["title"]["text"]
    assert heap.numbered
    for number, name in heap.numbered:
        assert f"{number}\xa0{name}" in title
    assert roomy["xaxis"]["title"]["text"] == ALONG.name
    assert crowded["height"] > roomy["height"]


def test_names_stand_where_there_is_room_and_numbers_elsewhere():
    apart = Scatter([Dot("Farsta", 10, 0.7, ""), Dot("Bromma", 300, 0.9, "")], ALONG)
    heap = Scatter([Dot(f"Enhet {n}", 100 + n / 10, 0.8, "") for n in range(9)], ALONG)

    assert [label.text for label in apart.labels] == ["Farsta", "Bromma"]
    texts = [label.text for label in heap.labels]
    assert "Enhet 0" in texts
    assert [text for at, text in enumerate(texts) if text != f"Enhet {at}"] == [
        str(at + 1) for at, text in enumerate(texts) if text != f"Enhet {at}"
    ]
    assert "9" in texts


def test_name_at_the_edge_is_not_cut_by_it():
    right = Dot("Norra innerstaden", ALONG.high, 0.8, "")
    left = Dot("Farsta", ALONG.low, 0.8, "")
    crowd = Dot("Järva", ALONG.low + 0.01 * (ALONG.high - ALONG.low), 0.8, "", is_own=True)

    assert [label.side for label in Scatter([right], ALONG).labels] == ["left"]
    assert not Scatter([left, crowd], ALONG).labels[0].is_name


def test_of_very_many_dots_only_own_and_outstanding_have_a_name():
    dots = [
        Dot(f"Enhet {n}", n, 0.8, "", is_own=n == 3, stands_out=n == 40)
        for n in range(MOST_NAMED + 20)
    ]

    labels = Scatter(dots, ALONG).labels

    assert [at for at, label in enumerate(labels) if label] == [3, 40]


def test_drawing_on_the_page_has_every_dot_and_stroke(app):
    with app.test_request_context():
        macro = app.jinja_env.get_template("macros/charts/scatter.html").module
        drawn = str(macro.drawn(CASES["scatter"]))

    assert drawn.count("<circle") == 3
    assert drawn.count("<use") == 2 * 4
    assert "dot--own" in drawn
    assert "dot--faint" in drawn
    assert [drawn.count(name) for name in ("Farsta", "Älvsjö", "Bromma")] == [2, 2, 2]


def test_axis_of_differences_is_as_long_to_each_side_and_at_least_30_points():
    widened, usual = CASES["differences"], NOTHING_SHOWN["differences"]

    assert (widened.reach, usual.reach) == (50, 30)
    assert [widened.x(points) for points in (-50, 0, 50)] == [0, 0.5, 1]
    assert CHARTS["differences"](widened)["layout"]["xaxis"]["range"] == [-50, 50]


def test_difference_that_stands_out_is_told_by_its_filling_and_weight():
    own, marked = CHARTS["differences"](CASES["differences"])["data"]

    assert (own["x"], marked["x"]) == ([6], [-22])
    assert (own["marker"]["color"], marked["marker"]["color"]) == ("#fff", look.GREY)
    assert own["error_x"]["thickness"] < marked["error_x"]["thickness"]
    assert (own["error_x"]["arrayminus"], own["error_x"]["array"]) == ([14], [11])
