"""Results for pages: released counts, then statistics, then what may be shown, then rows.

Nothing here reads an answer. Whatever is withheld is gone before a page sees the result.
"""

from surveyapp.reporting.breakdowns import Breakdown, breakdowns_by_gender
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
from surveyapp.reporting.drivers import (
    LEAST_UNITS,
    STEP,
    DriverResults,
    DriverUnit,
    Effect,
    driver_results,
)
from surveyapp.reporting.figures import Basis, Figure, Status
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.offers import Offers, Responses
from surveyapp.reporting.products import released_products
from surveyapp.reporting.question import (
    QuestionAcrossUnits,
    indicators_held,
    measures_with_share,
    question_across_units,
)
from surveyapp.reporting.rest import AgainstRest
from surveyapp.reporting.unit_chart import ChartedUnit, Place, UnitChart
from surveyapp.reporting.unit_facts import Driver, Fact, Known
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
    "LEAST_UNITS",
    "STEP",
    "Against",
    "AgainstRest",
    "Basis",
    "Breakdown",
    "ChartedUnit",
    "CityResults",
    "Compared",
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
    "Known",
    "Line",
    "Measure",
    "NoMark",
    "Offers",
    "Others",
    "Part",
    "Place",
    "Point",
    "Points",
    "QuestionAcrossUnits",
    "QuestionResult",
    "Responses",
    "Segment",
    "Side",
    "Status",
    "UnitChart",
    "UnitForms",
    "UnitResults",
    "UnitRow",
    "Way",
    "Who",
    "breakdowns_by_gender",
    "city_results",
    "driver_results",
    "indicators_held",
    "measures_with_share",
    "question_across_units",
    "released_products",
    "unit_periods",
    "unit_results",
]
