"""Who is signed in, and what a page asks of them."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from surveyapp import auditing, organising
from surveyapp.access import Permission
from surveyapp.db import db, writing
from surveyapp.models import Account, Unit
from surveyapp.web.auth.sessions import SignedIn

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def account_or_none() -> Account | None:
    """Who is signed in, if anybody is."""
    if g.get("without_database"):
        return None
    signed_in = current_user._get_current_object()
    return signed_in.account if isinstance(signed_in, SignedIn) else None


def current_account() -> Account:
    """Who is signed in; on pages with `requires` somebody always is."""
    return account_or_none() or abort(401)


def requires(permission: Permission, *, in_city: bool = False) -> Callable[[View[P]], View[P]]:
    """Open a page only to accounts that hold the permission somewhere, or in the whole city.

    Whoever is not signed in goes to the sign-in page and comes back. Which unit the permission
    is held for is `own_unit_or_404`'s to ask.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            account = account_or_none()
            if account is None:
                if request.method not in ("GET", "HEAD"):
                    abort(401)
                here = request.full_path.rstrip("?")
                return redirect(url_for("auth.sign_in", next=here))
            if not (account.may_in_city(permission) if in_city else account.may(permission)):
                abort(403)
            return view(*args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]  # read by a test
        return checked

    return decorate


def own_unit_or_404(code: str, permission: Permission) -> Unit:
    """The unit, if it is one that the account holds the permission for."""
    unit = db.session.scalar(select(Unit).where(Unit.code == code))
    if unit is None or not current_account().may(permission, unit.id):
        abort(404)
    return unit


def own_units(permission: Permission) -> list[Unit]:
    """Every unit, closed ones too, that the account holds the permission for, by name."""
    account = current_account()
    query = select(Unit)
    if not account.may_in_city(permission):
        query = query.where(Unit.id.in_(account.unit_ids(permission)))
    return organising.by_name(db.session.scalars(query))


def note(action: str, subject: str) -> None:
    """Write into the log what the account has done, apart from what it did."""
    actor = current_account().name
    with writing(db.session):
        auditing.record(db.session, actor, action, subject)
