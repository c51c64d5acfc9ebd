"""Attacks on what is shown: an attacker written apart from the protection finds no small group.

The attacker knows what the pages show, how the products add up and what the words mean, and
tries every hidden count with a linear programme of whole numbers. Each attack is also made on
the same answers shown without protection, where it must succeed.
"""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import delete

from surveyapp import reporting
from surveyapp.counting import OFFICER
from surveyapp.models import Reason, Withheld
from surveyapp.periods import Period
from surveyapp.reporting import Status
from tests.attacker import SUMS, TERTIALS, Attacker
from tests.released import answered, figure_of, happy, mix, question_of, release

T1, T2, T2_TO_DATE = (Period.parse(text) for text in ("2026-T1", "2026-T2", "2026-T2+"))
T3_TO_DATE, YEAR = Period.parse("2026-T3+"), Period(2026)
MONTH = {"2026-T1": date(2026, 1, 1), "2026-T2": date(2026, 5, 1), "2026-T3": date(2026, 9, 1)}
WORDS = {Status.FEW: (1, 9), Status.WITHHELD: (10, None), Status.ALIKE: (10, None)}


def read_city(session, *texts, question="hel_nojd"):
    """What an attacker notes from the city page of each period."""
    attacker, units = Attacker(), set()
    for text in texts:
        results = reporting.city_results(session, Period.parse(text))
        indicator = next(i for i in results.indicators if i.measure.question.id == question)
        rows = [("city", indicator.city), *((r.unit.code, r.figure) for r in indicator.units)]
        for who, figure in rows:
            note(attacker, (who, text), figure)
            units.add(who)
    add_up(attacker, sorted(units - {"city"}), texts)
    return attacker


def note(attacker, key, figure):
    if figure.is_shown:
        attacker.sees(key, figure.n)
    elif figure.status in WORDS:
        attacker.reads(key, *WORDS[figure.status])
    else:
        attacker.sees(key, 0)


def add_up(attacker, units, texts):
    for text in texts:
        attacker.adds(("city", text), [(unit, text) for unit in units])
        for parts in SUMS.get(text, ()):
            for unit in ("city", *units):
                attacker.adds((unit, text), [(unit, part) for part in parts])


@pytest.fixture
def unprotected(session):
    """Forget the decisions that only protect others: as if nothing were protected."""

    def forget():
        session.execute(delete(Withheld).where(Withheld.reason == Reason.SECONDARY))
        session.commit()
        session.expire_all()

    return forget


