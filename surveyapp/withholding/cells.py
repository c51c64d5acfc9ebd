"""What a release is about to show: products, their places, and what is decided of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from surveyapp.counting import Cell, Counts
from surveyapp.models import Dimension, FigureKind, Reason

CITY = 0  # stands for the city among unit ids
ALL_FORMS = "*"  # stands for the questionnaire among questions
# All that is needed to decide.
JUDGED = (Dimension.TOTAL, Dimension.WHO, Dimension.GENDER, Dimension.CHANNEL)
BACKGROUND = "bakgrund"  # questions about who answered: shown as WHO only


class Place(NamedTuple):
    """A unit (or CITY) in a product."""

    product: str
    unit_id: int


class Hidden(NamedTuple):
    """A withheld figure that a reader can work out, or could; `category` of a breakdown."""

    question: str
    kind: FigureKind
    place: Place
    category: str = ""


class Decision(NamedTuple):
    """A figure that is withheld."""

    product: str
    unit_id: int | None
    question: str
    kind: FigureKind
    reason: Reason


@dataclass(frozen=True)
class Product:
    """Counts of one product, and which products add up to it."""

    name: str
    counts: Counts
    due: Mapping[int, int | None]  # follow-ups due per unit, where known
    sums: Sequence[tuple[str, ...]] = ()  # each a way to add it up from other products
    same_as: Mapping[tuple[int, str], str] = field(default_factory=dict)
    # (unit id, question) whose figure is that of another product, answer for answer

    @cached_property
    def cells_of(self) -> Mapping[tuple[Dimension, str], list[Cell]]:
        """The cells that deciding looks at, of each dimension and question."""
        found: dict[tuple[Dimension, str], list[Cell]] = defaultdict(list)
        for cell in self.counts:
            if cell.dimension in JUDGED:
                found[cell.dimension, cell.question].append(cell)
        return found
