"""Answers about the same case officer resemble each other: how much less they are worth."""

from math import floor

from surveyapp.stats.checking import number, part_of, whole


def assumed_design_effect(
    n: int, population: int | None, *, icc: float = 0.02, per_officer: float = 75
) -> float:
    """How many times larger the variance is because officers differ, by assumption.

    Who answered about whom is not stored, so the number of officers is guessed from the
    number of eligible persons. For what is compared between units and between years, never
    for a unit's own figure or between groups of one unit in one period: these have the
    same officers.

    Parameters
    ----------
    n : int
        Valid answers.
    population : int or None
        Eligible persons, at least `n`. None when they are not known; they then count as
        `n`, which makes the officers few and the effect large.
    icc : float
        How alike answers about the same officer are assumed to be, 0 to 1.
    per_officer : float
        Eligible persons of each officer, above 0.

    Returns
    -------
    float
        At least 1.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    References
    ----------
    Kish (1965), Survey Sampling, ch. 5: 1 + (b - 1) times `icc`, with b answers about each
    officer.

    Examples
    --------
    >>> round(assumed_design_effect(398, 980), 4)
    1.5923
    >>> round(assumed_design_effect(398, None), 4)
    2.572
    """
    n = whole("n", n)
    eligible = n if population is None else whole("population", population)
    part_of("n", n, "population", eligible)
    icc = number("icc", icc, least=0, most=1)
    if not number("per_officer", per_officer, least=0):
        raise ValueError(f"per_officer must be above 0, got {per_officer!r}")
    officers = max(1, floor(eligible / per_officer + 0.5))
    return max(1.0, 1 + (n / officers - 1) * icc)
