"""Differences with weighted groups: the rest of the city, units of the same form, a year."""

from collections.abc import Sequence

import numpy as np

from surveyapp.stats.checking import (
    answers,
    confidence,
    design_effects,
    number,
    part_of,
    same_length,
    unit_weights,
    whole,
)
from surveyapp.stats.differences import Difference, share_differences
from surveyapp.stats.weighting import Strata, weighted, without_correction


def unit_against_rest(
    populations: Sequence[float],
    n: Sequence[int],
    favourable: Sequence[int],
    unit: int,
    *,
    deffs: Sequence[float] | None = None,
    level: float = 0.95,
) -> Difference | None:
    """Difference between one unit and the rest of the city, of which it is no part.

    The other units count by their eligible persons. As in every comparison there is no
    finite population correction. Times 1 - W, where W is the unit's part of the eligible,
    the estimate and its limits become the difference between the unit and the whole city;
    the p-value is the same.

    Parameters
    ----------
    populations : sequence of float
        Eligible persons of each unit, at least its `n`. Where they are not known for every
        unit, the clients of the year of all; where those are not known either, `n`.
    n : sequence of int
        Valid answers of each unit.
    favourable : sequence of int
        Favourable answers of each unit, at most its `n`.
    unit : int
        Place of the unit in the lists, from 0.
    deffs : sequence of float, optional
        Design effect of each unit, at least 1, which multiplies its variance. None is 1
        for all.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Difference or None
        On the scale -1 to 1. None if the unit or the rest has no answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Newcombe (1998), method 10, with the effective number of answers of Franco, Little, Louis
    and Slud (2019) for the rest.

    Examples
    --------
    >>> found = unit_against_rest([160, 246, 271], [46, 16, 139], [37, 15, 112], 1)
    >>> [round(x, 4) for x in found]
    [0.1323, -0.0947, 0.2161, 0.1992]
    """
    sizes, counts, hits, effects = _checked(n, favourable, deffs, populations=populations)
    place = whole("unit", unit)
    if place >= len(counts):
        raise ValueError(f"unit {unit!r} is not among {len(counts)} units")
    return _against_rest(sizes, counts, hits, effects, [place], confidence(level))[0]


def units_against_rest(
    populations: Sequence[float],
    n: Sequence[int],
    favourable: Sequence[int],
    *,
    deffs: Sequence[float] | None = None,
    level: float = 0.95,
) -> list[Difference | None]:
    """Difference between each unit and the rest of the city, as `unit_against_rest`, at once.

    Parameters
    ----------
    populations, n, favourable, deffs, level
        As in `unit_against_rest`.

    Returns
    -------
    list of Difference or None
        In the order of the units; None where the unit or the rest has no answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    Examples
    --------
    >>> city = [160, 246, 271], [46, 16, 139], [37, 15, 112]
    >>> [round(each.estimate, 4) for each in units_against_rest(*city)]
    [-0.0641, 0.1323, -0.0793]
    """
    sizes, counts, hits, effects = _checked(n, favourable, deffs, populations=populations)
    everyone = list(range(len(counts)))
    return _against_rest(sizes, counts, hits, effects, everyone, confidence(level))


def unit_against_group(
    favourable: int,
    n: int,
    group_populations: Sequence[float],
    group_n: Sequence[int],
    group_favourable: Sequence[int],
    *,
    deff: float = 1.0,
    group_deffs: Sequence[float] | None = None,
    level: float = 0.95,
) -> Difference | None:
    """Difference between a unit and other units that it is compared with, put together.

    As `unit_against_rest`, with any units in place of the rest: those of the same form of
    organisation, say. The unit itself must not be among them.

    Parameters
    ----------
    favourable, n : int
        Favourable answers and valid answers of the unit.
    group_populations, group_n, group_favourable : sequence
        The units of the group, as in `unit_against_rest`.
    deff : float
        Design effect of the unit, at least 1.
    group_deffs : sequence of float, optional
        Design effect of each unit of the group, at least 1. None is 1 for all.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Difference or None
        Unit minus group, on the scale -1 to 1. None if the unit or the group has no answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    Examples
    --------
    >>> found = unit_against_group(58, 66, [480], [210], [171], deff=1.64, group_deffs=[1.68])
    >>> [round(x, 2) for x in found]
    [0.06, -0.08, 0.17, 0.39]
    """
    count, hit = whole("n", n), whole("favourable", favourable)
    part_of("favourable", hit, "n", count)
    effect = number("deff", deff, least=1)
    strata = _strata(
        group_n, group_favourable, group_deffs, group_populations=group_populations
    )
    level = confidence(level)
    if not count or strata is None:
        return None
    group = weighted(strata, np.ones((1, len(strata.sizes))))
    p, k = np.array([hit / count]), np.array([count / effect])
    return share_differences(p, k, group.estimate, group.n_eff, level)[0]


