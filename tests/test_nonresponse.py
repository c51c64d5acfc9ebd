"""Who did not answer: rates, answers to each question, and the worst case."""

from datetime import date

import pytest
from sqlalchemy import update

from surveyapp import reporting
from surveyapp.counting import OFFICER
from surveyapp.limits import Limits
from surveyapp.models import Channel, Outcome, ReleasedUnit
from surveyapp.periods import Period
from surveyapp.web.results.nonresponse_pages import panel
from tests.released import answered, due, happy, mix, offered, release

T1 = Period.parse("2026-T1")
JANUARY = date(2026, 1, 1)


def due_in_all(session, unit, n):
    """So many follow-ups due in the tertial."""
    due(session, unit, T1.months[1:], 0)
    due(session, unit, T1.months[:1], n)


def of_unit(session, unit):
    return reporting.unit_results(session, unit, T1).nonresponse


def item(found, question="hel_nojd"):
    return next(each for each in found.items if each.measure.question.id == question)


def words(found, period=T1):
    """The panel as it is read."""
    said = panel(found, Limits(), name="Farsta", period=period)
    rows = (*said.facts, *said.rows)
    return " ".join([*(" ".join(row) for row in rows), *said.notes, said.fault])


def test_worst_case_is_everybody_else_unhappy_and_everybody_else_happy(session, city):
    farsta, bromma = city("farsta", "bromma")
    answered(session, farsta, JANUARY, happy(10, of=12))
    answered(session, bromma, JANUARY, happy(30, of=40))
    due_in_all(session, farsta, 31)
    due_in_all(session, bromma, 40)
    release(session, "2026-T1")

    # 10 of 31, and 10 + 19 of 31; in the other nobody is missing
    assert item(of_unit(session, farsta)).worst == (0.32, 0.94)
    assert item(of_unit(session, bromma)).worst == (0.75, 0.75)
    of_city = reporting.city_results(session, T1).nonresponse
    assert item(of_city).worst == (round(40 / 71, 2), round(59 / 71, 2))


def test_worst_case_of_the_city_needs_every_unit_shown(session, city):
    farsta, bromma, alvik = city("farsta", "bromma", "alvik")
    for unit, n in ((farsta, 41), (bromma, 33), (alvik, 7)):
        answered(session, unit, JANUARY, happy(n - 5, of=n))
        due_in_all(session, unit, 50)
    release(session, "2026-T1")

    of_city = reporting.city_results(session, T1).nonresponse

    assert item(of_city).worst is None
    assert item(of_city).n == 81
    assert item(of_unit(session, farsta)).worst == (0.72, 0.90)
    for unit in (bromma, alvik):
        assert of_unit(session, unit).items == ()


def test_without_follow_ups_due_there_is_no_worst_case(session, city):
    farsta, bromma = city("farsta", "bromma")
    for unit in (farsta, bromma):
        answered(session, unit, JANUARY, happy(30, of=40))
    release(session, "2026-T1")

    assert item(of_unit(session, farsta)).worst is None


def test_item_response_is_out_of_all_forms(session, city):
    farsta, bromma = city("farsta", "bromma")
    helped = {"bak_svarar": "annan", "bak_hjalpare": OFFICER, "hel_nojd": "mycket_nojd"}
    steps = (("mycket_nojd", 25), ("varken", 9), ("vet_ej", 6))
    answered(session, farsta, JANUARY, mix(40, "hel_nojd", *steps))
    answered(session, farsta, JANUARY, [helped] * 10)
    answered(session, bromma, JANUARY, happy(30, of=40))
    release(session, "2026-T1")

    found = of_unit(session, farsta)

    assert (item(found).n, item(found).share) == (34, 0.68)
    assert found.responses.n_forms == 50


