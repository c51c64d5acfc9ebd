"""The page of questions over time, as people get it."""

import json
from datetime import date

import pytest

from surveyapp import organising
from surveyapp.db import writing
from surveyapp.models import UnitSuccession
from surveyapp.web.results import trend_views
from tests.client import tree, words
from tests.released import answered, happy, mix, release

# What the pages make of the results: test_results_edges asks them on both databases.
pytestmark = [
    pytest.mark.usefixtures("reader"),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

MERGED = date(2023, 7, 1)
MARCH, JUNE, JULY, SEPTEMBER = (date(2023, month, 1) for month in (3, 6, 7, 9))
PAGE = "/resultat/utveckling"


@pytest.fixture
def merged(make, session):
    """The numbers of the sixth story, all of 2023 released."""
    make.published(version=1)
    last = date(2023, 6, 30)
    old = [make.unit(code=c, name=n, valid_to=last)
           for c, n in (("norrmalm", "Norrmalm"), ("ostermalm", "Östermalm"))]  # fmt: skip
    new = make.unit(code="norra-innerstaden", name="Norra innerstaden", valid_from=MERGED)
    make.store(
        *[UnitSuccession(old_id=o.id, new_id=new.id, takes_effect_on=MERGED) for o in old]
    )
    answered(session, old[0], MARCH, happy(44, of=55))
    answered(session, old[0], JUNE, happy(40, of=50))
    answered(session, old[1], MARCH, happy(66, of=75))
    answered(session, old[1], JUNE, happy(66, of=75))
    answered(session, new, JULY, happy(70, of=80))
    answered(session, new, SEPTEMBER, happy(101, of=120))
    release(session, "2023-T1", "2023-T2", "2023-T3", "2023")
    return *old, new


SVG = "{http://www.w3.org/2000/svg}"


def drawn(page, name):
    """Every element of that name in the drawings of the page."""
    return tree(page.text).iter(f"{SVG}{name}")


def get(client, **choices):
    return client.get(PAGE, query_string=choices)


def rows(page):
    """Every row of the page's tables, as the words of its cells."""
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in tr]
        for tr in tree(page.text).iter("tr")
    ]


def lines_of(page):
    """The places of the lines' parts in the drawing, by the kind of line."""
    found = {}
    for group in drawn(page, "g"):
        if (group.get("class") or "").startswith("line line--"):
            kind = group.get("class").rpartition("--")[2]
            parts = [e for e in group.iter(f"{SVG}line") if e.get("class") == "line__part"]
            ends = [(float(e.get("x1")[:-1]), float(e.get("x2")[:-1])) for e in parts]
            found.setdefault(kind, []).append(ends)
    return found


def marks_of(page):
    """What can be reached with the keyboard in the drawing: its place and its words."""
    return [
        (float(g.find(f"{SVG}line").get("x1")[:-1]), g.get("aria-label"))
        for g in drawn(page, "g")
        if g.get("tabindex") == "0"
    ]


def test_table_has_every_unit_and_all_together(client, merged):
    page = get(client, enhet="norra-innerstaden", fraga="hel_nojd", visa="ar")

    assert rows(page)[1:] == [
        [
            "Slogs ihop 2023-07-01",
            "Norrmalm och Östermalm slogs ihop till Norra innerstaden den 2023-07-01.",
        ],
        ["2023", "Norra innerstaden", "86 %", "[80–90]", "200", ""],
        ["2023", "Norrmalm", "80 %", "[71–87]", "105", ""],
        ["2023", "Östermalm", "88 %", "[82–93]", "150", ""],
        ["2023", "Norra innerstaden inklusive föregångare", "85 %", "[81–88]", "455", ""],
    ]
    said = words(page)
    assert "Senast, 2023: 86 % [80–90], 200 svar." in said
    assert "Inklusive föregångare, 2023: 85 % [81–88], 455 svar." in said
    assert "84,5" not in page.text


def test_no_line_crosses_the_merger(client, merged):
    page = get(client, enhet="norra-innerstaden", fraga="hel_nojd")

    ((place, sentence),) = marks_of(page)
    lines = lines_of(page)
    assert "slogs ihop till Norra innerstaden" in sentence
    assert {kind: len(each) for kind, each in lines.items()} == {
        "own": 1, "beside": 2, "pooled": 1,
    }  # fmt: skip
    for old in lines["beside"]:
        assert [end <= place for _, end in old] == [True]
    assert [start >= place for start, _ in lines["own"][0]] == [True]
    assert [end <= place + 0.5 for _, end in lines["pooled"][0]] == [True]
    traces = [
        trace
        for e in tree(page.text).iter("script")
        if e.get("type") == "application/json"
        for trace in json.loads(e.text)["data"]
        if trace["mode"] == "lines+markers"
    ]
    assert len(traces) == 4
    for trace in traces:
        is_old = max(trace["x"]) <= place / 100 + 0.005
        assert is_old or min(trace["x"]) >= place / 100


