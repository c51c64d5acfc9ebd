"""Results for pages: released counts, then statistics, then what may be shown, then rows.

Nothing here reads an answer. Whatever is withheld is gone before a page sees the result.
"""

from surveyapp.reporting.city import (
    CityResults,
    IndicatorResult,
    UnitForms,
    UnitRow,
    city_results,
)
from surveyapp.reporting.comparing import Against, Compared, Comparing, Line
from surveyapp.reporting.comparisons import Comparison, Hindrance, NoMark, Points, Side
from surveyapp.reporting.distributions import Distribution, Others, Part
from surveyapp.reporting.figures import Basis, Figure, Status
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.offers import Offers, Responses
from surveyapp.reporting.products import released_products
from surveyapp.reporting.rest import AgainstRest
from surveyapp.reporting.units import (
    History,
    Point,
    QuestionResult,
    Segment,
    UnitResults,
    unit_periods,
    unit_results,
)
from surveyapp.reporting.ways import Way
from surveyapp.reporting.who import Who

__all__ = [
    "Against",
    "AgainstRest",
    "Basis",
    "CityResults",
    "Compared",
    "Comparing",
    "Comparison",
    "Distribution",
    "Figure",
    "Hindrance",
    "History",
    "IndicatorResult",
    "Line",
    "Measure",
    "NoMark",
    "Offers",
    "Others",
    "Part",
    "Point",
    "Points",
    "QuestionResult",
    "Responses",
    "Segment",
    "Side",
    "Status",
    "UnitForms",
    "UnitResults",
    "UnitRow",
    "Way",
    "Who",
    "city_results",
    "released_products",
    "unit_periods",
    "unit_results",
]
