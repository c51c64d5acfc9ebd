"""A tablet asks that answers be moved that it sent in for the wrong unit."""

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from surveyapp import enrolling, moving
from surveyapp.db import db, writing
from surveyapp.errors import MoveRefused
from surveyapp.i18n import error_text
from surveyapp.moving import Wish
from surveyapp.web.tablet.signed import sent_object, signed_by, speaks_json

bp = Blueprint("tablet_moves", __name__, url_prefix="/platta")
speaks_json(bp)


@bp.post("/flytt")
def ask() -> ResponseReturnValue:
    """Note what the tablet asks for; asked again, it hears how far that has come."""
    device = signed_by()
    if device.is_revoked:
        return jsonify(revoked=True), 403
    wish, units = _wish(), enrolling.codes_of(db.session, device.id)
    try:
        with writing(db.session):
            state = moving.request(db.session, wish, units=units)
    except MoveRefused as error:
        return jsonify(fault=error_text(error)), 422
    return jsonify(state=state)


def uuids(values: Any) -> list[UUID]:
    """The values as what they stand for; 400 if they are something else."""
    try:
        if not isinstance(values, list):
            raise TypeError("not a list")
        return [UUID(hex=value) for value in values]
    except (AttributeError, TypeError, ValueError) as error:
        raise BadRequest("A number of a request or an answer is none.") from error


def _wish() -> Wish:
    sent = sent_object()
    texts = [sent.get(name) for name in ("from", "to", "reason")]
    if not all(isinstance(text, str) for text in texts):
        raise BadRequest("A unit or the reason is missing.")
    old, new, reason = texts
    return Wish(
        id=uuids([sent.get("request")])[0],
        from_unit=str(old),
        to_unit=str(new),
        receipts=uuids(sent.get("receipts")),
        reason=str(reason),
    )
