"""What the address of a results page chooses."""

from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.errors import SurveyError
from surveyapp.periods import Period


def chosen_period(periods: Sequence[Period]) -> Period:
    """The period in the address, or the newest."""
    text = request.args.get("period", "")
    try:
        return Period.parse(text) if text else periods[0]
    except SurveyError:
        abort(404)


def not_released(periods: Sequence[Period], address: str) -> ResponseReturnValue:
    """The page that says so and lets another be chosen."""
    page = render_template("results/not_released.html", periods=periods, address=address)
    return page, 404
