"""A question's share by gender in words, or why it is not shown."""

from surveyapp import withholding
from surveyapp.i18n import gettext as _
from surveyapp.i18n import rounded
from surveyapp.limits import Limits
from surveyapp.reporting import Breakdown, Status
from surveyapp.reporting.breakdowns import MEN, WOMEN
from surveyapp.stats import Difference
from surveyapp.web.results import wording

MINUS = "\N{MINUS SIGN}"


def group_words() -> dict[str, str]:
    """The groups, in the order in which they are shown."""
    return {
        WOMEN: _("Women"),
        MEN: _("Men"),
        withholding.REST: _("Other, prefers not to say, or not stated"),
    }


def signed(points: int) -> str:
    """Whole percentage points with their sign: `+4`, `−3`, `0`."""
    return f"{MINUS if points < 0 else '+'}{abs(points)}" if points else "0"


def points_words(change: int, low: int, high: int) -> str:
    """A change with its interval: `+4 percentage points [−3; +12]`."""
    return _(
        "%(change)s percentage points [%(low)s; %(high)s]",
        change=signed(change),
        low=signed(low),
        high=signed(high),
    )


def difference_words(difference: Difference) -> str:
    """Women against men in one unit: the same case officers, so no design effect."""
    change, low, high = (
        rounded(100 * share) for share in (difference.estimate, difference.low, difference.high)
    )
    return _("Women compared with men: %(points)s.", points=points_words(change, low, high))


def status_words(breakdown: Breakdown, limits: Limits) -> str:
    """Why there is no breakdown though there may be a share."""
    if breakdown.status is Status.FEW:
        return _(
            "Women and men are not shown apart: there are fewer than %(all)s answers, or fewer "
            "than %(n)s in a group.",
            all=limits.distribution,
            n=limits.any_figure,
        )
    if breakdown.status is Status.ALIKE:
        return _("Women and men are not shown apart: in a group all answered the same.")
    return _(
        "Women and men are not shown apart: %(why)s",
        why=wording.status_words(breakdown.status, limits.any_figure),
    )
