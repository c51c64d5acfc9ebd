"""The signed token that carries an occasion from the handing over to the sent answers.

Nothing is stored when a tablet is handed over: the token in the page is all there is. It
cannot be guessed or changed, so a page that carries it needs neither session nor sign-in.
"""

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from surveyapp.collecting import Occasion
from surveyapp.errors import N_, CannotAccept


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
    return _signer(secret).dumps(content)


def read(token: str, *, secret: str) -> Ticket:
    """The ticket again; CannotAccept if the text is not one that `issue` made."""
    try:
        content = _signer(secret).loads(token)
        return Ticket(
            Occasion.from_dict(content),
            int(content["officers"]),
            int(content["promised"]),
            str(content.get("code", "")),
        )
    except (BadSignature, KeyError, TypeError, ValueError) as error:
        raise CannotAccept(N_("The page was not opened in the right way.")) from error


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="occasion")
