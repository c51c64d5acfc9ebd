"""What a tablet asks of the server: its enrolment, how things are, and taking what it sends."""

from datetime import date
from types import NoneType
from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from surveyapp import delivering, enrolling, moving, organising, sealing
from surveyapp.db import db, writing
from surveyapp.enrolling import Said
from surveyapp.errors import CollectingError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.models import Unit
from surveyapp.periods import month_of
from surveyapp.web import sealer, today
from surveyapp.web.respond.throttle import throttle
from surveyapp.web.tablet.move_views import uuids
from surveyapp.web.tablet.signed import sent_object, signed_by, speaks_json

bp = Blueprint("tablet_api", __name__, url_prefix="/platta")
speaks_json(bp)

MOST_UNDELIVERED = 1_000_000
LONGEST_VERSION = 60  # signs


@bp.post("/koppla")
def enrol() -> ResponseReturnValue:
    """Remember the tablet's public key in exchange for the code."""
    address = request.remote_addr or ""
    if throttle("enrolment").is_closed_to(address):
        return jsonify(fault=_("Many codes have been tried. Wait a minute and try again.")), 429
    sent = sent_object()
    try:
        with writing(db.session):
            device = enrolling.enrol(
                db.session,
                str(sent.get("code", "")),
                str(sent.get("public_key", "")),
                secret=current_app.config["SECRET_KEY"],
            )
            known = device and {"tablet": device.id, "name": device.name}
    except CollectingError as error:
        return jsonify(fault=error_text(error)), 422
    if not known:
        throttle("enrolment").note_failure(address)
        fault = _(
            "The code cannot be used. Check that it is typed correctly, or ask for a new one."
        )
        return jsonify(fault=fault), 422
    return jsonify(known)


@bp.post("/lage")
def state() -> ResponseReturnValue:
    """Hear how the tablet is, and say what it needs to know."""
    device = signed_by()
    if device.is_revoked:
        return jsonify(revoked=True), 403
    sent, device_id, name = sent_object(), device.id, device.name
    said, moves = _said(sent), uuids(sent.get("moves", []))
    if not enrolling.has_said(device, today(), said):
        with writing(db.session):
            enrolling.report(db.session, device_id, today(), said)
    key = sealer().key
    return jsonify(
        name=name,
        today=today().isoformat(),
        sealing_key={"id": key.id, "public": sealing.base64url(key.public)},
        units=[_unit(unit) for unit in enrolling.units_of(db.session, device_id)],
        moves=moving.states(db.session, moves),
    )


@bp.post("/kuvert")
def envelope() -> ResponseReturnValue:
    """Take a sealed envelope; its hash says that this very one has arrived."""
    device = signed_by()
    body = request.get_data()
    delivering.deliver(db.session, device, body, today=today(), sealer=sealer())
    return jsonify(received=sealing.digest(body))


def _unit(unit: Unit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
        "named_officers": organising.named_officers(db.session, unit.id, month_of(today())),
    }


def _said(sent: dict[str, Any]) -> Said:
    """What the tablet says of itself; 400 if it says something that it cannot mean."""
    try:
        undelivered, version, oldest = sent["undelivered"], sent["app"], sent.get("oldest")
        persisted = sent.get("persisted")
        if type(undelivered) is not int or not 0 <= undelivered < MOST_UNDELIVERED:
            raise ValueError("not a number of answers")
        if not (isinstance(version, str) and version.isprintable()):
            raise ValueError("not a version")
        if type(persisted) not in (bool, NoneType):
            raise ValueError("neither yes nor no")
        oldest_on = None if oldest is None else date.fromisoformat(oldest)
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("The tablet says something that it cannot mean.") from error
    return Said(undelivered, oldest_on, version[:LONGEST_VERSION], persisted)
