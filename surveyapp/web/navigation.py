"""The ways in: which pages a member of staff can go to, in the header and on the start page."""

from dataclasses import dataclass

from flask import request

from surveyapp.access import Permission
from surveyapp.errors import N_
from surveyapp.web.access import account_or_none


@dataclass(frozen=True)
class Way:
    """One page, and what it is for in one sentence."""

    address: str
    label: str
    purpose: str
    permission: Permission
    in_menu: bool = True  # beside the start page

    @property
    def is_here(self) -> bool:
        """Whether the page being shown is this one or under it."""
        return f"{request.path}/".startswith(f"{self.address}/")


WAYS = (
    Way(
        "/resultat",
        N_("Results"),
        N_("Each unit's share of positive answers, with how sure one can be."),
        Permission.SEE_RESULTS,
    ),
    Way(
        "/papper",
        N_("Paper forms"),
        N_("Key in forms that came back on paper."),
        Permission.ENTER_PAPER,
    ),
    Way(
        "/kod/nya",
        N_("Letter codes"),
        N_("Make codes for letters, so that people can answer on their own screen."),
        Permission.CREATE_CODES,
    ),
    Way(
        "/surfplattor",
        N_("Tablets"),
        N_("See that every answer comes home, and get a tablet going."),
        Permission.MANAGE_DEVICES,
    ),
    Way(
        "/surfplattor/beslut",
        N_("Moves of answers"),
        N_("Decide about answers that were registered at the wrong unit."),
        Permission.MOVE_ANSWERS,
        in_menu=False,
    ),
    Way(
        "/formular",
        N_("Questionnaires"),
        N_("Write the next version, compare, publish."),
        Permission.EDIT_QUESTIONNAIRE,
    ),
    Way(
        "/resultat/slapp",
        N_("Release results"),
        N_("Make the results of a closed period visible to everybody who works here."),
        Permission.RELEASE,
        in_menu=False,
    ),
)
METHOD = Way(
    "/metod",
    N_("Method"),
    N_("How the numbers are made, and what they cannot say."),
    Permission.SEE_RESULTS,
)


def ways(of: tuple[Way, ...] = WAYS) -> list[Way]:
    """Those that the account may go."""
    account = account_or_none()
    return [way for way in of if account is not None and account.may(way.permission)]


def footer_ways() -> list[Way]:
    """The same for what stands at the foot of every page."""
    return ways((METHOD,))
