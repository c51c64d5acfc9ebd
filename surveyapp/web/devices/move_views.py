"""Moves of answers between units: seen, confirmed by a unit, decided by the city's analyst."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from surveyapp import moving
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.errors import MoveRefused
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.models import Account, MoveRequest, MoveState
from surveyapp.web import today
from surveyapp.web.access import current_account, requires
from surveyapp.web.devices import tablets

bp = Blueprint("moves", __name__, url_prefix="/surfplattor")


@bp.route("/flytt/<uuid:move_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def confirm(move_id: UUID) -> ResponseReturnValue:
    """Somebody in one of the units says whether the answers belong to the other."""
    account = current_account()
    move = _move_or_404(move_id)
    if not tablets.manages(account, (move.from_unit_id, move.to_unit_id)):
        abort(404)
    if request.method == "GET":
        return _page("devices/move.html", move)
    is_right = _is_yes()
    try:
        with writing(db.session):
            if is_right:
                moving.confirm(db.session, move_id, by=account.name)
            else:
                moving.reject(db.session, move_id, by=account.name, today=today())
    except MoveRefused as error:
        return _refused("devices/move.html", move_id, error)
    if is_right:
        flash(_("The move is confirmed. The city's analyst decides about it."))
    else:
        flash(_("The move is declined. The answers stay where they are."))
    return redirect(url_for("devices.index", _anchor="moves"), 303)


@bp.get("/beslut")
@requires(Permission.MOVE_ANSWERS, in_city=True)
def decisions() -> ResponseReturnValue:
    """Every request, those that wait for a decision first."""
    moves = moving.moves(db.session, None)
    waiting_first = sorted(moves, key=lambda move: move.state is not MoveState.CONFIRMED)
    return render_template("devices/moves.html", moves=waiting_first)


@bp.route("/beslut/<uuid:move_id>", methods=["GET", "POST"])
@requires(Permission.MOVE_ANSWERS, in_city=True)
def decide(move_id: UUID) -> ResponseReturnValue:
    """Move the answers, or leave them where they are."""
    account, move = current_account(), _move_or_404(move_id)
    if request.method == "GET":
        return _page("devices/decide.html", move)
    try:
        if _is_yes():
            moving.approve(db.session, move_id, by=account.name, today=today())
            flash(_("The answers are moved."))
        else:
            with writing(db.session):
                moving.decline(db.session, move_id, by=account.name, today=today())
            flash(_("The move is declined. The answers stay where they are."))
    except MoveRefused as error:
        return _refused("devices/decide.html", move_id, error)
    return redirect(url_for(".decisions"), 303)


def _move_or_404(move_id: UUID) -> MoveRequest:
    return db.session.get(MoveRequest, move_id) or abort(404)


def _is_yes() -> bool:
    """Which of the two buttons was pressed."""
    answer = request.form.get("answer")
    if answer not in ("yes", "no"):
        abort(400)
    return answer == "yes"


def _names(move: MoveRequest) -> dict[str, str]:
    """What those who confirmed or decided are called, by the name that they sign in with."""
    signed = [name for name in (move.confirmed_by, move.decided_by) if name]
    query = select(Account.name, Account.full_name).where(Account.name.in_(signed))
    return {name: name for name in signed} | dict(db.session.execute(query).all())


def _page(template: str, move: MoveRequest) -> str:
    return render_template(template, move=move, names=_names(move))


def _refused(template: str, move_id: UUID, error: MoveRefused) -> ResponseReturnValue:
    flash(error_text(error), "error")
    return _page(template, _move_or_404(move_id)), 409
