"""A request that a tablet has signed: read whole, compared with its hash, and whose it is."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import BadRequest, HTTPException, Unauthorized

from surveyapp import enrolling, sealing
from surveyapp.db import db
from surveyapp.errors import StorageError
from surveyapp.models import Device
from surveyapp.web import csrf

RETRY_AFTER = 10  # seconds
MOST_DIGITS = 9  # in the number of a tablet


def speaks_json(bp: Blueprint) -> None:
    """Let a blueprint for tablets answer in JSON whatever happens, and need no session."""
    csrf.exempt(bp)  # the signature proves who sent it
    bp.register_error_handler(HTTPException, _refused)
    for kind in (StorageError, OperationalError, ProgrammingError):
        bp.register_error_handler(kind, _unavailable)


def signed_by() -> Device:
    """The tablet that sent the request, revoked or not.

    400 if the body is empty or not the one that was meant to come, 401 if the tablet is
    unknown or did not sign it.
    """
    body = request.get_data()
    if not body or request.headers.get("Content-Digest", "") != sealing.content_digest(body):
        raise BadRequest("The body did not arrive whole.")
    number = request.headers.get("Tablet", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    device = enrolling.device(db.session, int(number)) if is_number else None
    signature = request.headers.get("Tablet-Signature", "")
    if device is None or device.public_key is None:
        raise Unauthorized("The tablet is not known.")
    if not sealing.is_signed(device.public_key, signature, request.path, body):
        raise Unauthorized("The tablet did not sign this.")
    return device


def sent_object() -> dict[str, Any]:
    """The JSON object in the body; 400 if it is something else."""
    try:
        sent = request.get_json(force=True)
    except RecursionError as error:
        raise BadRequest("The body is nested too deeply.") from error
    if not isinstance(sent, dict):
        raise BadRequest("The body is not an object.")
    return sent


def _refused(error: HTTPException) -> Response:
    told: dict[str, Any] = {"fault": error.description}
    if isinstance(error, Unauthorized):
        told["unknown"] = True  # what stands between may answer 401 too, and does not know
    response = jsonify(told)
    response.status_code = error.code or 500
    return response


def _unavailable(error: Exception) -> Response:
    """Nothing is lost: the tablet keeps its copy until it is told that it has arrived."""
    cause = getattr(error.__cause__ or error, "orig", error)  # without the values it carried
    current_app.logger.error("The database does not answer: %s", cause)
    db.session.rollback()
    response = jsonify(fault="It cannot be saved right now.")
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
