"""Attacks on what is shown: an attacker written apart from the protection finds no small group.

The attacker knows what the pages show, how the products add up and what the words mean, and
tries every hidden count with a linear programme of whole numbers. Each attack is also made on
the same answers shown without protection, where it must succeed.
"""

import random
from collections import Counter
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linprog
from sqlalchemy import delete

from surveyapp import reporting
from surveyapp.counting import OFFICER, Cell
from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Reason, Withheld
from surveyapp.periods import Period
from surveyapp.reporting import Status
from surveyapp.withholding import CITY, Product, audit, decide
from tests.released import answered, figure_of, happy, mix, question_of, release

T1, T2, T2_TO_DATE = (Period.parse(text) for text in ("2026-T1", "2026-T2", "2026-T2+"))
T3_TO_DATE, YEAR = Period.parse("2026-T3+"), Period(2026)
MONTH = {"2026-T1": date(2026, 1, 1), "2026-T2": date(2026, 5, 1), "2026-T3": date(2026, 9, 1)}
WORDS = {Status.FEW: (1, 9), Status.WITHHELD: (10, None), Status.ALIKE: (10, None)}
TERTIALS = ("2026-T1", "2026-T2", "2026-T3")
SUMS = {
    "2026-T2+": [("2026-T1", "2026-T2")],
    "2026-T3+": [TERTIALS, ("2026-T2+", "2026-T3")],
    "2026": [TERTIALS, ("2026-T2+", "2026-T3")],
}


class Attacker:
    """Shown counts and hidden ones, each with what the words allow, and sums among them."""

    def __init__(self):
        self.shown, self.hidden, self.sums = {}, {}, []

    def sees(self, key, number):
        self.shown[key] = number

    def reads(self, key, low, high):
        self.hidden[key] = (low, high)

    def adds(self, total, parts):
        if {total, *parts} <= self.shown.keys() | self.hidden.keys():
            self.sums.append((total, parts))

    def between(self, *keys):
        """The least and the greatest that hidden counts can be together, in whole numbers."""
        columns = list(self.hidden)
        place = {key: column for column, key in enumerate(columns)}
        rows, left = [], []
        for total, parts in self.sums:
            row, known = np.zeros(len(columns)), 0
            for key, sign in ((total, 1), *((part, -1) for part in parts)):
                if key in place:
                    row[place[key]] += sign
                else:
                    known += sign * self.shown[key]
            if row.any():
                rows.append(row)
                left.append(-known)
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(columns))
            for key in keys:
                goal[place[key]] = sign
            found = linprog(
                goal,
                A_eq=np.array(rows) if rows else None,
                b_eq=left or None,
                bounds=[self.hidden[key] for key in columns],
                integrality=1,
            )
            assert found.status in (0, 3, 4), found.message
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return tuple(ends)

    def finds(self):
        """Hidden counts known to fewer than three values, and pairs with under ten together."""
        found = set()
        for key in self.hidden:
            low, high = self.between(key)
            if high - low < 3:
                found.add(key)
        for total, parts in self.sums:
            gap = [part for part in parts if part in self.hidden]
            if total in self.shown and gap:
                together = self.shown[total] - sum(
                    self.shown[part] for part in parts if part in self.shown
                )
                if together < 10:
                    found.add(tuple(gap))
        return found


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
def city(make):
    make.published(version=1)
    return lambda *codes: [make.unit(code=code, name=code.title()) for code in codes]


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


# Whole random cities, without a database.

CHANNELS, GENDERS = ("tablet", "own_device", "paper"), ("kvinna", "man", "unknown")
WHO = ("sjalv", "med_hjalp", "annan", "unknown", OFFICER)


def random_part(rng, sizes):
    """Counts of one tertial: every form answers one question."""
    counts = Counter()
    usual = rng.choice([0, 0.02, 0.2])  # how usual the rare groups are
    happy_share = rng.choice([0.7, 0.9, 0.97])
    for unit, n in sizes.items():
        for _ in range(n):
            who = rng.choices(WHO, (6, 2, 2, usual, usual))[0]
            counts[Cell(Dimension.WHO, "bak_svarar", unit, 1, who, who)] += 1
            if who == OFFICER:
                continue
            code = "mycket_nojd" if rng.random() < happy_share else "mycket_missnojd"
            gender = rng.choices(GENDERS, (6, 4, usual))[0]
            channel = rng.choices(CHANNELS, (6, usual, 2))[0]
            counts[Cell(Dimension.TOTAL, "hel_nojd", unit, 1, "", code)] += 1
            counts[Cell(Dimension.GENDER, "hel_nojd", unit, 1, gender, code)] += 1
            counts[Cell(Dimension.CHANNEL, "bak_svarar", unit, 1, channel, who)] += 1
    return counts


def random_year(seed):
    """What is released of a year, step by step, on top of what is out."""
    rng = random.Random(seed)
    units = range(1, rng.randint(3, 6))
    size = [
        lambda: rng.randint(0, 12),
        lambda: rng.randint(10, 70),
        lambda: rng.randint(30, 90),
    ]
    own = {unit: rng.choice(size) for unit in units}
    t1, t2, t3 = (random_part(rng, {u: own[u]() for u in units}) for _ in range(3))
    due = dict.fromkeys(units)
    parts = [
        Product(name, dict(c), due) for name, c in zip(TERTIALS, (t1, t2, t3), strict=True)
    ]
    second = Product("2026-T2+", dict(t1 + t2), due, SUMS["2026-T2+"])
    third = Product("2026-T3+", dict(t1 + t2 + t3), due, SUMS["2026-T3+"])
    yield [parts[0]], []
    yield [parts[1], second], [parts[0]]
    yield [parts[2], third], [*parts[:2], second]


