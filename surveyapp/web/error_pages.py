"""Error pages: what happened, that nothing is lost, what to do. Never a traceback."""

from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException

from surveyapp.db import db
from surveyapp.errors import N_, StorageError

RETRY_AFTER = 10  # seconds


@dataclass(frozen=True)
class Advice:
    """The words of one error page."""

    title: str
    happened: str
    todo: str


ADVICE = {
    400: Advice(
        N_("The page could not read what was sent"),
        N_("Something in the address or in the form was not as expected. Nothing was saved."),
        N_("Go back one page, load it again and try once more."),
    ),
    401: Advice(
        N_("You are no longer signed in"),
        N_(
            "You are signed out after an hour without activity. What you just sent was not "
            "saved; everything that you saved before is still there."
        ),
        N_("Sign in and do the last step again."),
    ),
    403: Advice(
        N_("This page is not for your account"),
        N_("Your account may not open it. Nothing is lost."),
        N_("If you need it at work, ask whoever is in charge of accounts."),
    ),
    404: Advice(
        N_("The page is not here"),
        N_(
            "The address may be misspelt, or the page belongs to a unit that is not yours. "
            "Nothing is lost."
        ),
        N_("Check the address, or go to the start page."),
    ),
    405: Advice(
        N_("The page cannot be opened this way"),
        N_("The address is only used for sending something in. Nothing is lost."),
        N_("Go to the start page and find your way from there."),
    ),
    413: Advice(
        N_("That was too much at once"),
        N_("What was sent is larger than the page can take. Nothing was saved."),
        N_("Go back, shorten the text and send again."),
    ),
    415: Advice(
        N_("The page could not read what was sent"),
        N_("It came in a form that the page does not know. Nothing was saved."),
        N_("Go back one page, load it again and try once more."),
    ),
    429: Advice(
        N_("Too many attempts"),
        N_("There have been many attempts in a short time. Nothing is lost."),
        N_("Wait a few minutes and try again."),
    ),
    500: Advice(
        N_("Something went wrong here"),
        N_("The fault is ours and has been noted. What was already saved is still there."),
        N_("Go back and try again. If it happens again, tell whoever looks after the system."),
    ),
    503: Advice(
        N_("It cannot be saved or fetched right now"),
        N_(
            "The store of answers cannot be reached just now. What was already saved is still "
            "there, but what you just sent may not have been saved."
        ),
        N_("Leave the page open, wait a minute, and try again."),
    ),
}
STALE_FORM = Advice(
    N_("The page had become too old"),
    N_("The form was opened before you signed in or out, so it was not saved."),
    N_("Go back one page, load it again and send once more."),
)


def install(app: Flask) -> None:
    """Answer every error with a page in plain words; Flask logs what was not foreseen."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    for kind in (StorageError, OperationalError, ProgrammingError):
        app.register_error_handler(kind, _storage)


def error_page(code: int, advice: Advice) -> Response:
    """The page for an error; it is shown without the database too."""
    if code >= 500:
        db.session.rollback()
        g.without_database = True
    try:
        page = render_template("errors/page.html", advice=advice, code=code)
    except (OperationalError, ProgrammingError):
        if code == 503:
            raise  # not again and again
        return error_page(503, ADVICE[503])
    response = make_response(page, code)
    if code == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    response = error_page(code, ADVICE.get(code) or ADVICE[500 if code >= 500 else 400])
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, STALE_FORM)


def _storage(error: Exception) -> ResponseReturnValue:
    cause = getattr(error.__cause__ or error, "orig", error)  # without the values it carried
    current_app.logger.error("The database does not answer: %s", cause)
    return error_page(503, ADVICE[503])
