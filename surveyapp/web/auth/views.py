"""Sign in and sign out."""

import hashlib
import hmac
import secrets
import time
from datetime import UTC, datetime, timedelta
from math import ceil

from flask import (
    Blueprint,
    Response,
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
from flask_login import login_user

from surveyapp import accounts, auditing
from surveyapp.db import db, writing
from surveyapp.i18n import gettext as _
from surveyapp.i18n import ngettext
from surveyapp.models import Account
from surveyapp.web.access import account_or_none
from surveyapp.web.auth import sessions
from surveyapp.web.auth.forms import SignInForm
from surveyapp.web.auth.safe_next import safe_next

bp = Blueprint("auth", __name__)

KNOWN_BROWSER = "known_browser"
KNOWN_FOR = timedelta(days=180)
KEPT_ACROSS = ("language",)  # what of a session outlives signing in or out


@bp.route("/logga-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The form, and what it leads to: in, back with a reason, or a wait."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = safe_next(request.args.get("next", ""))
        if account_or_none() is not None:
            return redirect(form.next.data)
        return render_template("auth/sign_in.html", form=form)
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form), 400
    name, password = form.name.data or "", form.password.data or ""
    known = _known_browser(name)
    with writing(db.session):
        wait = accounts.begin_attempt(db.session, name, known, datetime.now(UTC))
    if wait is not None:
        form.password.errors = (_wait_sentence(wait),)
        response = make_response(render_template("auth/sign_in.html", form=form), 429)
        response.headers["Retry-After"] = str(ceil(wait.total_seconds()))
        return response
    account = accounts.verify(db.session, name, password)
    if account is None:
        _note_failure(name)
        form.password.errors = (_("The name or the password is not right. Try again."),)
        return render_template("auth/sign_in.html", form=form), 401
    with writing(db.session):
        accounts.renew_hash(account, password)
        accounts.forget_attempts(db.session, name, known)
    with writing(db.session):
        auditing.record(db.session, account.name, "sign in")
    begin_session(account)
    response = make_response(redirect(safe_next(form.next.data or "")))
    _make_known(response, account.name)
    return response


@bp.post("/logga-ut")
def sign_out() -> ResponseReturnValue:
    """End every session of the account: a copy of the cookie is then worth nothing."""
    account = account_or_none()
    if account is not None:
        name = account.name
        with writing(db.session):
            accounts.end_sessions(account)
        with writing(db.session):
            auditing.record(db.session, name, "sign out")
    _start_anew()
    flash(_("You are signed out."))
    return redirect(url_for("auth.sign_in"))


def begin_session(account: Account) -> None:
    """A new session for the account; nothing that was planted before remains."""
    _start_anew()
    login_user(sessions.SignedIn(account))
    session.update(sessions.marks(account, time.time()))


def _start_anew() -> None:
    kept = {name: session[name] for name in KEPT_ACROSS if name in session}
    session.clear()
    session.update(kept)


def _note_failure(name: str) -> None:
    """Only names of accounts are written down: people type passwords in the wrong field."""
    account = accounts.find(db.session, name)
    subject = "" if account is None else account.name
    with writing(db.session):
        auditing.record(db.session, "nobody", "fail to sign in", subject)


def _wait_sentence(wait: timedelta) -> str:
    minutes = ceil(wait.total_seconds() / 60)
    return ngettext(
        "There have been many attempts with this name. Wait %(num)s minute and try again.",
        "There have been many attempts with this name. Wait %(num)s minutes and try again.",
        minutes,
    )


def _proof(name: str, nonce: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    message = f"{KNOWN_BROWSER}\0{accounts.clean_name(name)}\0{nonce}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _known_browser(name: str) -> str:
    """What tells a browser that has signed in to this name before; empty for all others."""
    nonce, _dot, proof = request.cookies.get(KNOWN_BROWSER, "").partition(".")
    return nonce if hmac.compare_digest(proof.encode(), _proof(name, nonce).encode()) else ""


def _make_known(response: Response, name: str) -> None:
    nonce = _known_browser(name) or secrets.token_hex(16)
    response.set_cookie(
        KNOWN_BROWSER,
        f"{nonce}.{_proof(name, nonce)}",
        max_age=KNOWN_FOR,
        path=url_for("auth.sign_in"),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
