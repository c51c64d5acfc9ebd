"""By which channel the forms came: tablet, paper or the person's own device."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp import stats
from surveyapp.limits import Limits
from surveyapp.models import Reason
from surveyapp.reporting.figures import STATUS_OF, Status
from surveyapp.withholding import channel_groups


@dataclass(frozen=True)
class Channels:
    """Forms by channel, in the groups of `withholding.channel_groups`. Only `SHOWN` has
    numbers."""

    status: Status
    groups: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        if self.is_shown != (self.groups is not None):
            raise ValueError("forms by channel have numbers when shown, and only then")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN


def channels(
    counts: Mapping[str, int], n_forms: int, *, reason: Reason | None, limits: Limits
) -> Channels:
    """Forms by channel, unless the release or the limits withhold them as a whole."""
    if n_forms == 0:
        return Channels(Status.NO_ANSWERS)
    if reason is not None:
        return Channels(STATUS_OF[reason])
    groups = channel_groups(counts, n_forms)
    few, least = limits.distribution, limits.any_figure
    if min(groups.values()) < 0 or not stats.breakdown_allowed(
        list(groups.values()), n_forms, threshold=least, few=few
    ):
        return Channels(Status.FEW)
    return Channels(Status.SHOWN, groups)
