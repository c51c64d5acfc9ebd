"""A unit counted together with the units it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.limits import Limits
from surveyapp.reporting.figures import Answers, Figure, Status, city_figure


@dataclass(frozen=True)
class Part:
    """What one unit adds to a pooled figure. `figure` is its own, as it is shown."""

    answers: Answers
    figure: Figure
    due: int | None  # follow-ups due
    clients: int | None  # its weight where those are not known


def pooled_figure(parts: Sequence[Part], limits: Limits) -> Figure:
    """The figure of a unit and its predecessors together, never an average of their shares.

    As the city's: with the units as strata where every number due is known (METHODS 4), else
    weighted by clients, else with the counts added.

    It is shown only if every part that has answers is shown itself. Then it is made of counts
    that are out already and nothing new can be worked out from it: a part that is withheld
    would be what the pooled figure holds beyond the others. For the same reason no release has
    to decide about it.
    """
    if any(part.answers.n and not part.figure.is_shown for part in parts):
        return Figure(Status.WITHHELD)
    return city_figure(
        [part.answers for part in parts],
        due=[part.due for part in parts],
        clients=[part.clients for part in parts],
        reason=None,
        limits=limits,
    )
