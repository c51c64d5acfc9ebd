"""Two published versions side by side, whether they follow each other or not."""

from datetime import date

import pytest

from surveyapp import publishing
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.publishing import Line
from surveyapp.questionnaire import ComparabilityKind, Part, structure
from surveyapp.web.questionnaires import words
from tests.questionnaire.edited import V2, after, decided

PAGE = f"/formular/{publishing.KEY}/jamfor"


@pytest.fixture
def analyst(make, client):
    return client.log_in(make.account(role=Role.CITY_ANALYST))


# What a page shows is the same on every database.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def test_every_class_line_and_part_has_a_word():
    assert set(words.CLASSES) == set(ComparabilityKind)
    assert set(words.LINES) == set(Line)
    assert set(words.PARTS) == set(Part)


@once
def test_what_differs_is_shown_word_by_word_with_its_class(make, client, analyst):
    make.published(2)

    for order in ("fran=1&till=2", "fran=2&till=1"):
        page = client.get(f"{PAGE}?{order}").text
        assert "hel_trygg → hel_trygg_4" in page
        assert "Skala" in page
        assert "dig <del>med respekt</del><ins>på ett respektfullt sätt</ins>?" in page
    for wrong in ("fran=1&till=1", "fran=1&till=9", "fran=&till=x", ""):
        assert client.get(f"{PAGE}?{wrong}").status_code == 404


@once
def test_replacements_between_two_versions_are_followed(session, make, client, analyst):
    make.published(2)
    third = after(
        V2,
        lambda source: structure.replace_question(source, "hel_trygg_4", "hel_trygg_3"),
        decided("replace", "break", old="hel_trygg_4", new="hel_trygg_3", change="Ny fråga."),
    )
    with writing(session):
        publishing.publish(
            session, third, valid_from=date(2027, 1, 1), author="Ann", publisher="Bo"
        )

    page = client.get(f"{PAGE}?fran=1&till=3").text

    assert "hel_trygg → hel_trygg_3" in page
    assert "kon_antal → kon_antal_uppf" in page
    assert "hel_trygg_4" not in page
