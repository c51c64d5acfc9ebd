"""Results for pages: released counts, then statistics, then what may be shown, then rows.

Nothing here reads an answer. Whatever is withheld is gone before a page sees the result.
"""

from surveyapp.reporting.breakdowns import Breakdown, breakdowns_by_gender
from surveyapp.reporting.channels import Channels
from surveyapp.reporting.city import (
    CityResults,
    IndicatorResult,
    UnitForms,
    UnitRow,
    city_results,
)
from surveyapp.reporting.comparing import Against, Compared, Comparing
from surveyapp.reporting.comparisons import (
    ComparedLine,
    Comparison,
    Hindrance,
    NoMark,
    Points,
    Side,
)
from surveyapp.reporting.distributions import Distribution, Others, Part
from surveyapp.reporting.drivers import (
    STEP,
    DriverResults,
    DriverUnit,
    Effect,
    driver_results,
)
from surveyapp.reporting.figures import Basis, Figure, Status
from surveyapp.reporting.measures import Apart, Measure, measures
from surveyapp.reporting.nonresponse import LEAST_COVERAGE, ItemResponse, NonResponse
from surveyapp.reporting.offers import Offers, Responses
from surveyapp.reporting.products import released_products
from surveyapp.reporting.provenance import Provenance
from surveyapp.reporting.question import (
    SMOOTHED_UP_TO,
    QuestionAcrossUnits,
    indicators_held,
    measures_with_share,
    question_across_units,
)
from surveyapp.reporting.records import Records
from surveyapp.reporting.rest import AgainstRest
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
    since_year_before,
    turnover,
)
from surveyapp.reporting.unit_chart import ChartedUnit, Place, UnitChart
from surveyapp.reporting.unit_facts import Driver, Fact, Known
from surveyapp.reporting.units import (
    QuestionResult,
    UnitResults,
    unit_periods,
    unit_results,
)
from surveyapp.reporting.ways import Way
from surveyapp.reporting.who import Who
from surveyapp.reporting.wordings import Since, Wording, Wordings, wordings

__all__ = [
    "LEAST_COVERAGE",
    "SMOOTHED_UP_TO",
    "STEP",
    "Against",
    "AgainstRest",
    "Apart",
    "Basis",
    "Breakdown",
    "Chain",
    "Change",
    "ChangeKind",
    "Channels",
    "ChartedUnit",
    "CityResults",
    "Compared",
    "ComparedLine",
    "Comparing",
    "Comparison",
    "Distribution",
    "Driver",
    "DriverResults",
    "DriverUnit",
    "Effect",
    "Fact",
    "Figure",
    "Hindrance",
    "History",
    "IndicatorResult",
    "ItemResponse",
    "Known",
    "Line",
    "Measure",
    "NoMark",
    "NonResponse",
    "Offers",
    "Others",
    "Part",
    "Place",
    "Point",
    "Points",
    "PooledPart",
    "Provenance",
    "QuestionAcrossUnits",
    "QuestionResult",
    "Records",
    "Responses",
    "Role",
    "Segment",
    "Side",
    "Since",
    "Status",
    "Turnover",
    "UnitChart",
    "UnitForms",
    "UnitResults",
    "UnitRow",
    "Way",
    "Who",
    "Wording",
    "Wordings",
    "breakdowns_by_gender",
    "chains",
    "city_results",
    "driver_results",
    "histories",
    "indicators_held",
    "measures",
    "measures_with_share",
    "pooled_figure",
    "question_across_units",
    "released_products",
    "since_year_before",
    "turnover",
    "unit_periods",
    "unit_results",
    "wordings",
]
