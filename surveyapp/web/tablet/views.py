"""The tablet in the officer's hand: enrol it, choose the unit of the day, hand it over."""

from uuid import UUID, uuid4

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from surveyapp import collecting, enrolling, occasions, organising, publishing
from surveyapp.collecting import Occasion, Submission
from surveyapp.db import db, writing
from surveyapp.errors import ReceiptConflict, StorageError
from surveyapp.i18n import gettext as _
from surveyapp.i18n import staff_language
from surveyapp.limits import limits
from surveyapp.models import (
    Channel,
    Device,
    FollowupType,
    HandedOverBy,
    Outcome,
    ServiceGroup,
    Unit,
)
from surveyapp.occasions import Ticket
from surveyapp.periods import month_of
from surveyapp.questionnaire import Questionnaire
from surveyapp.web import sealer, today
from surveyapp.web.respond.pages import html_language
from surveyapp.web.respond.throttle import throttle
from surveyapp.web.tablet import start_form
from surveyapp.web.tablet.credential import key_in_request, remember
from surveyapp.web.tablet.start_form import Chosen

bp = Blueprint("tablet", __name__, url_prefix="/platta")


@bp.get("")
def start() -> ResponseReturnValue:
    """Everything that is set before handing over, on one screen."""
    device = _device()
    if device is None:
        return _page("enrol", fault="")
    if device.last_contact_on != today():
        with writing(db.session):
            enrolling.note_contact(db.session, device.id, today())
    units = _units(device)
    unit = _unit_of_today(units)
    if unit is None or "byt" in request.args:
        return _page("unit", units=units)
    document = publishing.open_document(db.session, publishing.KEY, today())
    if document is None:
        return _page("nothing_open")
    return _start_page(unit, len(units), document, Chosen.in_form({}, document))


@bp.post("/koppla")
def enrol() -> ResponseReturnValue:
    """Give the tablet its key in exchange for the code."""
    address = request.remote_addr or ""
    if throttle("enrolment").is_closed_to(address):
        abort(429)
    with writing(db.session):
        key = enrolling.enrol(
            db.session, request.form.get("code", ""), secret=current_app.config["SECRET_KEY"]
        )
    if key is None:
        throttle("enrolment").note_failure(address)
        fault = _(
            "The code cannot be used. Check that it is typed correctly, or ask for a new one."
        )
        return _page("enrol", 422, fault=fault)
    response = make_response(redirect(url_for(".start"), 303))
    remember(response, key)
    return response


@bp.post("/enhet")
def choose_unit() -> ResponseReturnValue:
    """Remember which unit the tablet is used for today."""
    device = _device()
    if device is not None:
        units = [unit.code for unit in _units(device)]
        if request.form.get("unit") in units:
            session["platta"] = {
                "unit": request.form["unit"],
                "units": units,
                "day": today().isoformat(),
            }
    return redirect(url_for(".start"), 303)


@bp.post("")
def hand_over() -> ResponseReturnValue:
    """Open the questions for whoever is going to answer, or count that nobody will."""
    device = _device()
    units = _units(device) if device else []
    unit = _unit_of_today(units)
    document = publishing.open_document(db.session, publishing.KEY, today())
    if unit is None or document is None:
        return redirect(url_for(".start"), 303)
    chosen = Chosen.in_form(request.form, document)
    if chosen.outcome is not None:
        return _count(chosen, units, unit, document)
    if chosen.missing or chosen.handed_over_by is None:
        return _start_page(unit, len(units), document, chosen, 422)
    occasion = _occasion(chosen, unit, document)
    ticket = Ticket(
        occasion,
        organising.named_officers(db.session, unit.id, occasion.month),
        limits(db.session).any_figure,
    )
    return redirect(
        url_for(
            "respond.questions",
            key=document.key,
            version=document.version,
            language=occasion.language,
            o=occasions.issue(ticket, secret=current_app.config["SECRET_KEY"]),
        ),
        303,
    )


def _count(
    chosen: Chosen, units: list[Unit], unit: Unit, document: Questionnaire
) -> ResponseReturnValue:
    """Count an offer that was declined or could not be taken up."""
    n_units, codes = len(units), [each.code for each in units]
    name = unit.name
    submission = Submission(
        _occasion(chosen, unit, document), chosen.outcome or Outcome.DECLINED, chosen.reason
    )
    try:
        with writing(db.session):
            collecting.submit(
                db.session, submission, today=today(), units=codes, sealer=sealer()
            )
    except ReceiptConflict:
        return redirect(url_for(".start"), 303)  # the page was an old one, already counted
    except StorageError:
        unit = Unit(name=name)  # the old object would ask the database again
        fault = _("It could not be saved right now. Nothing is lost: press once more.")
        return _start_page(unit, n_units, document, chosen, 503, fault)
    flash(_("Noted: no answer this time."))
    return redirect(url_for(".start"), 303)


def _occasion(chosen: Chosen, unit: Unit, document: Questionnaire) -> Occasion:
    """What is known before the first question; what was not tapped is "other"."""
    return Occasion(
        receipt=chosen.receipt or uuid4(),
        unit=unit.code,
        month=month_of(today()),
        questionnaire=document.key,
        version=document.version,
        language=chosen.language or document.languages[0],
        channel=Channel.TABLET,
        followup_type=chosen.followup_type or FollowupType.OTHER,
        service_group=chosen.service_group or ServiceGroup.OTHER,
        handed_over_by=chosen.handed_over_by or HandedOverBy.UNKNOWN,
        form_length=chosen.form_length,
    )


def _device() -> Device | None:
    key = key_in_request()
    return enrolling.device_with(db.session, key) if key else None


def _units(device: Device) -> list[Unit]:
    """The tablet's units that exist today."""
    return [
        unit for unit in enrolling.units_of(db.session, device) if unit.is_valid_on(today())
    ]


def _unit_of_today(units: list[Unit]) -> Unit | None:
    """The only unit, or the one chosen today among the units that the tablet still has.

    Where another one was chosen before, and is gone, the only one is asked for too.
    """
    chosen = session.get("platta", {})
    if len(units) == 1 and chosen.get("unit", units[0].code) == units[0].code:
        return units[0]
    still = {"units": [unit.code for unit in units], "day": today().isoformat()}
    if {name: chosen.get(name) for name in still} != still:
        return None
    return next((unit for unit in units if unit.code == chosen.get("unit")), None)


def _start_page(
    unit: Unit,
    n_units: int,
    document: Questionnaire,
    chosen: Chosen,
    status: int = 200,
    fault: str = "",
) -> ResponseReturnValue:
    """The start screen, with what has been tapped so far."""
    if chosen.missing and status == 422:
        fault = _("Also choose: %(groups)s.", groups=", ".join(chosen.missing))
    receipt: UUID = chosen.receipt or uuid4()
    return _page(
        "start",
        status,
        chosen=chosen,
        could_not=start_form.reasons(Outcome.COULD_NOT),
        declined=start_form.reasons(Outcome.DECLINED),
        document=document,
        fault=fault,
        followup_types=start_form.followup_types(),
        form_lengths=start_form.form_lengths(document),
        handing_over=start_form.handing_over(),
        receipt=receipt.hex,
        service_groups=start_form.service_groups(),
        unit=unit,
        n_units=n_units,
        language_of=html_language,
        languages={each: document.texts.language_name[each] for each in document.languages},
    )


def _page(name: str, status: int = 200, **context: object) -> ResponseReturnValue:
    page = render_template(
        f"tablet/{name}.html", html_language=staff_language(), direction="ltr", **context
    )
    return page, status
