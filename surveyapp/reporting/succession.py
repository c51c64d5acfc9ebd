"""A unit counted together with the units it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.organising import Successions
from surveyapp.reporting.figures import Answers, Figure, Status, city_figure
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure


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


def family(ground: Ground, unit: Unit, successions: Successions) -> list[Unit]:
    """The unit and those that it came from, as far as they were there in the period.

    The unit alone where one of them went into other units too: then it is not its alone.
    """
    before = [] if successions.divided(unit.id) else successions.before(unit.id)
    there = {each.id for each in ground.units}
    return [each for each in (unit, *before) if each.id in there]


def are_comparable(ground: Ground, units: Sequence[Unit], measure: Measure) -> bool:
    """Whether every unit that was answered for was asked the question, in words that may be
    compared."""
    answered = [versions for unit in units if (versions := ground.versions(unit))]
    return all(versions & measure.versions.keys() for versions in answered)


def pooled(ground: Ground, units: Sequence[Unit], measure: Measure) -> Figure:
    """The pooled figure of units in a period."""
    parts = [
        Part(
            ground.answers(unit, measure),
            ground.figure(unit, measure),
            ground.due[unit.id],
            ground.weights[unit.id],
        )
        for unit in units
    ]
    return pooled_figure(parts, ground.limits)
