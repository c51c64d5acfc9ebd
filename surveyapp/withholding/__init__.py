"""Which figures of a release are withheld, and why: one step between counts and pages.

A figure is a question of one unit, or of the city, in one product: the released period, or the
year to date that it completes. What earlier releases showed or withheld stays as it is.

Products that are not listed here (units before a merger pooled, groups of the same form,
points of a chart, differences) are built only from figures that are themselves shown. Then
whatever could be solved for from them could be solved for from what they are built of.
"""

from surveyapp.withholding.auditing import audit
from surveyapp.withholding.cells import (
    ALL_FORMS,
    BACKGROUND,
    CITY,
    JUDGED,
    Decision,
    Hidden,
    Place,
    Product,
)
from surveyapp.withholding.deciding import decide
from surveyapp.withholding.grouping import (
    REST,
    channel_groups,
    gender_groups,
    has_share,
    totals,
    who_groups,
)

__all__ = [
    "ALL_FORMS",
    "BACKGROUND",
    "CITY",
    "JUDGED",
    "REST",
    "Decision",
    "Hidden",
    "Place",
    "Product",
    "audit",
    "channel_groups",
    "decide",
    "gender_groups",
    "has_share",
    "totals",
    "who_groups",
]
