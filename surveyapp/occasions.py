"""The sealed token that carries an occasion from the code of a letter to the sent answers.

Nothing is stored when the questions are opened: the token in the page is all there is. It
cannot be guessed, changed or read, so a page that carries it needs neither session nor
sign-in, and an address left in the browser's history tells neither receipt nor time.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from surveyapp.collecting import Occasion
from surveyapp.errors import N_, CannotAccept

NO_TIME = 0  # Fernet writes the moment in clear beside what it encrypts


@dataclass(frozen=True)
class Ticket:
    """An occasion, and what its page needs without asking the database again."""

    occasion: Occasion
    named_officers: int  # per client of the unit: decides which options are shown
    promised_n: int  # results are shown from so many answers: the page promises it
    code_hmac: str = ""  # for a letter, the keyed hash of its code


def issue(ticket: Ticket, *, secret: str) -> str:
    """The ticket as text for an address or a hidden field."""
    content: dict[str, Any] = ticket.occasion.as_dict() | {
        "officers": ticket.named_officers,
        "promised": ticket.promised_n,
    }
    if ticket.code_hmac:
        content["code"] = ticket.code_hmac
    sealed = _sealer(secret).encrypt_at_time(json.dumps(content).encode(), NO_TIME)
    return sealed.decode().rstrip("=")  # an address would write the padding as %3D


def read(token: str, *, secret: str) -> Ticket:
    """The ticket again; CannotAccept if the text is not one that `issue` made."""
    try:
        padding = "=" * (-len(token) % 4)
        content = json.loads(_sealer(secret).decrypt(token + padding))
        return Ticket(
            Occasion.from_dict(content),
            int(content["officers"]),
            int(content["promised"]),
            str(content.get("code", "")),
        )
    except (InvalidToken, KeyError, TypeError, ValueError) as error:
        raise CannotAccept(N_("The page was not opened in the right way.")) from error


@cache
def _sealer(secret: str) -> Fernet:
    key = hashlib.sha256(b"surveyapp occasion\0" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
