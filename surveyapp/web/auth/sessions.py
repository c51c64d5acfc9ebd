"""How long a sign-in lasts: an hour of silence, half a day, or until the epoch rises."""

import time

from flask import Flask, session
from flask_login import LoginManager, UserMixin

from surveyapp.db import db
from surveyapp.models import Account

LONGEST = 12 * 3600  # seconds from signing in
LONGEST_SILENCE = 3600
NOTICED_EVERY = 60  # the cookie is not rewritten more often than this


class SignedIn(UserMixin):
    """What Flask-Login needs around an account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.id = account.id


def marks(account: Account, now: float) -> dict[str, float]:
    """What a session keeps of a sign-in, beside who."""
    return {"epoch": account.epoch, "signed_in_at": now, "seen_at": now}


def install(app: Flask) -> None:
    """Let Flask-Login find the account of a session that still holds."""
    manager = LoginManager(app)
    manager.session_protection = None  # type: ignore[assignment]  # officers move between networks during a day
    manager.user_loader(_load)


def _load(account_id: str) -> SignedIn | None:
    now = time.time()
    seen_at = float(session.get("seen_at", 0))
    if now - seen_at > LONGEST_SILENCE or now - float(session.get("signed_in_at", 0)) > LONGEST:
        return None
    account = db.session.get(Account, int(account_id))
    if account is None or account.is_closed or account.epoch != session.get("epoch"):
        return None
    if now - seen_at > NOTICED_EVERY:
        session["seen_at"] = now
    return SignedIn(account)
