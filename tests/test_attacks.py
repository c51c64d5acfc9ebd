"""Attacks on what is shown: an attacker written apart from the protection finds no small group.

The attacker knows what the pages show, how the products add up and what the words mean, and
tries every hidden count with a linear programme of whole numbers. Each attack is also made on
the same answers shown without protection, where it must succeed.
"""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations

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
from surveyapp.stats import Unprotectable
from surveyapp.withholding import CITY, Decision, Place, Product, audit, decide
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
