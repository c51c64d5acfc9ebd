"""Answering with the code of a letter: one page per version and language, one address to send
to, and the end."""

from dataclasses import replace

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from surveyapp import access_codes, collecting, occasions
from surveyapp.collecting import Submission
from surveyapp.db import db, writing
from surveyapp.errors import CannotAccept, ReceiptConflict, StorageError
from surveyapp.i18n import gettext as _
from surveyapp.models import Outcome
from surveyapp.occasions import Ticket
from surveyapp.web import csrf, sealer, today
from surveyapp.web.answer_form import PREFIX, answers_in, too_long
from surveyapp.web.respond import pages, wording
from surveyapp.web.respond.pages import Shape

bp = Blueprint("respond", __name__, url_prefix="/svara")
# The signed token in the page proves that it is ours; there is no session to misuse.
csrf.exempt(bp)
wording.install(bp)

# What the buttons send, beside "send": two of "Stop now", and Enter where nothing is sent yet.
KEEP, DROP, AGAIN = "keep", "drop", "again"
FORM = "application/x-www-form-urlencoded"


@bp.get("/<key>/<int:version>/<language>")
def questions(key: str, version: int, language: str) -> ResponseReturnValue:
    """The form; for an occasion that has been answered, the end."""
    token = request.args.get("o", "")
    ticket = _ticket(token, key, version, language)
    shape = Shape.of(ticket, language)
    if collecting.is_known(db.session, ticket.occasion.receipt):
        return redirect(pages.done_address(shape), 303)
    return pages.questions(shape).response(token)


@bp.post("/<key>/<int:version>/<language>")
def send(key: str, version: int, language: str) -> ResponseReturnValue:
    """Take the answers, or that there are none. Whatever it was, the end looks the same."""
    _check_body()
    token = request.form.get("o", "")
    ticket = _ticket(token, key, version, language)
    shape = Shape.of(ticket, language)
    if _is_withdrawn(ticket):
        document = pages.document_or_404(key, version)
        return pages.code_entry(document, language, is_unknown=True)
    if request.form.get("outcome") == AGAIN:
        return pages.questions_again(shape, token, answers_in(request.form))
    submission = _submission(ticket, language)
    if submission.outcome in collecting.WITH_ANSWERS:
        document = pages.document_or_404(key, version)
        if faults := too_long(document, submission.answers):
            return pages.questions_again(shape, token, submission.answers, faults)
    try:
        with writing(db.session):
            collecting.submit(
                db.session, submission, today=today(), units=None, sealer=sealer()
            )
    except ReceiptConflict:
        return redirect(pages.done_address(shape, was_sent_before=True), 303)
    except (StorageError, OperationalError, ProgrammingError) as error:
        _log(error)
        return pages.trouble(shape, _what_was_sent())
    _use_up(ticket)
    return redirect(pages.done_address(shape), 303)


@bp.get("/klart/<key>/<int:version>/<language>")
def done(key: str, version: int, language: str) -> ResponseReturnValue:
    """The end. It knows nothing of what was answered."""
    was_sent_before = "redan" in request.args
    return pages.done(key, version, language, was_sent_before=was_sent_before).response()


def _ticket(token: str, key: str, version: int, language: str) -> Ticket:
    try:
        ticket = occasions.read(token, secret=current_app.config["SECRET_KEY"])
    except CannotAccept:
        abort(400)
    occasion = ticket.occasion
    if (occasion.questionnaire, occasion.version) != (key, version):
        abort(400)
    if language not in pages.document_or_404(key, version).languages:
        abort(404)
    return ticket


def _check_body() -> None:
    if request.content_length == 0:
        abort(400)
    if request.mimetype != FORM:
        abort(415)


def _submission(ticket: Ticket, language: str) -> Submission:
    answers = answers_in(request.form)
    wish = request.form.get("outcome", "")
    if wish == DROP or (wish == KEEP and not answers):
        outcome, answers = Outcome.STOPPED, {}
    else:
        outcome = Outcome.PARTLY if wish == KEEP else Outcome.ANSWERED
    return Submission(
        occasion=replace(ticket.occasion, language=language),
        outcome=outcome,
        answers=answers,
        free_of_script=request.form.get("script", "") != "1",
    )


def _is_withdrawn(ticket: Ticket) -> bool:
    """Whether the code of a letter has gone without this answer having come under it."""
    return (
        ticket.code_hmac != ""
        and not access_codes.is_open(db.session, ticket.code_hmac)
        and not collecting.is_known(db.session, ticket.occasion.receipt)
    )


def _use_up(ticket: Ticket) -> None:
    """Forget the code of a letter, apart from the answer. Left behind by a crash it does no
    harm: what is sent under it again is the same answer."""
    if not ticket.code_hmac:
        return
    try:
        with writing(db.session):
            access_codes.use_up(db.session, ticket.code_hmac)
    except StorageError as error:
        _log(error)


def _what_was_sent() -> list[tuple[str, str]]:
    """The fields that a new attempt has to send, as they came."""
    known = ("o", "script", "outcome")
    return [
        (name, value)
        for name, value in request.form.items()
        if name in known or name.startswith(PREFIX)
    ]


def _log(error: Exception) -> None:
    """Say what the database answered, without the values it was given."""
    cause = getattr(error.__cause__ or error, "orig", error)
    current_app.logger.error("The database does not answer: %s", cause)


@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> ResponseReturnValue:
    """What to do, in one sentence, on a page without menu."""
    if error.response is not None:
        return error
    asking = _("Enter the code from your letter again.")
    match error:
        case InternalServerError():
            return _unforeseen()
        case RequestEntityTooLarge():
            return pages.problem(
                _("That was too much text"),
                _("Go back one page, shorten the text and send again."),
                413,
            )
        case UnsupportedMediaType():
            return pages.problem(_("The answers did not arrive"), asking, 415)
        case NotFound():
            return pages.problem(_("These questions are not here"), asking, 404)
        case BadRequest():
            return pages.problem(_("The questions must be opened again"), asking, 400)
    return pages.problem(_("The page cannot be opened this way"), asking, error.code or 500)


def _unforeseen() -> Response:
    """The fault is ours: answers that were on their way stay in the page."""
    db.session.rollback()
    if request.method == "POST" and request.endpoint == "respond.send":
        token = request.form.get("o", "")
        ticket = occasions.read(token, secret=current_app.config["SECRET_KEY"])
        language = (request.view_args or {})["language"]
        return pages.trouble(Shape.of(ticket, language), _what_was_sent())
    return pages.problem(
        _("The questions cannot be shown right now"),
        _("Wait a minute and load the page again. Nothing is lost."),
        500,
    )


@bp.errorhandler(StorageError)
@bp.errorhandler(OperationalError)
@bp.errorhandler(ProgrammingError)
def unavailable(error: Exception) -> Response:
    """The database does not answer. What was on its way stays in the page."""
    _log(error)
    db.session.rollback()
    if request.method == "POST" and request.endpoint == "respond.send":
        return pages.kept(request.path, _what_was_sent())
    return pages.problem(
        _("The questions cannot be shown right now"),
        _("Wait a minute and load the page again. Nothing is lost."),
        503,
    )
