"""The statistics: plain numbers in, frozen results out. Knows no web and no tables."""

from surveyapp.stats.city import Estimate, city_share, weighted_share
from surveyapp.stats.disclosure import (
    FEW_ANSWERS,
    MINIMUM_ANSWERS,
    MINIMUM_GROUP,
    NEARLY_ALL,
    Unprotectable,
    alike,
    breakdown_allowed,
    may_release,
    merged_categories,
    protect,
    withheld_units,
)
from surveyapp.stats.intervals import Interval, asked_population, share, wilson

__all__ = [
    "FEW_ANSWERS",
    "MINIMUM_ANSWERS",
    "MINIMUM_GROUP",
    "NEARLY_ALL",
    "Estimate",
    "Interval",
    "Unprotectable",
    "alike",
    "asked_population",
    "breakdown_allowed",
    "city_share",
    "may_release",
    "merged_categories",
    "protect",
    "share",
    "weighted_share",
    "wilson",
    "withheld_units",
]
