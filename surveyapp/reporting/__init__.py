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
from surveyapp.reporting.records import Records
from surveyapp.reporting.succession import Part as PooledPart
from surveyapp.reporting.succession import pooled_figure
from surveyapp.reporting.trends import (
    Chain,
    Change,
    ChangeKind,
    History,
    Line,
    Point,
    Role,
    Segment,
    Turnover,
    chains,
    histories,
    turnover,
)
from surveyapp.reporting.units import (
    QuestionResult,
    UnitResults,
    unit_periods,
    unit_results,
)
from surveyapp.reporting.who import Who

__all__ = [
    "LEAST_COVERAGE",
    "Basis",
    "Chain",
    "Change",
    "ChangeKind",
    "Channels",
    "CityResults",
    "Distribution",
    "Figure",
    "History",
    "IndicatorResult",
    "ItemResponse",
    "Line",
    "Measure",
    "NonResponse",
    "Offers",
    "Others",
    "Part",
    "Point",
    "PooledPart",
    "Provenance",
    "QuestionResult",
    "Records",
    "Responses",
    "Role",
    "Segment",
    "Status",
    "Turnover",
    "UnitForms",
    "UnitResults",
    "UnitRow",
    "Who",
    "chains",
    "city_results",
    "histories",
    "pooled_figure",
    "released_products",
    "turnover",
    "unit_periods",
    "unit_results",
]
