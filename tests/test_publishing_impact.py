"""What a version does to the lines over time, and how many released answers they hold."""

from datetime import date

import pytest

from surveyapp import publishing
from surveyapp.publishing import Line, impact
from tests.questionnaire.edited import V1, V2, after, change, decided, with_question
from tests.released import answered, release

# The table of the city's decision: both ids where they differ, the class, what becomes of the
# line, and whether answers of both versions may be added together. A question without a share
# has no line.
TABLE = """
    bak_svarar identical none pooled
    bak_hjalpare identical none pooled
    bem_respekt equivalent goes_on pooled
    bem_lyssnar identical goes_on pooled
    bem_sprak new starts apart
    bem_paverka identical goes_on pooled
    bem_info identical goes_on pooled
    kon_vet_namn identical goes_on pooled
    kon_antal>kon_antal_uppf break breaks apart
    kon_byte ended ends apart
    kon_betydelse new none apart
    kon_beratta_om identical goes_on pooled
    til_latt_kontakt equivalent_with_note with_note pooled
    til_vag equivalent_with_note none pooled
    til_aldre_direkt identical goes_on pooled
    til_ateruppringd identical goes_on pooled
    hel_trygg>hel_trygg_4 break breaks apart
    hel_nojd identical goes_on pooled
    hel_klagomal identical goes_on pooled
    bak_kon identical none pooled
    hel_fritext identical none pooled
"""
YEAR = 2025


@pytest.fixture
def first(make):
    return make.published(1, valid_from=date(2022, 1, 1))


def rows(found):
    return [
        f"{each.pair.key} {each.kind} {each.line} {'pooled' if each.is_pooled else 'apart'}"
        for each in found
    ]


def n_released(found):
    return {each.pair.key: each.n_released for each in found}


def test_second_version_does_what_the_table_says(session, first):
    found = impact(session, V1, V2)

    assert rows(found) == [line.strip() for line in TABLE.strip().splitlines()]
    assert all(each.is_decided for each in found)
    assert set(n_released(found).values()) == {0}


def test_class_is_the_proposed_one_until_somebody_decides(session, first):
    reworded = change("questions/hel_nojd/text/fi", "Oletko tyytyväinen?")
    noted = decided("reword", "equivalent_with_note", "hel_nojd", note="Ett annat ord.")
    other_share = change("questions/hel_nojd/positive/ganska_nojd", "")

    def of(*acts):
        found = impact(session, V1, after(V1, *acts))
        row = next(each for each in found if each.pair.key == "hel_nojd")
        return str(row.kind), row.line, row.is_decided

    assert of(reworded) == ("equivalent", Line.GOES_ON, False)
    assert of(reworded, noted) == ("equivalent_with_note", Line.WITH_NOTE, True)
    assert of(other_share, noted) == ("break", Line.BREAKS, False)  # not what was decided about


def test_answers_of_a_year_are_counted_once(session, first, make):
    unit = make.unit()
    forms = [{"hel_nojd": "mycket_nojd", "kon_antal": "1", "hel_fritext": "Tack!"}] * 10
    for month in (2, 6, 10):
        answered(session, unit, date(YEAR, month, 1), forms)
    release(session, f"{YEAR}-T1", f"{YEAR}-T2")
    assert n_released(impact(session, V1, V2))["hel_nojd"] == 20

    release(session, f"{YEAR}-T3", str(YEAR))
    answered(session, unit, date(YEAR + 1, 2, 1), [{"hel_nojd": "vet_ej"}] * 10)
    release(session, f"{YEAR + 1}-T1")
    found = n_released(impact(session, V1, V2))

    assert found["hel_nojd"] == 40  # "don't know" is an answer
    assert found["kon_antal>kon_antal_uppf"] == 30  # the indicator is none beside them
    assert found["hel_fritext"] == 30
    assert found["bem_info"] == 0  # skipped
    assert found["bem_sprak"] == 0  # never asked


def test_answers_of_the_questions_before_are_counted_where_the_series_goes_on(
    session, first, make
):
    unit = make.unit()
    forms = [{"bem_respekt": "alltid", "hel_trygg": "varken", "til_vag": "skriftligt"}] * 10
    answered(session, unit, date(YEAR, 2, 1), forms)
    release(session, f"{YEAR}-T1")
    make.published(2, valid_from=date(YEAR, 7, 1))
    forms = [{"bem_respekt": "alltid", "hel_trygg_4": "mycket_trygg"}] * 10
    answered(session, unit, date(YEAR, 7, 1), forms)
    release(session, f"{YEAR}-T2")
    third = after(
        publishing.document(session, publishing.KEY, 2),
        with_question("ny"),
        decided("add", "new", "ny"),
    )

    found = n_released(impact(session, V2, third))

    assert found["bem_respekt"] == 20
    assert found["til_vag"] == 10
    assert found["hel_trygg_4"] == 10  # those before the break are of another series
    assert found["ny"] == 0
