"""Other values that fit the same sums: whatever is found must fit them."""

from math import inf
from random import Random

from surveyapp.stats.moves import Moves


def random_sums(rng):
    """True values, what is known of each, and sums over some of them."""
    near = {cell: rng.randint(0, 20) for cell in "abcdefgh"}
    bounds = {cell: rng.choice([(0, inf), (n, n + 5), (0, n)]) for cell, n in near.items()}
    equations = []
    for _ in range(rng.randint(1, 5)):
        times = {cell: rng.choice([1, -1, 2]) for cell in rng.sample("abcdefgh", 4)}
        equations.append((times, sum(by * near[cell] for cell, by in times.items())))
    return bounds, equations, near


def test_what_is_found_fits_all_that_is_known():
    n_found = 0
    for seed in range(300):
        rng = Random(seed)
        bounds, equations, near = random_sums(rng)
        moves = Moves(bounds, equations, near)
        for cell in near:
            by = rng.choice([-3, -1, 1, 3])
            found = moves.find(cell, by)
            if found is None:
                continue
            n_found += 1
            values = near | found
            assert values[cell] == near[cell] + by
            assert all(low <= values[c] <= high for c, (low, high) in bounds.items())
            assert all(value == int(value) for value in values.values())
            for times, total in equations:
                assert sum(step * values[c] for c, step in times.items()) == total
    assert n_found


def test_a_value_without_room_is_not_moved():
    near = {"a": 4, "b": 6}
    equations = [({"a": 1, "b": 1}, 10)]

    assert Moves({"a": (0, 9), "b": (6, 6)}, equations, near).find("a", 1) is None
    assert Moves({"a": (0, 9), "b": (5, 6)}, equations, near).find("a", 1) == {"a": 5, "b": 5}
    assert Moves({"a": (0, 4), "b": (5, 6)}, equations, near).find("a", 1) is None
