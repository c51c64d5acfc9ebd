"""Results for pages: released counts, then statistics, then what may be shown, then rows.

Nothing here reads an answer. Whatever is withheld is gone before a page sees the result.
"""

from surveyapp.reporting.channels import Channels
from surveyapp.reporting.city import (
    CityResults,
    IndicatorResult,
    UnitForms,
    UnitRow,
    city_results,
)
from surveyapp.reporting.distributions import Distribution, Others, Part
from surveyapp.reporting.figures import Basis, Figure, Status
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.nonresponse import LEAST_COVERAGE, ItemResponse, NonResponse
from surveyapp.reporting.offers import Offers, Responses
from surveyapp.reporting.products import released_products
from surveyapp.reporting.provenance import Provenance
from surveyapp.reporting.units import (
    History,
    Point,
    QuestionResult,
    Segment,
    UnitResults,
    unit_periods,
    unit_results,
)
from surveyapp.reporting.who import Who

__all__ = [
    "LEAST_COVERAGE",
    "Basis",
    "Channels",
    "CityResults",
    "Distribution",
    "Figure",
    "History",
    "IndicatorResult",
    "ItemResponse",
    "Measure",
    "NonResponse",
    "Offers",
    "Others",
    "Part",
    "Point",
    "Provenance",
    "QuestionResult",
    "Responses",
    "Segment",
    "Status",
    "UnitForms",
    "UnitResults",
    "UnitRow",
    "Who",
    "city_results",
    "released_products",
    "unit_periods",
    "unit_results",
]
