"""The one door: everything that was answered, or offered and not answered, comes in here.

Call `submit` and `submit_sealed` inside `db.writing`. The receipt is looked up before every
other check, so a resend is a success whatever has happened since. What cannot be accepted from
a respondent is put in quarantine; on paper a registrar is there to mend it, so it is an error.
"""

from surveyapp.collecting.checking import FAR_AHEAD, conflicts
from surveyapp.collecting.door import (
    CONFLICT,
    REVOKED,
    Delivered,
    Sender,
    Taken,
    is_known,
    sha256_of,
    submit,
    submit_sealed,
    unsealed,
)
from surveyapp.collecting.occasion import (
    REASONS,
    WITH_ANSWERS,
    Occasion,
    Submission,
    one_line,
    visible,
)
from surveyapp.collecting.parked import Parked, let_in, parked_in, retry_quarantine
from surveyapp.collecting.storing import count_offers
from surveyapp.errors import CollectingError
from surveyapp.sealing import Sealer, sealer

__all__ = [
    "CONFLICT",
    "FAR_AHEAD",
    "REASONS",
    "REVOKED",
    "WITH_ANSWERS",
    "CollectingError",
    "Delivered",
    "Occasion",
    "Parked",
    "Sealer",
    "Sender",
    "Submission",
    "Taken",
    "conflicts",
    "count_offers",
    "is_known",
    "let_in",
    "one_line",
    "parked_in",
    "retry_quarantine",
    "sealer",
    "sha256_of",
    "submit",
    "submit_sealed",
    "unsealed",
    "visible",
]
