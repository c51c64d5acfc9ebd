"""Who works in the demo: an account for each role, a tablet, and letters with codes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from surveyapp import access_codes, accounts, collecting, enrolling, organising
from surveyapp.access import Role
from surveyapp.errors import N_, SurveyError
from surveyapp.models import AccessCode, Channel, Outcome, Unit
from surveyapp.periods import month_of

HOME, BESIDE = "hagersten-alvsjo", "skarholmen"
PASSWORD = "simulerade-svar"  # noqa: S105 - it is printed for everybody who starts the demo


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to sign in as. `what` says in a line what they may try."""

    name: str
    full_name: str
    role: Role
    what: str
    units: tuple[str, ...] = (HOME,)
    password: str = PASSWORD

    def grants(self) -> list[accounts.GrantSpec]:
        if self.role in accounts.CITY_ROLES:
            return [accounts.GrantSpec(self.role)]
        return [accounts.GrantSpec(self.role, unit) for unit in self.units]


DEMO_ACCOUNTS = (
    DemoAccount(
        "handlaggare", "Hanna Holm", Role.CASE_OFFICER, "case officer, Hägersten-Älvsjö"
    ),
    DemoAccount("registrator", "Rune Ros", Role.REGISTRAR, "keys paper, Hägersten-Älvsjö"),
    DemoAccount("chef", "Karin Krok", Role.UNIT_MANAGER, "unit manager, Hägersten-Älvsjö"),
    DemoAccount(
        "kvalitet",
        "Kim Kvist",
        Role.QUALITY_STAFF,
        "quality developer, Hägersten-Älvsjö and Skärholmen",
        (HOME, BESIDE),
    ),
    DemoAccount("analytiker", "Anna Ask", Role.CITY_ANALYST, "city analyst, releases results"),
    DemoAccount("analytiker2", "Adam Alm", Role.CITY_ANALYST, "a second city analyst"),
    DemoAccount("arkiv", "Arja Ek", Role.RECORDS_OFFICER, "records officer, reads the log"),
    DemoAccount("admin", "Admir Dal", Role.ADMIN, "administrator, accounts and units"),
    DemoAccount("lasare", "Lars Lind", Role.READER, "reads released results"),
)
AUTHOR, PUBLISHER = (a for a in DEMO_ACCOUNTS if a.role is Role.CITY_ANALYST)


def _with_check(characters: str) -> str:
    return characters + access_codes.check_character(characters)


TABLET = "Demo"
TABLET_CODE = access_codes.written(_with_check("DEMHEMMET"))
LETTER_CODES = tuple(
    access_codes.written(_with_check(each)) for each in ("DEMHEM", "DEMARK", "DEMKAT")
)


def employ(session: Session) -> None:
    """Make the accounts."""
    for account in DEMO_ACCOUNTS:
        accounts.create(
            session, account.name, account.full_name, account.password, account.grants()
        )


def equip(session: Session, *, secret: str, today: date) -> None:
    """Make a tablet that waits to be enrolled, and codes for this month's letters."""
    units = [_unit(session, code) for code in (HOME, BESIDE)]
    tablet, _ = enrolling.create(session, TABLET, [unit.id for unit in units], secret=secret)
    tablet.enrolment_hmac = _hash(secret, "enrolment", TABLET_CODE)
    for code in LETTER_CODES:
        session.add(
            AccessCode(
                code_hmac=_hash(secret, "code", code),
                unit_id=units[0].id,
                month=month_of(today),
            )
        )
    collecting.count_offers(
        session,
        unit_id=units[0].id,
        month=month_of(today),
        channel=Channel.OWN_DEVICE,
        outcome=Outcome.HANDED_OUT,
        n=len(LETTER_CODES),
    )


def _unit(session: Session, code: str) -> Unit:
    unit = organising.unit_by_code(session, code)
    if unit is None:
        raise SurveyError(N_("There is no unit %(code)s."), code=code)
    return unit


def _hash(secret: str, purpose: str, written: str) -> str:
    return access_codes.keyed_hash(secret, purpose, written.replace("-", ""))
