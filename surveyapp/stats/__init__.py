"""The statistics: plain numbers in, frozen results out. Knows no web and no tables."""

from surveyapp.stats.city import Estimate, city_mean, city_share, weighted_share
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
from surveyapp.stats.intervals import (
    Interval,
    asked_population,
    share,
    shares,
    wilson,
    wilson_limits,
)
from surveyapp.stats.means import mean

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
    "city_mean",
    "city_share",
    "may_release",
    "mean",
    "merged_categories",
    "protect",
    "share",
    "shares",
    "weighted_share",
    "wilson",
    "wilson_limits",
    "withheld_units",
]