def tertials(session, units, sizes, texts=TERTIALS):
    """Answers of each unit and tertial, about three of four satisfied."""
    for unit in units:
        for text, n in zip(texts, sizes[unit.code], strict=False):
            if n:
                answered(session, unit, MONTH[text], happy(n - (n + 3) // 4, of=n))


@pytest.mark.parametrize(
    ("sizes", "texts"),
    [
        ({"a": [7], "b": [33], "c": [41]}, ["2026-T1"]),  # city minus units
        ({"a": [2], "b": [10], "c": [41]}, ["2026-T1"]),  # a pair that narrows each other
        ({"a": [9], "b": [9], "c": [41]}, ["2026-T1"]),  # two small ones, nearly at the limit
        ({"a": [7, 20], "b": [33, 40], "c": [41, 50]}, ["2026-T1", "2026-T2", "2026-T2+"]),
        ({"a": [20, 6], "b": [33, 40], "c": [41, 50]}, ["2026-T1", "2026-T2", "2026-T2+"]),
        (
            {"a": [6, 4, 7], "b": [30, 30, 30], "c": [40, 40, 40]},
            [*TERTIALS, "2026-T2+", "2026-T3+", "2026"],
        ),
        (
            {"a": [20, 20, 6], "b": [30, 35, 30], "c": [40, 45, 40]},
            [*TERTIALS, "2026-T2+", "2026-T3+", "2026"],
        ),
    ],
)
def test_nothing_hidden_follows_from_units_city_and_year(
    session, city, unprotected, sizes, texts
):
    units = city(*sizes)
    tertials(session, units, sizes)
    released = [text for text in texts if not text.endswith("+")]
    seen = []
    for text in released:
        release(session, text)
    shown = [t for t in texts if Period.parse(t) in reporting.released_products(session)]

    seen = read_city(session, *shown)
    assert seen.hidden
    assert seen.finds() == set()

    unprotected()
    assert read_city(session, *shown).finds()


def test_late_answers_in_the_year_tell_no_tertial(session, city, unprotected):
    units = a, _, c = city("a", "b", "c")
    tertials(session, units, {"a": [6, 4, 7], "b": [30, 30, 30], "c": [40, 40, 40]})
    release(session, *TERTIALS)
    answered(session, a, MONTH["2026-T1"], happy(9, of=12))
    answered(session, c, MONTH["2026-T2"], happy(3, of=4))
    release(session, "2026")
    texts = [*TERTIALS, "2026-T2+", "2026"]

    seen = read_city(session, *texts)
    # The year of `a` is not the sum of its parts, and that of `c` did not take four answers in.
    seen.sums = [each for each in seen.sums if true_sum(seen, *each)]
    assert seen.shown["c", "2026"] == 120
    assert seen.finds() == set()

    unprotected()
    assert read_city(session, *TERTIALS).finds()


def true_sum(attacker, total, parts):
    """Whether shown counts contradict a sum: then it is none."""
    if {total, *parts} <= attacker.shown.keys():
        return attacker.shown[total] == sum(attacker.shown[part] for part in parts)
    return total[1] != "2026" or total[0] not in ("a", "city")


@pytest.mark.parametrize("n_officer", [3, 12])
def test_forms_less_those_in_a_question_do_not_tell_of_the_officers_help(
    session, city, n_officer
):
    unit, other = city("a", "b")
    helped = {"bak_svarar": "med_hjalp", "bak_hjalpare": OFFICER}
    answered(session, unit, MONTH["2026-T1"], happy(25, of=35) + [helped] * n_officer)
    answered(session, other, MONTH["2026-T1"], happy(25, of=35) + [helped] * 20)
    release(session, "2026-T1")

    told = {each.code: officers_told(session, each) for each in (unit, other)}
    in_city = reporting.city_results(session, T1).who.with_officer

    assert in_city == n_officer + 20
    hidden = [code for code, n in told.items() if n is None]
    assert hidden == ([] if n_officer >= 10 else ["a", "b"])  # b would tell a, less the city


def officers_told(session, unit):
    """All forms less those in a question: the officer's help, if its other codes are told."""
    results = reporting.unit_results(session, unit, T1)
    spread = question_of(results, "hel_nojd").distribution
    if spread.others is None:
        return None
    return results.responses.n_forms - spread.n - sum(each.n for each in spread.others)


def test_merged_distribution_is_not_taken_apart_by_the_share(session, city):
    unit, other = city("a", "b")
    steps = (("mycket_nojd", 30), ("ganska_nojd", 2), ("varken", 1), ("ganska_missnojd", 3))
    answered(session, unit, MONTH["2026-T1"], mix(36, "hel_nojd", *steps))
    answered(session, other, MONTH["2026-T1"], happy(25, of=35))
    release(session, "2026-T1")

    question = question_of(reporting.unit_results(session, unit, T1), "hel_nojd")
    share = question.figure.interval.estimate
    possible = [x for x in range(37) if abs(x / 36 - share) <= 0.005]
    by_side = Counter()
    for part in question.distribution.parts:
        by_side[part.is_favourable] += part.n
        assert part.n == 0 or part.n >= 3
    assert by_side[True] in possible  # so the share tells no more than the sides do


def test_successor_and_those_before_tell_nothing_of_each_other(session, make, unprotected):
    make.published(version=1)
    old = make.unit(code="old", name="Old", valid_to=date(2026, 4, 30))
    new = make.unit(code="new", name="New", valid_from=date(2026, 5, 1))
    rest = [make.unit(code=code, name=code.title()) for code in ("b", "c")]
    tertials(session, [old], {"old": [7]})
    tertials(session, [new], {"new": [0, 40, 40]})
    tertials(session, rest, {"b": [30, 30, 30], "c": [50, 50, 50]})
    release(session, *TERTIALS, "2026")

    texts = [*TERTIALS, "2026-T2+", "2026"]
    assert figure_of(reporting.city_results(session, YEAR), old).status is Status.FEW
    assert read_city(session, *texts).finds() == set()

    unprotected()
    assert read_city(session, *texts).finds()
