"""The start page, the language of the pages, the accessibility statement, and health."""

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from surveyapp.i18n import LANGUAGES
from surveyapp.web import today
from surveyapp.web.access import account_or_none
from surveyapp.web.auth.safe_next import safe_next
from surveyapp.web.start.health import checked
from surveyapp.web.start.waiting import waiting_for

bp = Blueprint("start", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for whoever is signed in; for everybody else the doors there are."""
    account = account_or_none()
    if account is None:
        return render_template("start/doors.html")
    return render_template("start/index.html", waiting=waiting_for(account, today()))


@bp.post("/sprak/<language>")
def choose_language(language: str) -> ResponseReturnValue:
    """Show the staff pages in another language, for as long as the session lasts."""
    if language not in LANGUAGES:
        raise NotFound
    session["language"] = language
    return redirect(safe_next(request.form.get("next", "")))


@bp.get("/tillganglighet")
def accessibility() -> ResponseReturnValue:
    """What the pages can do for whom, how that is tested, how to report what they cannot."""
    return render_template("start/accessibility.html")


@bp.get("/halsa")
def health() -> ResponseReturnValue:
    """For whoever watches the server: 200 when answers can be taken, else 503."""
    state = checked()
    ready = all(state.values())
    return {"ready": ready, **state}, 200 if ready else 503
