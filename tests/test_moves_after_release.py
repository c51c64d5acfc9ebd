"""Answers moved after their tertial was released: into the year with others, or nowhere."""

import pytest
from sqlalchemy import select

from surveyapp import moving, releasing
from surveyapp.errors import ReleaseRefused
from surveyapp.models import Dimension, MovedCount
from surveyapp.periods import Period
from tests.attacker import TERTIALS
from tests.moves import APRIL, confirmed, moved, sent
from tests.released import answered, happy, release
from tests.test_releasing import nojd

MONTHS = (APRIL.replace(month=1), APRIL.replace(month=5), APRIL.replace(month=9))
WOMAN, MAN = {"bak_kon": "kvinna"}, {"bak_kon": "man"}


@pytest.fixture
def units(session, city):
    """Two units and another with 25 of 35 satisfied in each tertial; eleven more of the first
    unit, nine of them satisfied, whose receipts a tablet has."""
    units = city("skarholmen", "hagersten", "farsta")
    for unit in units:
        for month in MONTHS:
            answered(session, unit, month, happy(25, of=35))
    return units


@pytest.fixture
def receipts(session, units):
    """Eleven answers of the first unit, nine satisfied, that lie at the wrong unit."""
    return sent(session, units[0], APRIL, happy(9, of=11))


def satisfied(session, period, units, dimension=Dimension.TOTAL):
    """Satisfied and all answers to `hel_nojd` of each unit."""
    found = [nojd(session, period, unit, dimension) for unit in units]
    return [(codes["mycket_nojd"], sum(codes.values())) for codes in found]


@pytest.mark.parametrize(
    ("late", "year"),
    [
        ([(0, 0), (0, 0)], [(84, 116), (75, 105)]),  # as the tertials were
        ([(9, 12), (10, 13)], [(84, 117), (94, 129)]),  # as stored
        ([(9, 12), (6, 9)], [(93, 128), (75, 105)]),  # others in one unit: they alone
        ([(6, 9), (9, 12)], [(84, 116), (84, 117)]),
        ([(12, 14), (9, 12)], [(96, 130), (84, 117)]),  # two could not make up for what moved
        ([(10, 10), (9, 12)], [(84, 116), (84, 117)]),  # all alike
    ],
)
def test_year_counts_a_move_only_among_ten_others_in_both_units(
    session, units, receipts, late, year
):
    release(session, *TERTIALS)
    before = satisfied(session, "2026-T1", units[:2])
    moved(session, *units[:2], receipts)
    for unit, (n_happy, n) in zip(units, late, strict=False):
        if n:
            answered(session, unit, APRIL, happy(n_happy, of=n))

    release(session, "2026")

    assert satisfied(session, "2026", units[:2]) == year
    assert satisfied(session, "2026", units[2:]) == [(75, 105)]
    assert satisfied(session, "2026-T1", units[:2]) == before == [(34, 46), (25, 35)]
    assert session.scalars(select(MovedCount)).all() == []


def test_move_before_the_release_is_simply_counted(session, units, receipts):
    moved(session, *units[:2], receipts)

    release(session, *TERTIALS, "2026")

    assert satisfied(session, "2026-T1", units) == [(25, 35), (34, 46), (25, 35)]
    assert satisfied(session, "2026", units) == [(75, 105), (84, 116), (75, 105)]


def test_breakdown_never_tells_moved_answers_from_its_total(session, city):
    """The late answers of all hide what moved, those of the women do not. So by gender the
    year is the sum of its tertials: late answers without those that moved, less the total
    with them, would be what moved."""
    units = city("skarholmen", "hagersten")
    women, men = ([form | who for form in happy(25, of=35)] for who in (WOMAN, MAN))
    for unit in units:
        for month in MONTHS:
            answered(session, unit, month, women + men)
    receipts = sent(session, units[0], APRIL, [form | WOMAN for form in happy(9, of=11)])
    release(session, *TERTIALS)
    moved(session, *units, receipts)
    for unit in units:
        answered(session, unit, APRIL, [form | WOMAN for form in happy(11, of=12)])
        answered(session, unit, APRIL, [form | MAN for form in happy(9, of=12)])

    release(session, "2026")

    assert satisfied(session, "2026", units) == [(170, 234), (179, 245)]
    assert satisfied(session, "2026", units, Dimension.GENDER) == [(159, 221), (150, 210)]


def test_move_on_to_a_third_unit_needs_others_in_all_three(session, units, receipts):
    release(session, *TERTIALS)
    moved(session, *units[:2], receipts)
    moved(session, *units[1:], receipts[:10])
    for unit in units[:2]:
        answered(session, unit, APRIL, happy(9, of=12))

    release(session, "2026")

    assert satisfied(session, "2026", units) == [(93, 128), (84, 117), (75, 105)]


def test_move_back_leaves_nothing(session, units, receipts):
    release(session, *TERTIALS)
    moved(session, *units[:2], receipts)
    moved(session, units[1], units[0], receipts)
    answered(session, units[0], APRIL, happy(9, of=12))

    release(session, "2026")

    assert satisfied(session, "2026", units[:2]) == [(93, 128), (75, 105)]


def test_move_after_the_year_changes_nothing_that_is_out(session, units, receipts):
    release(session, *TERTIALS, "2026")

    made = moved(session, *units[:2], receipts)

    assert [part.after_release for part in made.parts] == [True]
    assert session.scalars(select(MovedCount)).all() == []
    assert satisfied(session, "2026", units[:2]) == [(84, 116), (75, 105)]


def test_release_that_counted_before_a_move_was_made_is_tried_again(
    session, units, receipts, monkeypatch
):
    """Otherwise the move would look like late answers in the year."""
    id = confirmed(session, *units[:2], receipts)
    count = releasing.counts_of

    def with_a_move(*arguments):
        counts = count(*arguments)
        moving.approve(session, id, by="analytiker", today=APRIL)
        return counts

    with monkeypatch.context() as patched:
        patched.setattr(releasing, "counts_of", with_a_move)
        with pytest.raises(ReleaseRefused, match="once more"):
            release(session, "2026-T1")
    release(session, "2026-T1")

    assert satisfied(session, "2026-T1", units[:2]) == [(25, 35), (34, 46)]
    assert releasing.audit(session, Period.parse("2026-T1")) == []