def weighted_difference(
    populations1: Sequence[float],
    n1: Sequence[int],
    favourable1: Sequence[int],
    populations2: Sequence[float],
    n2: Sequence[int],
    favourable2: Sequence[int],
    *,
    deffs1: Sequence[float] | None = None,
    deffs2: Sequence[float] | None = None,
    level: float = 0.95,
) -> Difference | None:
    """Difference between two weighted shares: the city or a merged unit, in two years.

    Each is put together as in `city_share`, without finite population correction. The years
    are taken to be independent, though many persons answer in both: without knowing who,
    that cannot be corrected, and it makes the interval wider than it needs to be.

    Parameters
    ----------
    populations1, n1, favourable1 : sequence
        The units of the first (the later year), as in `unit_against_rest`.
    populations2, n2, favourable2 : sequence
        The units of the second. They need not be the same, nor as many.
    deffs1, deffs2 : sequence of float, optional
        Design effect of each unit, at least 1. None is 1 for all.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Difference or None
        First minus second, on the scale -1 to 1. None if one of them has no answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Newcombe (1998), method 10, with the effective number of answers of Franco, Little, Louis
    and Slud (2019).

    Examples
    --------
    >>> this_year = [320, 180], [130, 90], [115, 76]
    >>> last_year = [300, 190], [120, 80], [97, 70]
    >>> [round(x, 4) for x in weighted_difference(*this_year, *last_year)]
    [0.036, -0.0323, 0.1054, 0.2852]
    """
    one = _strata(n1, favourable1, deffs1, populations1=populations1)
    other = _strata(n2, favourable2, deffs2, populations2=populations2)
    level = confidence(level)
    if one is None or other is None:
        return None
    first = weighted(one, np.ones((1, len(one.sizes))))
    second = weighted(other, np.ones((1, len(other.sizes))))
    return share_differences(first.estimate, first.n_eff, second.estimate, second.n_eff, level)[
        0
    ]


def _against_rest(
    sizes: list[float],
    n: list[int],
    favourable: list[int],
    effects: list[float],
    places: list[int],
    level: float,
) -> list[Difference | None]:
    """Differences with the rest of the units at these places."""
    answering = [place for place, count in enumerate(n) if count]
    found: dict[int, Difference] = {}
    wanted = set(places)
    chosen = [row for row, place in enumerate(answering) if place in wanted]
    if chosen and len(answering) > 1:
        strata = _those(answering, sizes, n, favourable, effects)
        rest = np.ones((len(chosen), len(answering)))
        rest[np.arange(len(chosen)), chosen] = 0
        others = weighted(strata, rest)
        count = strata.counts.sum(axis=1)[chosen]
        p, k = strata.counts[chosen, 1] / count, count / strata.unseen[chosen]
        differences = share_differences(p, k, others.estimate, others.n_eff, level)
        found = {answering[row]: each for row, each in zip(chosen, differences, strict=True)}
    return [found.get(place) for place in places]


def _strata(
    n: Sequence[int],
    favourable: Sequence[int],
    deffs: Sequence[float] | None,
    **populations: Sequence[float],
) -> Strata | None:
    """Return the strata that have answers, or None if none has."""
    sizes, counts, hits, effects = _checked(n, favourable, deffs, **populations)
    answering = [place for place, count in enumerate(counts) if count]
    return _those(answering, sizes, counts, hits, effects) if answering else None


def _those(
    places: list[int],
    sizes: list[float],
    n: list[int],
    favourable: list[int],
    effects: list[float],
) -> Strata:
    return without_correction(
        [sizes[place] for place in places],
        [n[place] for place in places],
        [favourable[place] for place in places],
        [effects[place] for place in places],
    )


def _checked(
    n: Sequence[int],
    favourable: Sequence[int],
    deffs: Sequence[float] | None,
    **populations: Sequence[float],
) -> tuple[list[float], list[int], list[int], list[float]]:
    """Return what describes units, if it can be; `populations` under the caller's name."""
    counts, hits = answers(n, favourable)
    effects = design_effects(deffs, len(counts))
    ((name, given),) = populations.items()
    sizes = unit_weights(given, counts)
    same_length(**{name: sizes}, n=counts, deffs=effects)
    for population, count in zip(given, counts, strict=True):
        part_of("n", count, "population", population)
    return sizes, counts, hits, effects
