"""Many tests at once: p-values adjusted so that chance alone seldom marks anything."""

from collections.abc import Sequence

import numpy as np

from surveyapp.stats.checking import number
from surveyapp.stats.intervals import FloatArray


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted by Holm's method: what is marked at 5 % holds for all tests together.

    The family is every test that one release can show, not only those that stand out. Where
    nothing differs, at most 5 % of releases have a mark at all.

    Parameters
    ----------
    p_values : sequence of float
        One p-value for each test, 0 to 1.

    Returns
    -------
    list of float
        Adjusted p-values in the same order, 0 to 1.

    Raises
    ------
    ValueError
        If a p-value is outside its limits.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> [round(p, 4) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    p = _checked(p_values)
    order = np.argsort(p)
    times = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(np.minimum(1, times * p[order]))
    return [float(each) for each in adjusted]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted by Benjamini and Hochberg: for a list to look closer at.

    Of what is listed at 5 %, at most 5 % are expected to be there by chance.

    Parameters
    ----------
    p_values : sequence of float
        One p-value for each test, 0 to 1.

    Returns
    -------
    list of float
        Adjusted p-values in the same order, 0 to 1.

    Raises
    ------
    ValueError
        If a p-value is outside its limits.

    References
    ----------
    Benjamini and Hochberg (1995), Controlling the false discovery rate.

    Examples
    --------
    >>> [round(p, 4) for p in benjamini_hochberg([0.01, 0.04, 0.03, 0.005])]
    [0.02, 0.04, 0.04, 0.02]
    """
    p = _checked(p_values)
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum.accumulate(np.minimum(1, len(p) * p[order] / ranks))
    return [float(each) for each in adjusted]


def _checked(p_values: Sequence[float]) -> FloatArray:
    return np.array([number("p-value", p, least=0, most=1) for p in p_values], dtype=float)