def test_names_stand_in_the_drawing_and_all_of_it_is_said(client, merged):
    page = get(client, enhet="norra-innerstaden", fraga="hel_nojd")

    drawing = next(e for e in drawn(page, "svg") if e.get("role") == "group")
    names = {t.text for t in drawing.iter(f"{SVG}text") if "time__name" in t.get("class")}
    assert names == {"Norrmalm", "Östermalm", "Norra innerstaden", "Sammanräknat"}
    assert "Norrmalm: tertial 1 2023: 80 %" in drawing.get("aria-label").replace("\xa0", " ")


def test_all_indicators_are_small_and_lead_to_one(client, merged):
    page = get(client, enhet="norra-innerstaden", visa="ar")

    links = [a.get("href") for a in tree(page.text).iter("a") if "fraga=" in a.get("href", "")]
    assert len(links) == 7
    assert "/resultat/utveckling?enhet=norra-innerstaden&fraga=hel_nojd&visa=ar" in links
    for link in links:
        assert client.get(link).status_code == 200
    assert "Norrmalm och Östermalm slogs ihop" in words(page)


def test_page_of_the_unit_draws_the_same(client, merged):
    unit = client.get("/resultat/norra-innerstaden?period=2023")
    alone = get(client, enhet="norra-innerstaden", fraga="hel_nojd", visa="ar")

    ours = rows(alone)[1:]
    assert [row for row in rows(unit) if row in ours][-len(ours):] == ours  # fmt: skip
    assert "Norrmalm och Östermalm slogs ihop till Norra innerstaden" in words(unit)


@pytest.mark.usefixtures("merged")
def test_made_up_choice_is_not_found(client):
    for choices in (
        {"enhet": "atlantis"},
        {"fraga": "hel_fritext"},
        {"fraga": "bak_kon"},
        {"fraga": "'; drop table"},
        {"visa": "manad"},
        {"visa": "2023"},
        {"enhet": "norrmalm", "fraga": "hel_nojd", "visa": "x"},
    ):
        assert get(client, **choices).status_code == 404, choices


@pytest.mark.usefixtures("merged")
def test_empty_choices_are_the_city_and_all_indicators(client):
    page = client.get(f"{PAGE}?enhet=&fraga=&visa=")

    assert page.status_code == 200
    assert "Hela staden över tid" in words(page)


def test_before_anything_is_released_it_says_what_comes_first(client, make):
    make.unit(code="farsta")

    assert "Inget är släppt än." in words(get(client))


@pytest.mark.parametrize("asked", [{}, {"fraga": "hel_nojd"}])
def test_years_that_are_not_released_are_not_there(client, session, make, asked):
    make.published(version=1)
    for _ in range(2):
        answered(session, make.unit(), MARCH, happy(30, of=40))
    release(session, "2023-T1")

    assert "Inget sådant är släppt än." in words(get(client, visa="ar", **asked))
    assert "tertial 1 2023" in words(get(client, fraga="hel_nojd"))


def test_unit_that_did_not_exist_then_has_nothing_to_show(client, session, make):
    make.published(version=1)
    for _ in range(2):
        answered(session, make.unit(), MARCH, happy(30, of=40))
    make.unit(code="framtid", name="Framtid", valid_from=date(2030, 1, 1))
    release(session, "2023-T1")

    assert "Inget sådant är släppt än." in words(get(client, enhet="framtid", fraga="hel_nojd"))


def test_small_unit_has_words_and_no_number_anywhere(client, session, make):
    make.published(version=1)
    small = make.unit(code="alvik", name="Alvik")
    answered(session, small, MARCH, happy(6, of=7))
    for _ in range(3):
        answered(session, make.unit(), MARCH, happy(30, of=40))
    release(session, "2023-T1")

    page = get(client, enhet="alvik", fraga="hel_nojd")

    assert rows(page)[1:] == [["tertial 1 2023", "Färre än 10 svar - visas inte."]]
    assert "86" not in words(page)
    assert not [
        e for e in tree(page.text).iter("script") if e.get("type") == "application/json"
    ]


def test_name_that_looks_like_markup_is_a_name(client, session, make):
    make.published(version=1)
    last = date(2023, 6, 30)
    old = [make.unit(code=f"u{n}", name=f"<script>{n}</script>", valid_to=last) for n in (1, 2)]
    new = make.unit(code="u3", name="<b>Nya</b>", valid_from=MERGED)
    make.store(
        *[UnitSuccession(old_id=o.id, new_id=new.id, takes_effect_on=MERGED) for o in old]
    )
    for unit, month in ((old[0], JUNE), (old[1], JUNE), (new, JULY)):
        answered(session, unit, month, happy(30, of=40))
    release(session, "2023-T2")

    page = get(client, enhet="u3", fraga="hel_nojd")

    assert "<script>1" not in page.text
    assert "<b>Nya" not in page.text
    assert "<script>1</script> och <script>2</script> slogs ihop till <b>Nya</b>" in words(page)