@pytest.mark.parametrize(("due_of_100", "may"), [(None, False), (101, False), (100, True)])
def test_marks_need_two_fifths_of_those_due(session, city, due_of_100, may):
    farsta, bromma = city("farsta", "bromma")
    for unit in (farsta, bromma):
        answered(session, unit, JANUARY, happy(30, of=40))
    if due_of_100:
        due_in_all(session, farsta, due_of_100)
    release(session, "2026-T1")

    assert of_unit(session, farsta).may_be_marked is may


@pytest.mark.usefixtures("swedish")
def test_panel_says_what_came_of_every_offer(session, city):
    farsta, bromma = city("farsta", "bromma")
    answered(session, farsta, JANUARY, happy(30, of=40))
    answered(session, bromma, JANUARY, happy(30, of=40))
    for outcome, n in ((Outcome.DECLINED, 7), (Outcome.COULD_NOT, 2), (Outcome.STOPPED, 1)):
        offered(session, farsta, JANUARY, outcome, n)
    due_in_all(session, farsta, 160)
    release(session, "2026-T1")

    said = panel(of_unit(session, farsta), Limits(), name="Farsta", period=T1)

    assert [words.replace("\xa0", " ") for _, words in said.facts] == [
        "40", "160", "25 %", "50", "80 %", "40", "0", "1", "7", "2",
    ]  # fmt: skip
    assert "färre än 40 %" in said.notes[-1].replace("\xa0", " ")
    assert said.fault == ""


@pytest.mark.parametrize(
    ("n_paper", "shown"), [(12, ["30 (71 %)", "0 (0 %)", "12 (29 %)", "0 (0 %)"]), (9, [])]
)
@pytest.mark.usefixtures("swedish")
def test_channels_are_shown_where_none_is_small(session, city, n_paper, shown):
    farsta, bromma = city("farsta", "bromma")
    for unit, n in ((farsta, n_paper), (bromma, 12)):
        answered(session, unit, JANUARY, happy(25, of=30))
        answered(session, unit, JANUARY, happy(n - 2, of=n), channel=Channel.PAPER)
    release(session, "2026-T1")

    said = panel(of_unit(session, farsta), Limits(), name="Farsta", period=T1)

    assert [words.replace("\xa0", " ") for _, words in said.channels] == shown
    hidden = [note for note in said.notes if note.startswith("Hur formulären kom in: ")]
    assert len(hidden) == (not shown)


@pytest.mark.usefixtures("swedish")
def test_more_forms_than_were_due_says_which_figure_to_correct(session, city):
    farsta, bromma = city("farsta", "bromma")
    for unit in (farsta, bromma):
        answered(session, unit, JANUARY, happy(30, of=40))
        due_in_all(session, unit, 41)
    release(session, "2026-T1")
    session.execute(
        update(ReleasedUnit).where(ReleasedUnit.unit_id == farsta.id).values(followups_due=38)
    )
    session.commit()

    found = of_unit(session, farsta)

    assert "Farsta har fler formulär (40) än uppföljningar som skulle göras (38)." in words(
        found
    )
    assert "2026-01–2026-04" in words(found)
    assert item(found).worst is None
    assert "fler formulär" not in words(of_unit(session, bromma))


@pytest.mark.usefixtures("swedish")
def test_withheld_unit_has_words_and_no_numbers(session, city):
    alvik, bromma, farsta = city("alvik", "bromma", "farsta")
    for unit, n in ((alvik, 7), (bromma, 33), (farsta, 41)):
        answered(session, unit, JANUARY, happy(n - 5, of=n))
        due_in_all(session, unit, n + 2)
    release(session, "2026-T1")

    for unit, why in ((alvik, "Färre än 10 svar"), (bromma, "Visas inte, för att andra")):
        said = panel(of_unit(session, unit), Limits(), name=unit.name, period=T1)
        assert (said.facts, said.rows, said.fault) == ((), (), "")
        assert why in said.notes[0]
        assert not {"7", "9", "33", "35"} & set(" ".join(said.notes).replace(".", " ").split())
