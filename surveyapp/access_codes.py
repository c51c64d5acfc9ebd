"""Codes in letters: made, recognised however they are typed, used once.

A code is six random characters and a check character, written K7Q2M4-5. Only a keyed hash of
it is stored. The row goes after the answer is stored, in a transaction of its own, and the
receipt of the answer follows from the code: if the row survives a crash, the answer sent
again under the same code is still the same answer.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from surveyapp import collecting
from surveyapp.errors import N_, CollectingError
from surveyapp.models import AccessCode, Channel, Outcome, Unit
from surveyapp.periods import month_of

# Signs that are not taken for one another, by eye or by ear.
ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
N_RANDOM = 6
MOST_AT_ONCE = 500
# A sign that no code holds, as the one it was most likely read from.
_MISREAD = str.maketrans({"0": "Q", "O": "Q", "S": "5", "B": "8", "Z": "2"})
_BETWEEN = str.maketrans(dict.fromkeys(" \t\u00a0.-_\u2010\u2011\u2012\u2013\u2014\u2212"))


@dataclass(frozen=True)
class Letter:
    """What a code stands for. `receipt` is the one receipt an answer under it can have."""

    code_hmac: str
    receipt: UUID
    unit_id: int
    month: date


def check_character(characters: str) -> str:
    """The check character after `characters`, by ISO 7064 MOD 29,28.

    >>> check_character("K7Q2M4")
    '5'
    """
    size = len(ALPHABET)
    return ALPHABET[(1 - _doubled(_folded(characters))) % size]


def new_characters(n_random: int = N_RANDOM) -> str:
    """Random characters with their check character."""
    characters = "".join(secrets.choice(ALPHABET) for _ in range(n_random))
    return characters + check_character(characters)


def written(characters: str) -> str:
    """How a code is printed: the check character after a hyphen.

    >>> written("K7Q2M45")
    'K7Q2M4-5'
    """
    return f"{characters[:-1]}-{characters[-1]}"


def read(typed: str, n_random: int = N_RANDOM) -> str | None:
    """The characters of a typed code, or None if it cannot be one.

    >>> read(" k7q 2m4 5"), read("K702M4-5"), read("K7Q2M4-6")
    ('K7Q2M45', 'K7Q2M45', None)
    """
    characters = typed.upper().translate(_BETWEEN).translate(_MISREAD)
    fits = len(characters) == n_random + 1 and set(characters) <= set(ALPHABET)
    return characters if fits and _folded(characters) == 1 else None


def create(session: Session, unit: Unit, month: date, n: int, *, secret: str) -> list[str]:
    """Make `n` codes and count them as handed out. Call it inside `writing`.

    What is returned is the only place where the codes can be read.
    """
    if not 1 <= n <= MOST_AT_ONCE:
        raise CollectingError(N_("Make from 1 to %(most)s codes at a time."), most=MOST_AT_ONCE)
    month = month_of(month)
    if not unit.existed_in(month):
        raise CollectingError(
            N_("%(unit)s did not exist in %(month)s. Choose another month."),
            unit=unit.name,
            month=f"{month:%Y-%m}",
        )
    made: dict[str, str] = {}
    while len(made) < n:
        characters = new_characters()
        code_hmac = keyed_hash(secret, "code", characters)
        if session.get(AccessCode, code_hmac) is None:
            made[code_hmac] = characters
    session.add_all(
        AccessCode(code_hmac=code_hmac, unit_id=unit.id, month=month) for code_hmac in made
    )
    collecting.count_offers(
        session,
        unit_id=unit.id,
        month=month,
        channel=Channel.OWN_DEVICE,
        outcome=Outcome.HANDED_OUT,
        n=n,
    )
    return [written(characters) for characters in made.values()]


def find(session: Session, typed: str, *, secret: str) -> Letter | None:
    """What a typed code stands for; None if it is used, unknown or mistyped.

    The question to the database is asked whatever was typed, so the three take as long.
    """
    characters = read(typed)
    code_hmac = keyed_hash(secret, "code", characters or "")
    row = session.get(AccessCode, code_hmac)
    if row is None or characters is None:
        return None
    digest = keyed_hash(secret, "receipt", characters)
    return Letter(code_hmac, UUID(hex=digest[:32], version=4), row.unit_id, row.month)


def is_open(session: Session, code_hmac: str) -> bool:
    """Whether an answer may still come under the code."""
    return session.get(AccessCode, code_hmac) is not None


def use_up(session: Session, code_hmac: str) -> None:
    """Forget the code. Call it inside a `writing` of its own, after the answer's."""
    session.execute(delete(AccessCode).where(AccessCode.code_hmac == code_hmac))


def keyed_hash(secret: str, purpose: str, text: str) -> str:
    """HMAC-SHA256 in hexadecimal; the purpose keeps hashes of one text apart."""
    return hmac.new(secret.encode(), f"{purpose}\0{text}".encode(), "sha256").hexdigest()


def _folded(characters: str) -> int:
    """The sum of the hybrid system; 1 for a code with its right check character."""
    size = len(ALPHABET)
    value = size // 2
    for character in characters:
        value = (_doubled(value) + ALPHABET.index(character)) % size
    return value


def _doubled(value: int) -> int:
    size = len(ALPHABET)
    return (value or size) * 2 % (size + 1)
