"""The code from a letter: entered by who received it, made and printed by staff."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError, ProgrammingError

from surveyapp import access_codes, collecting, occasions, organising, publishing
from surveyapp.access import Permission
from surveyapp.access_codes import Letter
from surveyapp.collecting import Occasion
from surveyapp.db import db, writing
from surveyapp.errors import CollectingError, StorageError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.limits import limits
from surveyapp.models import (
    Channel,
    FollowupType,
    FormLength,
    HandedOverBy,
    ServiceGroup,
    Unit,
)
from surveyapp.occasions import Ticket
from surveyapp.questionnaire import Questionnaire
from surveyapp.web import csrf, today
from surveyapp.web.access import note, own_unit_or_404, own_units, requires
from surveyapp.web.respond import pages
from surveyapp.web.respond.codes_form import CodesForm
from surveyapp.web.respond.throttle import throttle
from surveyapp.web.respond.views import unavailable

bp = Blueprint("codes", __name__, url_prefix="/kod")


@bp.get("", defaults={"language": None})
@bp.get("/<language>")
def enter(language: str | None) -> ResponseReturnValue:
    """Where the code is written."""
    document = _open_document()
    if document is None:
        return _nothing_open()
    return pages.code_entry(document, language or document.languages[0])


# The code itself is the proof; there is no session that another page could misuse.
@csrf.exempt
@bp.post("/<language>")
def begin(language: str) -> ResponseReturnValue:
    """Open the questions. A used code and an unknown one look the same."""
    document = _open_document()
    if document is None:
        return _nothing_open()
    if language not in document.languages:
        abort(404)
    address = request.remote_addr or ""
    if throttle("codes").is_closed_to(address):
        return pages.problem(
            _("The page is resting"),
            _("Many codes have been tried. Wait a minute and enter your code again."),
            429,
        )
    typed = request.form.get("code", "")
    secret: str = current_app.config["SECRET_KEY"]
    letter = access_codes.find(db.session, typed, secret=secret)
    if letter is None or collecting.is_known(db.session, letter.receipt):
        throttle("codes").note_failure(address)
        return pages.code_entry(document, language, typed=typed, is_unknown=True)
    ticket = _ticket(letter, document, language)
    return redirect(
        url_for(
            "respond.questions",
            key=document.key,
            version=document.version,
            language=language,
            o=occasions.issue(ticket, secret=secret),
        ),
        303,
    )


@bp.route("/nya", methods=["GET", "POST"])
@requires(Permission.CREATE_CODES)
def create() -> ResponseReturnValue:
    """Make codes for letters; the list is shown this once."""
    form = CodesForm.of(own_units(Permission.CREATE_CODES), today())
    if not form.validate_on_submit():
        return render_template("respond/codes_new.html", form=form)
    unit = own_unit_or_404(form.unit.data, Permission.CREATE_CODES)
    try:
        with writing(db.session):
            codes = access_codes.create(
                db.session,
                unit,
                form.month_chosen,
                form.n_chosen,
                secret=current_app.config["SECRET_KEY"],
            )
    except CollectingError as error:
        form.month.errors = [error_text(error)]
        return render_template("respond/codes_new.html", form=form)
    note("codes.create", f"{unit.code} {form.month_chosen:%Y-%m} {len(codes)}")
    return render_template(
        "respond/codes_list.html",
        address=url_for("codes.enter", _external=True),
        codes=codes,
        month=form.month_chosen,
        unit=unit,
    )


def _ticket(letter: Letter, document: Questionnaire, language: str) -> Ticket:
    unit = db.session.get_one(Unit, letter.unit_id)
    occasion = Occasion(
        receipt=letter.receipt,
        unit=unit.code,
        month=letter.month,
        questionnaire=document.key,
        version=document.version,
        language=language,
        channel=Channel.OWN_DEVICE,
        followup_type=FollowupType.OTHER,
        service_group=ServiceGroup.OTHER,
        handed_over_by=HandedOverBy.LETTER,
        form_length=FormLength.FULL,
    )
    return Ticket(
        occasion,
        organising.named_officers(db.session, unit.id, letter.month),
        limits(db.session).any_figure,
        letter.code_hmac,
    )


def _open_document() -> Questionnaire | None:
    return publishing.open_document(db.session, publishing.KEY, today())


def _nothing_open() -> ResponseReturnValue:
    return pages.problem(
        _("There is nothing to answer today"), _("Come back another day with your code."), 404
    )


for _trouble in (StorageError, OperationalError, ProgrammingError):
    bp.register_error_handler(_trouble, unavailable)
