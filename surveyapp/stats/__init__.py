"""The statistics: plain numbers in, frozen results out. Knows no web and no tables."""

from surveyapp.stats.city import Estimate, city_share, weighted_share
from surveyapp.stats.disclosure import (
    FEW_ANSWERS,
    MINIMUM_ANSWERS,
    MINIMUM_GROUP,
    NEARLY_ALL,
    Audit,
    alike,
    audit,
    breakdown_allowed,
    may_release,
    merged_categories,
    withheld_units,
)
from surveyapp.stats.exposure import pinned, ranges
from surveyapp.stats.intervals import Interval, asked_population, share, wilson
from surveyapp.stats.protection import (
    Unprotectable,
    determined,
    protect,
    sums_of_shown,
)

__all__ = [
    "FEW_ANSWERS",
    "MINIMUM_ANSWERS",
    "MINIMUM_GROUP",
    "NEARLY_ALL",
    "Audit",
    "Estimate",
    "Interval",
    "Unprotectable",
    "alike",
    "asked_population",
    "audit",
    "breakdown_allowed",
    "city_share",
    "determined",
    "may_release",
    "merged_categories",
    "pinned",
    "protect",
    "ranges",
    "share",
    "sums_of_shown",
    "weighted_share",
    "wilson",
    "withheld_units",
]
