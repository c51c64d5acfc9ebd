"""The statistics: plain numbers in, frozen results out. Knows no web and no tables."""

from surveyapp.stats.city import Estimate, city_mean, city_share, weighted_share
from surveyapp.stats.clustering import assumed_design_effect
from surveyapp.stats.differences import Difference, mean_difference, share_difference
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
from surveyapp.stats.drivers import (
    FEWEST_UNITS,
    DriverEffect,
    DriverTest,
    driver_effect,
    driver_p_values,
)
from surveyapp.stats.exposure import pinned, ranges
from surveyapp.stats.funnel import Funnel, FunnelUnit, funnel
from surveyapp.stats.groups import (
    unit_against_group,
    unit_against_rest,
    units_against_rest,
    weighted_difference,
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
from surveyapp.stats.multiplicity import benjamini_hochberg, holm
from surveyapp.stats.nonresponse import Nonresponse, nonresponse
from surveyapp.stats.protection import (
    Unprotectable,
    determined,
    protect,
    sums_of_shown,
)
from surveyapp.stats.smoothing import SmoothedShares, smoothed_shares

__all__ = [
    "FEWEST_UNITS",
    "FEW_ANSWERS",
    "MINIMUM_ANSWERS",
    "MINIMUM_GROUP",
    "NEARLY_ALL",
    "Audit",
    "Difference",
    "DriverEffect",
    "DriverTest",
    "Estimate",
    "Funnel",
    "FunnelUnit",
    "Interval",
    "Nonresponse",
    "SmoothedShares",
    "Unprotectable",
    "alike",
    "asked_population",
    "assumed_design_effect",
    "audit",
    "benjamini_hochberg",
    "breakdown_allowed",
    "city_mean",
    "city_share",
    "determined",
    "driver_effect",
    "driver_p_values",
    "funnel",
    "holm",
    "may_release",
    "mean",
    "mean_difference",
    "merged_categories",
    "nonresponse",
    "pinned",
    "protect",
    "ranges",
    "share",
    "share_difference",
    "shares",
    "smoothed_shares",
    "sums_of_shown",
    "unit_against_group",
    "unit_against_rest",
    "units_against_rest",
    "weighted_difference",
    "weighted_share",
    "wilson",
    "wilson_limits",
    "withheld_units",
]
