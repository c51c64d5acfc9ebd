"""What a registrar sends and sees: sheets of version 1 for the unit `hasselby`."""

from sqlalchemy import select

from surveyapp.models import Response
from surveyapp.publishing import KEY
from tests.client import tree

RECEIPT = "8d3c4e0e-0f3a-4a55-9f4a-1f8f0c2b7a11"
PILE = {
    "month": "2026-04",
    "language": "sv",
    "form_length": "full",
    "followup_type": "care_home",
    "service_group": "care_home",
    "handed_over_by": "unknown",
}
SAVED = "Blanketten är sparad."


def address(unit="hasselby", version=1, **changes):
    query = "&".join(f"{name}={value}" for name, value in (PILE | changes).items())
    return f"/papper/{unit}/{KEY}/{version}?{query}"


def sheet(month="2026-04", receipt=RECEIPT, officers="1", **keys):
    """A form as the page sends it; `keys` are questions, or `checked`."""
    fixed = {"month": month, "receipt": receipt, "officers": officers}
    names = {name if name == "checked" else f"q_{name}": value for name, value in keys.items()}
    return fixed | names


def stored(session):
    return session.scalars(select(Response)).all()


def fields(page):
    """What stands in every field of the sheet that holds something."""
    elements = tree(page.text)
    held = {e.get("name"): e.get("value") for e in elements.iter("input")}
    held |= {e.get("name"): e.text for e in elements.iter("textarea")}
    return {name: value for name, value in held.items() if name and value}
