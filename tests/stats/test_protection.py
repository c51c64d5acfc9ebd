"""What is withheld beside the withheld: no cell can be worked out from what is shown."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveyapp.stats import Unprotectable, protect

UNITS = ["a", "b", "c", "d"]
sizes = st.one_of(st.integers(0, 12), st.integers(10, 60))


def determined(cells, partitions, unknown):
    """The unknown cells that the others give away: they are 0 in all that solves to 0."""
    columns = sorted(unknown, key=repr)
    if not columns or not partitions:
        return set()
    rows = np.array(
        [
            [float(cell == total) - float(cell in parts) for cell in columns]
            for total, parts in partitions
        ]
    )
    _, singular, directions = np.linalg.svd(rows)
    free = directions[np.count_nonzero(singular > 1e-9) :]
    return {
        cell
        for cell, moves in zip(columns, free.T, strict=True)
        if np.all(np.abs(moves) < 1e-9)
    }


def sums_of_shown(partitions, hidden):
    return {total for total, parts in partitions if hidden.isdisjoint(parts)}


def assert_safe(cells, partitions, withheld, added, threshold=10):
    hidden = {cell for cell in withheld | added if cells[cell]}
    harmless = sums_of_shown(partitions, hidden) & withheld
    assert not determined(cells, partitions, hidden) - harmless
    for total, parts in partitions:
        if total not in hidden:
            gap = [cells[part] for part in parts if part in hidden - harmless]
            assert not gap or (len(gap) > 1 and sum(gap) >= threshold), total


def assert_hopeless(cells, partitions, withheld, fixed, *, named, threshold=10):
    """Not even with everything withheld that can be is the table safe."""
    assert named in withheld
    hidden = {
        cell for cell, n in cells.items() if n and (cell in withheld or cell not in fixed)
    }
    known = cells.keys() - hidden | determined(cells, partitions, hidden)
    gaps = [
        [cells[part] for part in parts if part not in known]
        for total, parts in partitions
        if total in known
    ]
    harmless = sums_of_shown(partitions, hidden - known)
    exposed = {cell for cell in withheld if cells[cell] and cell in known} - harmless
    assert exposed or any(gap and (len(gap) == 1 or sum(gap) < threshold) for gap in gaps)


@st.composite
def tables(draw):
    """Small cells under sums that overlap in any way, and sums of these."""
    cells = {("leaf", i): draw(sizes) for i in range(draw(st.integers(2, 7)))}
    partitions = []
    for i in range(draw(st.integers(1, 5))):
        parts = draw(st.lists(st.sampled_from(sorted(cells)), min_size=1, unique=True))
        cells["sum", i] = sum(cells[part] for part in parts)
        partitions.append((("sum", i), parts))
    extra = draw(st.sets(st.sampled_from(sorted(cells)), max_size=1))
    return cells, partitions, {cell for cell, n in cells.items() if 0 < n < 10} | extra


@st.composite
def tables_partly_fixed(draw):
    """Such a table, and cells of it that are settled already."""
    table = draw(tables())
    return *table, draw(st.sets(st.sampled_from(sorted(table[0]))))


# A withheld sum of one cell: hiding that cell too is the only way to hide another.
SUM_TOLD_BY_ITS_PART = (
    {("leaf", 0): 0, ("leaf", 1): 1, ("leaf", 2): 10, ("sum", 0): 10, ("sum", 1): 11},
    [
        (("sum", 0), [("leaf", 2)]),
        (("sum", 1), [("leaf", 0), ("sum", 0), ("leaf", 1)]),
    ],
    {("leaf", 1), ("sum", 0)},
)


@st.composite
def year_tables(draw):
    """Units in a city by tertial, with the two tertials so far and the year."""
    units = UNITS[: draw(st.integers(1, 4))]
    cells = {(unit, part): draw(sizes) for unit in units for part in ("t1", "t2", "t3")}
    for part in ("t1", "t2", "t3"):
        cells["city", part] = sum(cells[unit, part] for unit in units)
    for unit in [*units, "city"]:
        cells[unit, "so far"] = cells[unit, "t1"] + cells[unit, "t2"]
        cells[unit, "year"] = cells[unit, "so far"] + cells[unit, "t3"]
    return units, cells


def partitions_of(units, periods):
    """The sums of a year as far as these periods are released."""
    sums = [("so far", ["t1", "t2"]), ("year", ["t1", "t2", "t3"]), ("year", ["so far", "t3"])]
    return [(("city", period), [(unit, period) for unit in units]) for period in periods] + [
        ((unit, total), [(unit, part) for part in parts])
        for unit in [*units, "city"]
        for total, parts in sums
        if total in periods
    ]


@settings(deadline=None, max_examples=120)
@given(tables())
def test_withheld_cell_cannot_be_solved_for(table):
    cells, partitions, withheld = table
    added = protect(cells, partitions, withheld=withheld)
    assert added.isdisjoint(withheld)
    assert all(cells[cell] for cell in added)
    assert_safe(cells, partitions, withheld, added)


@settings(deadline=None, max_examples=120)
@given(tables_partly_fixed())
@example((*SUM_TOLD_BY_ITS_PART, {("leaf", 0), ("sum", 1)}))
def test_what_is_fixed_stays_and_only_the_hopeless_is_refused(table):
    cells, partitions, withheld, fixed = table
    try:
        added = protect(cells, partitions, withheld=withheld, fixed=fixed)
    except Unprotectable as refusal:
        assert_hopeless(cells, partitions, withheld, fixed, named=refusal.cell)
    else:
        assert added.isdisjoint(fixed)
        assert_safe(cells, partitions, withheld, added)


@settings(deadline=None, max_examples=60)
@given(tables())
def test_protected_table_needs_no_more(table):
    cells, partitions, withheld = table
    added = protect(cells, partitions, withheld=withheld)
    assert protect(cells, partitions, withheld=withheld | added) == set()


@settings(deadline=None, max_examples=60)
@given(year_tables())
def test_year_released_part_by_part_never_gives_a_cell_away(table):
    units, cells = table
    withheld = {cell for cell, n in cells.items() if 0 < n < 10}
    decided: set = set()
    for periods in (["t1"], ["t1", "t2", "so far"], ["t1", "t2", "so far", "t3", "year"]):
        now = {cell: n for cell, n in cells.items() if cell[1] in periods}
        partitions = partitions_of(units, periods)
        hidden = withheld & now.keys()
        added = protect(now, partitions, withheld=hidden, fixed=decided)
        assert_safe(now, partitions, hidden, added)
        withheld |= added
        decided = set(now)


@settings(deadline=None, max_examples=60)
@given(tables())
def test_order_of_the_cells_does_not_matter(table):
    cells, partitions, withheld = table
    turned = dict(reversed(cells.items()))
    assert protect(cells, partitions, withheld=withheld) == protect(
        turned, partitions, withheld=withheld
    )


def test_one_small_unit_takes_the_smallest_other_with_it():
    cells = {"a": 41, "b": 7, "c": 120, "d": 34, "city": 202}
    assert protect(cells, [("city", ["a", "b", "c", "d"])], withheld={"b"}) == {"d"}


def test_two_small_tertials_hide_each_other_in_their_sum():
    cells = {"t1": 7, "t2": 5, "so far": 12}
    assert protect(cells, [("so far", ["t1", "t2"])], withheld={"t1", "t2"}) == set()


def test_second_tertial_is_withheld_so_that_the_sum_can_be_shown():
    cells = {"t1": 7, "t2": 20, "so far": 27}
    got = protect(cells, [("so far", ["t1", "t2"])], withheld={"t1"}, fixed={"t1"})
    assert got == {"t2"}


def test_year_is_withheld_when_its_other_tertials_are_out():
    cells = {"t1": 20, "t2": 30, "t3": 7, "year": 57}
    got = protect(cells, [("year", ["t1", "t2", "t3"])], withheld={"t3"}, fixed={"t1", "t2"})
    assert got == {"year"}


def test_year_and_tertials_that_are_out_cannot_hide_the_last():
    cells = {"t1": 20, "t2": 30, "t3": 7, "year": 57}
    with pytest.raises(Unprotectable, match="'t3'"):
        protect(
            cells,
            [("year", ["t1", "t2", "t3"])],
            withheld={"t3"},
            fixed={"t1", "t2", "year"},
        )


def test_withholding_in_the_city_is_followed_into_the_year():
    cells = {"a1": 7, "b1": 20, "c1": 90, "city1": 117, "a2": 40, "b2": 15, "c2": 80}
    cells |= {"city2": 135, "a": 47, "b": 35, "c": 170, "city": 252}
    partitions = [("city1", ["a1", "b1", "c1"]), ("city2", ["a2", "b2", "c2"])]
    partitions += [("city", ["a", "b", "c"]), ("city", ["city1", "city2"])]
    partitions += [(unit, [f"{unit}1", f"{unit}2"]) for unit in "abc"]
    # a1 takes b1 with it; then a needs a2 and b needs b2, which hide each other.
    assert protect(cells, partitions, withheld={"a1"}) == {"b1", "a2", "b2"}


def test_withheld_sum_is_not_given_away_by_its_own_parts():
    cells = {"a": 7, "b": 25, "b1": 14, "b2": 11, "c": 90, "city": 122}
    partitions = [("city", ["a", "b", "c"]), ("b", ["b1", "b2"])]
    # b hides a, but b1 + b2 would give b and so a.
    assert protect(cells, partitions, withheld={"a"}) == {"b", "b2"}


def test_sum_that_is_already_out_in_parts_hides_nobody():
    cells = {"a": 7, "b": 25, "b1": 14, "b2": 11, "c": 90, "city": 122}
    partitions = [("city", ["a", "b", "c"]), ("b", ["b1", "b2"])]
    assert protect(cells, partitions, withheld={"a"}, fixed={"b1", "b2"}) == {"c"}


def test_difference_of_two_shown_sums_is_found():
    # No partition alone gives t3 away; the year less the first two tertials does.
    cells = {"t1": 4, "t2": 8, "t3": 6, "so far": 12, "year": 18}
    partitions = [("so far", ["t1", "t2"]), ("year", ["t1", "t2", "t3"])]
    assert protect(cells, partitions, withheld={"t1", "t2", "t3"}) == {"so far"}


def test_withheld_sum_of_shown_parts_is_left_as_it_is():
    cells = {"t1": 20, "t2": 30, "year": 50}
    assert protect(cells, [("year", ["t1", "t2"])], withheld={"year"}) == set()


def test_sum_of_sums_of_shown_parts_is_left_as_it_is():
    cells = {"city": 90, "a": 50, "a1": 20, "a2": 30, "b": 40}
    partitions = [("city", ["a", "b"]), ("a", ["a1", "a2"])]
    assert protect(cells, partitions, withheld={"city", "a"}) == set()


def test_sum_known_from_one_division_is_known_in_another():
    cells = {"year": 50, "t1": 20, "t2": 30, "m1": 3, "m2": 4, "m3": 13, "m4": 30}
    partitions = [("year", ["t1", "t2"]), ("year", ["m1", "m2", "m3", "m4"])]
    assert protect(cells, partitions, withheld={"year", "m1", "m2"}) == {"m3"}


def test_smallest_part_is_taken_even_if_it_is_a_sum():
    cells = {"a": 20, "b": 25, "b1": 14, "b2": 11, "c": 30, "city": 75}
    partitions = [("city", ["a", "b", "c"]), ("b", ["b1", "b2"])]
    assert protect(cells, partitions, withheld={"a"}) == {"b", "b2"}


def test_withheld_sum_can_hide_another_once_its_own_parts_are_withheld():
    cells = {"a": 1, "b": 10, "b1": 10, "city": 11}
    partitions = [("b", ["b1"]), ("city", ["a", "b"])]
    # b is withheld, but b1 gives it away, and with it a.
    got = protect(cells, partitions, withheld={"a", "b"}, fixed={"city"})
    assert got == {"b1"}


@pytest.mark.parametrize("c", [0, 2])
def test_withheld_sum_of_a_withheld_sum_hides_too(c):
    cells = {"a": 1, "b": 30, "b1": 30, "b11": 14, "b12": 16, "c": c, "city": 31 + c}
    partitions = [("b1", ["b11", "b12"]), ("b", ["b1"]), ("city", ["a", "b", "c"])]
    withheld = {"a", "b", "b1", "c"}
    got = protect(cells, partitions, withheld=withheld, fixed={"city"})
    assert got == {"b11"}


def test_small_part_that_is_shown_is_too_small_to_hide_another():
    cells = {"a": 7, "b": 4, "c": 12, "city": 23}
    assert protect(cells, [("city", ["a", "b", "c"])], withheld={"a"}) == {"c"}


@pytest.mark.parametrize(
    ("t4", "expected"),
    [
        (20, {"t4"}),  # the finest, though "so far" is smaller
        (5, {"so far"}),  # but not when it is too small
    ],
)
def test_equation_gives_up_its_finest_large_cell(t4, expected):
    cells = {"t1": 4, "t2": 8, "t3": 6, "t4": t4, "so far": 12, "year": 18 + t4}
    partitions = [("so far", ["t1", "t2"]), ("year", ["t1", "t2", "t3", "t4"])]
    assert protect(cells, partitions, withheld={"t1", "t2", "t3"}) == expected


def test_cell_without_answers_is_no_way_out():
    cells = {"t1": 4, "t2": 8, "t3": 6, "none": 0, "so far": 12, "year": 18}
    partitions = [("so far", ["t1", "t2"]), ("year", ["t1", "t2", "t3", "none"])]
    with pytest.raises(Unprotectable, match="'t3'"):
        protect(cells, partitions, withheld={"t1", "t2", "t3"}, fixed={"so far", "year"})


def test_cells_without_answers_hide_nothing_and_need_no_hiding():
    cells = {"a": 7, "b": 0, "c": 12, "city": 19, "d": 0, "e": 30, "town": 30}
    partitions = [("city", ["a", "b", "c"]), ("town", ["d", "e"])]
    assert protect(cells, partitions, withheld={"a", "b", "d"}) == {"c"}


def test_threshold_can_be_raised():
    cells = {"a": 7, "b": 9, "c": 40, "city": 56}
    partitions = [("city", ["a", "b", "c"])]
    assert protect(cells, partitions, withheld={"a", "b"}) == set()
    assert protect(cells, partitions, withheld={"a", "b"}, threshold=20) == {"c"}


@pytest.mark.parametrize(
    ("cells", "partitions", "withheld", "quoted"),
    [
        ({"a": 7}, [], {"x"}, "'x'"),
        ({"a": 7}, [("x", ["a"])], set(), "'x'"),
        ({"a": 7}, [("a", ["x"])], set(), "'x'"),
        ({"a": 7, "b": 9, "city": 15}, [("city", ["a", "b"])], set(), "16, not 15"),
        ({"a": 7, "city": 14}, [("city", ["a", "a"])], set(), "twice"),
        ({"a": 7}, [("a", ["a"])], set(), "twice"),
        ({"a": -7}, [], set(), "-7"),
        ({"a": 7.0}, [], set(), "7.0"),
    ],
)
def test_table_that_does_not_hold_is_refused(cells, partitions, withheld, quoted):
    with pytest.raises(ValueError, match=quoted):
        protect(cells, partitions, withheld=withheld)


def test_fixed_cell_outside_the_table_is_refused():
    with pytest.raises(ValueError, match="'x'"):
        protect({"a": 7}, [], withheld=set(), fixed={"x"})


@pytest.mark.parametrize("threshold", [0, -1, 2.5])
def test_threshold_that_protects_nothing_is_refused(threshold):
    with pytest.raises(ValueError, match=str(threshold)):
        protect({"a": 7}, [], withheld=set(), threshold=threshold)
