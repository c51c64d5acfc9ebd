"""Those who did not answer: how many, how unevenly, and what they could change."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from surveyapp.stats.checking import part_of, same_length, whole, wholes


class Nonresponse(NamedTuple):
    """How well those who answered represent those who could have; shares from 0 to 1.

    `r_indicator` is 1 when all groups answer alike; `r_adjusted` is free of what chance alone
    takes from it in a small unit. `cv` is how much the groups' rates vary, as a part of the
    rate. `max_bias` is how wrong a share can be because of the groups, and `worst_low` and
    `worst_high` what it lies between whatever the others think. None: not defined.
    """

    response_rate: float
    r_indicator: float | None
    r_adjusted: float | None
    cv: float | None
    max_bias: float | None
    worst_low: float | None
    worst_high: float | None


def nonresponse(
    populations: Sequence[int], n: Sequence[int], favourable: int | None = None
) -> Nonresponse | None:
    """Response rate, R-indicator and the bounds of what non-response can do to a share.

    Parameters
    ----------
    populations : sequence of int
        Eligible persons of each group (age by sex, say), at least its `n`.
    n : sequence of int
        Valid answers of each group.
    favourable : int, optional
        Favourable answers of all groups together, at most their `n`. Without it `max_bias`,
        `worst_low` and `worst_high` are None.

    Returns
    -------
    Nonresponse or None
        None if there are no eligible persons. The R-indicators need two persons and `cv`
        and `max_bias` an answer, else they are None.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Schouten, Cobben and Bethlehem (2009), Indicators for the representativeness of survey
    response. Shlomo, Skinner and Schouten (2012), for the adjustment. Manski (2003), for the
    worst case.

    Examples
    --------
    >>> found = nonresponse([359, 65, 313, 237], [231, 52, 115, 69], 394)
    >>> [round(x, 4) for x in found]
    [0.4795, 0.6567, 0.6604, 0.3542, 0.1286, 0.4045, 0.9251]
    """
    sizes, counts = wholes("populations", populations), wholes("n", n)
    same_length(populations=sizes, n=counts)
    groups = list(zip(sizes, counts, strict=True))
    for size, count in groups:
        part_of("n", count, "population", size)
    total, answered = sum(sizes), sum(counts)
    if favourable is not None:
        favourable = whole("favourable", favourable)
        part_of("favourable", favourable, "n", answered)
    if not total:
        return None
    variation = _variation(groups)
    cv = sqrt(variation[1]) * total / answered if variation and answered else None
    max_bias = low = high = None
    if favourable is not None:
        low = favourable / total
        high = (favourable + total - answered) / total
        if cv is not None:
            p = favourable / answered
            max_bias = cv * sqrt(p * (1 - p))
    return Nonresponse(
        answered / total,
        1 - 2 * sqrt(variation[0]) if variation else None,
        1 - 2 * sqrt(variation[1]) if variation else None,
        cv,
        max_bias,
        low,
        high,
    )


def _variation(groups: list[tuple[int, int]]) -> tuple[float, float] | None:
    """Return the variance of response between persons' groups, as it is and adjusted."""
    total, answered = (sum(each) for each in zip(*groups, strict=True))
    if total < 2:
        return None
    rate = answered / total
    between = chance = 0.0
    for size, count in groups:
        if size:
            between += size * (count / size - rate) ** 2
        if size > 1:  # a group of one tells nothing of how it varies
            own = count / size * (1 - count / size) * size / (size - 1)
            chance += own * (1 - size / total)
    return between / (total - 1), max(between - chance, 0.0) / (total - 1)
