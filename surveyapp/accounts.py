"""Staff accounts: made, given roles, closed; passwords checked, and guessing slowed down."""

import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveyapp.access import Role
from surveyapp.errors import N_, AccountError
from surveyapp.models import Account, Grant, LoginThrottle, Unit

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
CITY_ROLES = frozenset({Role.CITY_ANALYST, Role.RECORDS_OFFICER, Role.ADMIN, Role.READER})

FREE_FAILURES = 5  # attempts before the first wait
FIRST_WAIT = timedelta(seconds=30)  # doubled by every failure after
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(2)  # each hash takes 64 MiB while it is made


@dataclass(frozen=True)
class GrantSpec:
    """A role to hold: in the unit with this code, or in the whole city."""

    role: Role
    unit: str | None = None


def clean_name(raw: str) -> str:
    """A name as it is stored: people may write it in capitals."""
    return unicodedata.normalize("NFKC", raw).strip().casefold()


def clean_password(raw: str) -> str:
    """The same password, whichever keyboard or system wrote its accents."""
    return unicodedata.normalize("NFKC", raw)


def check_password(name: str, raw: str) -> str:
    """The cleaned password, or AccountError with what a new one must be."""
    password = clean_password(raw)
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(
            N_("The password is too short. Use at least %(n)s characters."), n=SHORTEST_PASSWORD
        )
    if len(password) > LONGEST_PASSWORD:
        raise AccountError(
            N_("The password is too long. Use at most %(n)s characters."), n=LONGEST_PASSWORD
        )
    if name in password.casefold() or len(set(password)) < 4:
        raise AccountError(
            N_("The password is too easy to guess. Use several words that nobody connects.")
        )
    return password


def hash_password(password: str) -> str:
    """Argon2id with its parameters, as one line."""
    with _at_once:
        return _hasher.hash(password)


def create(
    session: Session, name: str, full_name: str, password: str, grants: Iterable[GrantSpec]
) -> Account:
    """Make an account that can sign in at once. Call it inside `writing`."""
    name = clean_name(name)
    if not NAME.fullmatch(name):
        raise AccountError(
            N_(
                "The name %(name)s cannot be used. Use 2 to 60 letters a-z, digits, full stops "
                "and hyphens."
            ),
            name=repr(name),
        )
    if not full_name.strip():
        raise AccountError(N_("Give the person's full name."))
    if find(session, name) is not None:
        raise AccountError(N_("There is already an account %(name)s."), name=name)
    password = check_password(name, password)
    account = Account(
        name=name, full_name=full_name.strip(), password_hash=hash_password(password)
    )
    session.add(account)
    given = tuple(grants)
    if not given:
        raise AccountError(N_("Give at least one role."))
    for spec in given:
        grant(session, account, spec)
    session.flush()
    return account


def find(session: Session, name: str) -> Account | None:
    """The account with this name, closed ones too."""
    return session.scalar(select(Account).where(Account.name == clean_name(name)))


def found(session: Session, name: str) -> Account:
    """The account with this name, or AccountError."""
    account = find(session, name)
    if account is None:
        raise AccountError(N_("There is no account %(name)s."), name=clean_name(name))
    return account


def every(session: Session) -> Sequence[Account]:
    """All accounts, by name."""
    return session.scalars(select(Account).order_by(Account.name)).all()


def grant(session: Session, account: Account, spec: GrantSpec) -> None:
    """Give a role; to hold it already is no fault."""
    unit_id = _unit_id(session, spec)
    if not any(g.role is spec.role and g.unit_id == unit_id for g in account.grants):
        account.grants.append(Grant(role=spec.role, unit_id=unit_id))


def revoke(session: Session, account: Account, spec: GrantSpec) -> None:
    """Take a role back and end the account's sessions."""
    unit_id = _unit_id(session, spec)
    held = [g for g in account.grants if g.role is spec.role and g.unit_id == unit_id]
    if not held:
        raise AccountError(N_("%(name)s does not hold that role."), name=account.name)
    for each in held:
        account.grants.remove(each)
    end_sessions(account)


def close(account: Account) -> None:
    """Nobody signs in to it any more, and who is signed in is signed out."""
    account.is_closed = True
    end_sessions(account)


def set_password(account: Account, raw: str) -> None:
    """A new password; whoever is signed in with the old one is signed out."""
    account.password_hash = hash_password(check_password(account.name, raw))
    end_sessions(account)


def end_sessions(account: Account) -> None:
    """Every session of the account ends at its next request."""
    account.epoch += 1


def verify(session: Session, name: str, raw_password: str) -> Account | None:
    """The account, if the password is right; it takes as long when there is no such name."""
    account = find(session, name)
    stored = _nobodys_hash() if account is None else account.password_hash
    try:
        with _at_once:
            _hasher.verify(stored, clean_password(raw_password)[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return None
    return None if account is None or account.is_closed else account


def renew_hash(account: Account, raw_password: str) -> None:
    """Hash the password just given anew, if today's parameters are other ones."""
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(clean_password(raw_password))


def begin_attempt(
    session: Session, name: str, known_browser: str, now: datetime
) -> timedelta | None:
    """Count an attempt before its password is looked at, or say how long to wait.

    It counts per name wherever the guesses come from. A browser that has signed in to this
    name before (`known_browser`, else empty) has a count of its own, so that a stranger's
    guesses do not shut its owner out. Call it inside `writing`.
    """
    session.execute(
        delete(LoginThrottle).where(LoginThrottle.blocked_until_at < now - FORGOTTEN_AFTER)
    )
    key = _throttle_key(name, known_browser)
    row = _throttle_row(session, key, now)
    if row.blocked_until_at is not None and row.blocked_until_at > now:
        return row.blocked_until_at - now
    row.n_failures += 1
    row.blocked_until_at = now + _wait_after(row.n_failures)
    return None


def forget_attempts(session: Session, name: str, known_browser: str) -> None:
    """The right password was given. Call it inside `writing`."""
    key = _throttle_key(name, known_browser)
    session.execute(delete(LoginThrottle).where(LoginThrottle.name_sha256 == key))


def _throttle_row(session: Session, key: str, now: datetime) -> LoginThrottle:
    """The row, held to the end of the transaction; two attempts may be the first at once."""
    if session.get(LoginThrottle, key) is None:
        new = LoginThrottle(name_sha256=key, n_failures=0, blocked_until_at=now)
        with suppress(IntegrityError), session.begin_nested():
            session.add(new)
    return session.get_one(LoginThrottle, key, with_for_update=True, populate_existing=True)


def _wait_after(n_failures: int) -> timedelta:
    """No wait at first, then doubled from half a minute up to a quarter of an hour.

    >>> [_wait_after(n).seconds for n in (4, 5, 6, 9, 10, 1000)]
    [0, 30, 60, 480, 900, 900]
    """
    if n_failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(n_failures - FREE_FAILURES, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _throttle_key(name: str, known_browser: str) -> str:
    return hashlib.sha256(f"{clean_name(name)}\0{known_browser}".encode()).hexdigest()


def _unit_id(session: Session, spec: GrantSpec) -> int | None:
    if spec.role in CITY_ROLES:
        if spec.unit is not None:
            raise AccountError(
                N_("The role %(role)s is held for the whole city, not for a unit."),
                role=spec.role.value,
            )
        return None
    if spec.unit is None:
        raise AccountError(N_("Say in which unit the role %(role)s is."), role=spec.role.value)
    unit_id = session.scalar(select(Unit.id).where(Unit.code == spec.unit))
    if unit_id is None:
        raise AccountError(N_("There is no unit %(code)s."), code=spec.unit)
    return unit_id


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")