def test_break_is_a_mark_a_sentence_and_a_row(client, session, make):
    make.published(version=2, valid_from=date(2023, 5, 1))
    units = [make.unit(code="farsta"), make.unit()]
    for each in units:
        answered(
            session, each, MARCH, mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
        )
        forms = mix(40, "hel_trygg_4", ("mycket_trygg", 35), ("ganska_otrygg", 5))
        answered(session, each, JUNE, forms)
    release(session, "2023-T1", "2023-T2")

    page = get(client, enhet="farsta", fraga="hel_trygg_4")

    ((place, sentence),) = marks_of(page)
    assert place == pytest.approx(50, abs=1)
    assert sentence.startswith(
        "Tertial 2 2023: Från version 2 går siffrorna inte att jämföra med dem före."
    )
    assert lines_of(page)["own"] == [[]]
    assert ["Ny fråga", sentence] in rows(page)
    titles = {e.text for e in drawn(page, "title")}
    assert sentence in titles
    older = get(client, enhet="farsta", fraga="hel_trygg")  # the same by its older name
    assert rows(older) == rows(page)


def test_line_with_a_note_goes_on(client, session, make):
    make.published(version=2, valid_from=date(2023, 5, 1))
    for each in (make.unit(code="farsta"), make.unit()):
        for month in (MARCH, JUNE):
            forms = mix(40, "til_latt_kontakt", ("mycket_latt", 30), ("mycket_svart", 10))
            answered(session, each, month, forms)
    release(session, "2023-T1", "2023-T2")

    page = get(client, enhet="farsta", fraga="til_latt_kontakt")

    assert len(lines_of(page)["own"][0]) == 1
    assert [row[0] for row in rows(page)[1:]] == [
        "tertial 1 2023", "Ändrad fråga", "tertial 2 2023",
    ]  # fmt: skip


def test_question_that_version_1_did_not_ask_has_a_gap_with_words(client, session, make):
    make.published(version=2, valid_from=date(2023, 5, 1))
    for each in (make.unit(code="farsta"), make.unit()):
        answered(session, each, MARCH, happy(30, of=40))
        answered(session, each, JUNE, mix(40, "bem_sprak", ("alltid", 30), ("aldrig", 10)))
    release(session, "2023-T1", "2023-T2")

    page = get(client, enhet="farsta", fraga="bem_sprak")

    assert rows(page)[1] == ["tertial 1 2023", "Frågan ställdes inte."]
    assert rows(page)[2][0] == "Ny fråga"
    gaps = [t for t in drawn(page, "text") if t.get("class") == "time__gap"]
    assert ["".join(t.itertext()) for t in gaps] == [
        "ställdes inteställdes inte"
    ]  # title and text


# Turnover beside continuity


@pytest.fixture
def turnover(session):
    with writing(session):
        organising.load_shipped(session)


def test_turnover_has_a_drawing_and_a_scale_of_its_own_on_the_same_time(
    client, session, make, turnover
):
    make.published(version=1)
    for code in ("farsta", "bromma"):
        unit = organising.unit_by_code(session, code)
        answered(session, unit, MARCH, mix(40, "kon_vet_namn", ("ja", 30), ("nej", 10)))
    release(session, "2023-T1", "2023-T2", "2023-T3", "2023")

    page = get(client, fraga="kon_vet_namn", visa="ar")

    trend, strip = (e for e in drawn(page, "svg") if e.get("role") == "group")
    years = [
        [(t.text, t.get("x")) for t in drawing.iter(f"{SVG}text") if "--year" in t.get("class")]
        for drawing in (trend, strip)
    ]
    assert years[0] == years[1]
    assert years[0][0][0] == "2015"  # 2014 to 2023 are ten, every other one is named
    scales = [
        [t.text for t in drawing.iter(f"{SVG}text") if t.get("class") == "time__scale"]
        for drawing in (trend, strip)
    ]
    assert scales == [["0 %", "50 %", "100 %"], ["0 %", "10 %", "20 %"]]
    assert ["2020", "6,4 procent", "5,5 procent"] in rows(page)
    assert "samvariation" in words(page)
    assert "coronapandemin" in words(page)
    for other in ({"fraga": "hel_nojd"}, {"fraga": "kon_vet_namn", "enhet": "farsta"}):
        assert "Personalomsättning" not in words(get(client, visa="ar", **other))
    assert "Personalomsättningen finns per år." in words(get(client, fraga="kon_vet_namn"))


def test_quarters_have_an_address_of_their_own():
    assert set(trend_views.PART_NAMES.values()) == {"tertial", "kvartal", "manad"}
