"""The attacker on whole random cities and years, without a database."""

import random
from collections import Counter

import pytest

from surveyapp.counting import OFFICER, Cell
from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Reason
from surveyapp.publishing import KEY, file_of
from surveyapp.questionnaire import load
from surveyapp.withholding import CITY, Product, audit, decide
from tests.attacker import SUMS, TERTIALS, Attacker
from tests.make import QUESTIONNAIRES

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
