"""Breakdowns are shown as a whole or not at all."""

import pytest

from surveyapp.counting import OFFICER, Cell
from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Reason
from surveyapp.publishing import KEY, file_of
from surveyapp.questionnaire import load
from surveyapp.withholding import Product, channel_groups, decide, gender_groups, who_groups
from tests.make import QUESTIONNAIRES


def reason_of(kind, cells):
    """Why the breakdown of a unit is withheld, beside a large unit."""
    counts = {
        Cell(dimension, question, unit, 1, category, code): n
        for unit, scale in ((1, 1), (2, 9))
        for dimension, question, category, code, number in cells
        if (n := number * scale)
    }
    product = Product("2026-T1", counts, {1: None, 2: None})
    documents = {1: load(file_of(QUESTIONNAIRES, KEY, 1))}
    decided = decide([product], [], [], documents, Limits())
    return next((d.reason for d in decided if (d.kind, d.unit_id) == (kind, 1)), None)


@pytest.mark.parametrize(
    ("women", "men", "reason"),
    [
        ((15, 5), (9, 3), None),
        ((15, 6), (7, 2), Reason.FEW),  # nine men
        ((13, 5), (8, 3), Reason.FEW),  # 29 in all
        ((20, 5), (12, 0), Reason.ALIKE),  # what every man answered would show
        ((24, 6), (0, 0), None),  # an empty group hides nobody
        ((30, 0), (10, 0), Reason.ALIKE),  # enough in all, but not the men
    ],
)
def test_share_by_gender_is_shown_when_no_group_tells_on_anybody(women, men, reason):
    cells = [
        (dimension, "hel_nojd", category, code, n)
        for dimension, category, (happy, unhappy) in (
            (Dimension.GENDER, "kvinna", women),
            (Dimension.GENDER, "man", men),
            (Dimension.TOTAL, "", (women[0] + men[0], women[1] + men[1])),
        )
        for code, n in (("mycket_nojd", happy), ("mycket_missnojd", unhappy))
    ]
    assert reason_of(FigureKind.GENDER, cells) is reason


@pytest.mark.parametrize(
    ("paper", "with_officer", "reason"),
    [(10, 0, None), (9, 0, Reason.FEW), (10, 3, Reason.FEW), (10, 10, None)],
)
def test_channels_are_shown_when_no_group_is_small_the_officers_help_among_them(
    paper, with_officer, reason
):
    own = 25 + paper
    cells = [
        (Dimension.CHANNEL, "bak_svarar", "tablet", "sjalv", 25),
        (Dimension.CHANNEL, "bak_svarar", "paper", "sjalv", paper),
        (Dimension.TOTAL, "bak_svarar", "", "sjalv", own),
        (Dimension.WHO, "bak_svarar", "sjalv", "sjalv", own),
        (Dimension.WHO, "bak_svarar", OFFICER, "med_hjalp", with_officer),
    ]
    assert reason_of(FigureKind.CHANNEL, cells) is reason


def test_groups_put_everything_somewhere():
    assert gender_groups({"kvinna": 4, "annat": 1, "unknown": 2}) == {
        "kvinna": 4, "man": 0, "rest": 3,
    }  # fmt: skip
    assert who_groups({"sjalv": 5, OFFICER: 2, "unknown": 1})["rest"] == 3
    assert channel_groups({"tablet": 7}, 9) == {
        "tablet": 7, "own_device": 0, "paper": 0, "rest": 2,
    }  # fmt: skip
