"""What can be worked out about hidden counts: checked by trying every table."""

from itertools import product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.stats import audit, pinned, ranges
from tests.stats.golden import cases, name

CELLS = ["a", "b", "c", "d"]
MOST = 6


@pytest.mark.parametrize("case", cases("audit"), ids=name)
def test_audit_meets_reference(case):
    expected = case["expected"]
    found = audit(**case["inputs"])
    for each, reference in zip(found.ranges, expected["ranges"], strict=True):
        assert each == pytest.approx(reference, abs=case["tolerance"])
    assert found.exactly_revealed == expected["exactly_revealed"]


@st.composite
def sums(draw):
    """True counts, and sums of them that overlap like the rows of a year and a city."""
    truth = {cell: draw(st.integers(0, MOST)) for cell in CELLS}
    lines = draw(st.lists(st.sets(st.sampled_from(CELLS), min_size=1), max_size=3))
    equations = [
        (dict.fromkeys(sorted(line), 1), sum(truth[c] for c in line)) for line in lines
    ]
    return truth, equations


def tried(equations):
    """Every table of whole counts that fits."""
    for values in product(range(MOST + 1), repeat=len(CELLS)):
        table = dict(zip(CELLS, values, strict=True))
        if all(sum(table[c] for c in times) == total for times, total in equations):
            yield table


@settings(deadline=None, max_examples=60)
@given(sums())
def test_ranges_hold_every_table_that_fits(example):
    _, equations = example
    found = ranges(dict.fromkeys(CELLS, (0, MOST)), equations)
    tables = list(tried(equations))
    for cell, (low, high) in found.items():
        values = [table[cell] for table in tables]
        assert low <= min(values) + 1e-7
        assert max(values) <= high + 1e-7


@settings(deadline=None, max_examples=60)
@given(sums())
def test_ranges_of_rows_and_columns_are_met(example):
    """In a table of two rows and two columns the ends are whole tables."""
    truth, _ = example
    lines = ("ab", "cd", "ac")
    equations = [(dict.fromkeys(line, 1), sum(truth[c] for c in line)) for line in lines]
    found = ranges(dict.fromkeys(CELLS, (0, MOST)), equations)
    tables = list(tried(equations))
    for cell in CELLS:
        values = [table[cell] for table in tables]
        assert found[cell] == pytest.approx((min(values), max(values)))


@settings(deadline=None, max_examples=60)
@given(sums(), st.integers(1, 4))
def test_pinned_are_all_that_whole_tables_pin(example, width):
    truth, equations = example
    found = pinned(
        dict.fromkeys(CELLS, (0, MOST)),
        equations,
        spread=dict.fromkeys(CELLS, width),
        near=truth,
    )
    tables = list(tried(equations))
    expected = {
        cell
        for cell in CELLS
        if max(t[cell] for t in tables) - min(t[cell] for t in tables) < width
    }
    assert found == expected


def test_cell_that_nothing_limits_is_infinite():
    found = ranges({"a": (0, inf), "b": (0, inf), "c": (2, inf)}, [({"a": 1, "b": -1}, 3)])
    assert found == {"a": (3, inf), "b": (0, inf), "c": (2, inf)}


def test_cells_linked_twice_can_be_infinite_too():
    links = [({"a": 1, "b": -1}, 3), ({"b": 1, "c": -1}, 0)]
    found = ranges(dict.fromkeys("abc", (0, inf)), links)
    assert found == {"a": (3, inf), "b": (0, inf), "c": (0, inf)}


@pytest.mark.parametrize(
    "equations",
    [
        [({"a": 1, "b": 1}, 13)],
        [({"a": 1, "b": 1}, 5), ({"a": 1, "b": -1}, 7)],
    ],
)
def test_sums_that_nothing_fits_are_refused(equations):
    with pytest.raises(ValueError, match=r"nothing fits.*'a'"):
        ranges({"a": (0, 6), "b": (0, 6)}, equations)


def test_equation_of_a_cell_that_is_not_hidden_is_refused():
    with pytest.raises(ValueError, match="'x'"):
        ranges({"a": (0, 6)}, [({"a": 1, "x": 1}, 3)])


@pytest.mark.parametrize(
    ("truth", "quoted"), [({"a": 4, "b": 4}, "8"), ({"a": 0, "b": 7}, "7")]
)
def test_truth_that_does_not_fit_is_refused(truth, quoted):
    with pytest.raises(ValueError, match=quoted):
        pinned({"a": (0, 6), "b": (0, 6)}, [({"a": 1, "b": 1}, 7)], spread={"a": 1}, near=truth)


@pytest.mark.parametrize(
    ("table", "rows", "columns", "hidden", "quoted"),
    [
        ([[None, 3]], [5], [2, 3], [], r"\(0, 0\)"),
        ([[2, 3]], [5], [2, 3], [(0, 1)], r"\(0, 1\)"),
        ([[None, 3]], [5], [2], [(0, 0)], "lengths"),
        ([[None, 3]], [5, 4], [2, 3], [(0, 0)], "lengths"),
        ([[None, 3]], [2], [2, 3], [(0, 0)], "2"),
        ([[None, 3]], [5], [2, 4], [(0, 0)], "4"),
        ([[None, 3]], [5], [4, 3], [(0, 0)], "nothing fits"),
        ([[None, -3]], [5], [2, 3], [(0, 0)], "-3"),
    ],
)
def test_audit_refuses_a_table_that_does_not_hold(table, rows, columns, hidden, quoted):
    with pytest.raises(ValueError, match=quoted):
        audit(table, rows, columns, hidden)