def breakdown(kind, counts, category):
    """The counts of one group of a breakdown, by unit and for the city."""
    dimension, named = {
        FigureKind.SHARE: (Dimension.TOTAL, ("",)),
        FigureKind.GENDER: (Dimension.GENDER, GENDERS[:2]),
        FigureKind.FORMS: (Dimension.WHO, WHO),
        FigureKind.WHO: (Dimension.WHO, WHO[:3]),
        FigureKind.CHANNEL: (Dimension.CHANNEL, CHANNELS),
    }[kind]
    found = Counter()
    for cell, n in counts.items():
        group = cell.category if cell.category in named else "rest"
        if kind is FigureKind.FORMS:
            group = ""
        is_officer = kind is FigureKind.CHANNEL and cell.category == OFFICER
        if (cell.dimension is dimension and group == category) or (
            is_officer and cell.dimension is Dimension.WHO and category == "rest"
        ):
            found[cell.unit_id] += n
            found[CITY] += n
    return found


GROUPS = {
    FigureKind.SHARE: ("",),
    FigureKind.FORMS: ("",),
    FigureKind.GENDER: (*GENDERS[:2], "rest"),
    FigureKind.WHO: (*WHO[:3], "rest"),
    FigureKind.CHANNEL: (*CHANNELS, "rest"),
}
BASE = {
    FigureKind.GENDER: FigureKind.SHARE,
    FigureKind.WHO: FigureKind.FORMS,
    FigureKind.CHANNEL: FigureKind.FORMS,
}


def read_all(products, decisions, kinds):
    """What an attacker notes of everything that is out; and the true counts."""
    attacker, truth = Attacker(), {}
    why = {(d.kind, d.product, d.unit_id or CITY): d.reason for d in decisions}
    for product in products:
        for kind in kinds:
            for group in GROUPS[kind]:
                counted = breakdown(kind, product.counts, group)
                for unit in (CITY, *product.due):
                    key = (kind, group, unit, product.name)
                    truth[key] = counted[unit]
                    reason = why.get((kind, product.name, unit))
                    if kind is FigureKind.GENDER and unit == CITY:
                        continue
                    if reason is None:
                        attacker.sees(key, counted[unit])
                    elif kind in BASE:
                        attacker.reads(key, 0, None)
                    elif reason is Reason.FEW:
                        attacker.reads(key, 1, 9)
                    else:
                        attacker.reads(key, 10 if counted[unit] >= 10 else 1, None)
        for kind in kinds:
            units = (CITY, *product.due)
            for group in GROUPS[kind]:
                key = (kind, group, CITY, product.name)
                attacker.adds(key, [(kind, group, u, product.name) for u in product.due])
                for names in product.sums:
                    for unit in units:
                        parts = [(kind, group, unit, name) for name in names]
                        attacker.adds((kind, group, unit, product.name), parts)
            for unit in units if kind in BASE else ():
                total = (BASE[kind], "", unit, product.name)
                attacker.adds(total, [(kind, g, unit, product.name) for g in GROUPS[kind]])
    return attacker, truth


def found_by(attacker, truth):
    """Small groups that the attacker knows to fewer than three values, all that is hidden of
    figures, and what a shown sum leaves together under ten. A figure that is the sum of parts
    that are shown tells nothing that they do not."""
    sums = {total for total, parts in attacker.sums if attacker.shown.keys() >= set(parts)}
    found = []
    for key in attacker.hidden.keys() - sums:
        kind, n = key[0], truth[key]
        if n and (kind not in BASE or n < 10):
            low, high = attacker.between(key)
            if high - low < 3:
                found.append((key, n, low, high))
    for total, parts in attacker.sums:
        gap = [part for part in parts if part in attacker.hidden]
        if total in attacker.shown and len({part[0:2] for part in (total, *parts)}) == 1:
            together = sum(truth[part] for part in gap)
            if 0 < together < 10:
                found.append((total, gap, together))
    return found


@pytest.fixture(scope="module")
def documents():
    from surveyapp.publishing import KEY, file_of
    from surveyapp.questionnaire import load
    from tests.make import QUESTIONNAIRES

    return {1: load(file_of(QUESTIONNAIRES, KEY, 1))}


FAMILIES = [
    (FigureKind.SHARE,),
    (FigureKind.SHARE, FigureKind.GENDER),
    (FigureKind.FORMS, FigureKind.WHO),
    (FigureKind.FORMS, FigureKind.CHANNEL),
]


def of_question(decisions):
    return [d for d in decisions if d.question in ("hel_nojd", "*")]


@pytest.mark.parametrize("seed", range(12))
def test_random_city_keeps_its_small_groups_all_year(documents, seed):
    before = []
    for new, earlier in random_year(seed):
        before += decide(new, earlier, before, documents, Limits())
        out = [*earlier, *new]
        assert audit(out, before, documents, Limits()) == []
        for kinds in FAMILIES:
            attacker, truth = read_all(out, of_question(before), kinds)
            assert found_by(attacker, truth) == []


def test_random_cities_are_open_to_the_attacker_without_protection(documents):
    """The same attacker finds small groups when nothing is withheld to hide others."""
    found = dict.fromkeys(FAMILIES, 0)
    for seed in range(6):
        before = []
        for new, earlier in random_year(seed):
            before += decide(new, earlier, before, documents, Limits())
        own = [d for d in of_question(before) if d.reason is not Reason.SECONDARY]
        for kinds in FAMILIES:
            attacker, truth = read_all([*earlier, *new], own, kinds)
            found[kinds] += len(found_by(attacker, truth))
    assert all(found.values()), found
