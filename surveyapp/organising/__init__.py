"""The organisation: units, who became whom, what was true of them when, and their figures.

The session is an argument. What changes something is called inside `db.writing`.
"""

from surveyapp.organising.figure_files import import_figures
from surveyapp.organising.shipped import load_shipped
from surveyapp.organising.successions import Merger, Successions, by_name
from surveyapp.organising.tables import Imported, decoded
from surveyapp.organising.unit_files import ATTRIBUTES, import_units
from surveyapp.organising.units import (
    followups_due,
    named_officers,
    predecessors,
    unit_by_code,
    units_on,
)

__all__ = [
    "ATTRIBUTES",
    "Imported",
    "Merger",
    "Successions",
    "by_name",
    "decoded",
    "followups_due",
    "import_figures",
    "import_units",
    "load_shipped",
    "named_officers",
    "predecessors",
    "unit_by_code",
    "units_on",
]
