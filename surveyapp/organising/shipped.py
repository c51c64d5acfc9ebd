"""The organisation that comes with the application: Stockholm's units since 2007."""

from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import Unit
from surveyapp.organising.figure_files import import_figures
from surveyapp.organising.tables import Imported
from surveyapp.organising.unit_files import import_units

_DATA = files("surveyapp") / "data"


def load_shipped(session: Session) -> Imported:
    """Store the shipped units and figures; call it inside `writing`.

    Only where there is no unit yet: what an installation has changed since is not undone.
    """
    if session.scalar(select(Unit.id).limit(1)) is not None:
        return Imported()
    imported = import_units(session, _text("stockholm_units.csv"))
    for name in ("stockholm_years.csv", "city_turnover.csv"):
        imported += import_figures(session, _text(name))
    return imported


def _text(name: str) -> str:
    return (_DATA / name).read_text(encoding="utf-8")
