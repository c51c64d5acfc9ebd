"""The pages of the tablet."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.i18n import staff_language

bp = Blueprint("tablet", __name__, url_prefix="/platta")


@bp.get("")
def start() -> ResponseReturnValue:
    """The start screen."""
    return render_template(
        "tablet/nothing_open.html", html_language=staff_language(), direction="ltr"
    )
