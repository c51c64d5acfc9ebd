"""A question's share by gender in words, or why it is not shown."""

from surveyapp import withholding
from surveyapp.i18n import gettext as _
from surveyapp.limits import Limits
from surveyapp.reporting import Breakdown, Points, Status
from surveyapp.reporting.breakdowns import MEN, WOMEN
from surveyapp.web.results import wording
from surveyapp.web.results.comparison_words import points_words


def group_words() -> dict[str, str]:
    """The groups, in the order in which they are shown."""
    return {
        WOMEN: _("Women"),
        MEN: _("Men"),
        withholding.REST: _("Other, prefers not to say, or not stated"),
    }


def difference_words(difference: Points) -> str:
    """Women against men in one unit: the same case officers, so no design effect."""
    return _("Women compared with men: %(points)s.", points=points_words(difference))


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
