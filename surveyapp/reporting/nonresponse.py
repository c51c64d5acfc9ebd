"""Who did not answer, and how much that could mean (METHODS 7).

Everything here is reckoned from figures that are shown already, as they are shown: it can give
nothing away that they do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from surveyapp.reporting.channels import Channels
from surveyapp.reporting.figures import Figure
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.offers import Responses
from surveyapp.reporting.who import Who

LEAST_COVERAGE = 0.4  # below it no difference is marked: a convention, not a result


class Asked(NamedTuple):
    """A question and its number of answers, where that is shown.

    `figures` are those whose answers make up its share: one of a unit, or every unit's of the
    city. Empty where the question has no share.
    """

    measure: Measure
    n: int | None
    figures: Sequence[Figure] = ()


@dataclass(frozen=True)
class ItemResponse:
    """How many answered one question.

    `share` is the part of all forms. `worst` is where the share of favourable answers could
    lie among all who were due, whatever those who did not answer think; None where that cannot
    be said. Whole per cent, from 0 to 1.
    """

    measure: Measure
    n: int
    share: float
    worst: tuple[float, float] | None


@dataclass(frozen=True)
class NonResponse:
    """What a page says of those who did not answer. Without shown responses it has no rows."""

    responses: Responses
    who: Who
    channels: Channels
    items: tuple[ItemResponse, ...]

    @property
    def may_be_marked(self) -> bool:
        """Whether enough of those who were due have answered for a difference to be marked."""
        coverage = self.responses.coverage
        return coverage is not None and coverage >= LEAST_COVERAGE


def nonresponse(
    responses: Responses, who: Who, channels: Channels, asked: Iterable[Asked]
) -> NonResponse:
    """The non-response of a unit or the city."""
    items = []
    for measure, n, figures in asked:
        if n and responses.n_forms:
            share = _whole(n / responses.n_forms)
            items.append(ItemResponse(measure, n, share, _worst(figures, responses)))
    return NonResponse(responses, who, channels, tuple(items))


def _worst(figures: Sequence[Figure], responses: Responses) -> tuple[float, float] | None:
    """All who did not answer unfavourable, and all of them favourable.

    From the shares as they are shown: exact numbers of a city's units would add up to another
    figure than its own, and two of them tell more than one.
    """
    counts = [_answers(figure) for figure in figures]
    due = responses.due
    if not counts or responses.coverage is None or due is None:
        return None
    n = favourable = 0
    for count in counts:
        if count is None:
            return None
        n, favourable = n + count[0], favourable + count[1]
    return _whole(favourable / due), _whole((favourable + due - n) / due)


def _answers(figure: Figure) -> tuple[int, int] | None:
    """Answers and favourable ones, as near as the page shows them; None if it does not."""
    if figure.n is None or figure.interval is None:
        return (0, 0) if figure.is_empty else None
    return figure.n, floor(figure.n * figure.interval.estimate + 0.5 + 1e-9)


def _whole(share: float) -> float:
    return floor(share * 100 + 0.5 + 1e-9) / 100
