"""Names of sheets and columns that reading and writing agree on."""

import re
from collections.abc import Mapping

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
LABEL, HINT = "label", "hint"
OWN = "surveyapp_"  # our own columns begin so

# Columns of our own on the survey sheet that hold one text of a question as it is.
TEXT_COLUMNS = ("area", "indicator", "use", "processing", "rationale")
# The parts of a derived indicator, each in a column of its own.
DERIVED_COLUMNS: Mapping[str, str] = {
    "derived": "id",
    "derived_share": "share",
    "derived_note": "note",
}
# The label of an indicator stands beside the question that has it.
LABEL_COLUMNS: Mapping[str, str] = {
    "indicator": "indicator_label",
    "derived": "derived_label",
}
NO_SHARE = "null"  # in the column of positive codes, as in the questionnaire's own file

_CODE_IN_NAME = re.compile(r"\(\s*([A-Za-z-]+)\s*\)\s*$")
_CODE = re.compile(r"([a-z]{2,3})(?:-([a-z]{2}))?", re.IGNORECASE)


def language_column(kind: str, name: str, code: str) -> str:
    """The header of the texts in one language.

    >>> language_column("label", "Svenska", "sv")
    'label::Svenska (sv)'
    """
    return f"{kind}::{name} ({code})"


def language_code(named: str, known: Mapping[str, str]) -> str | None:
    """The code of a language as a header names it; `known` has names (in small letters).

    Examples
    --------
    >>> [language_code(name, {"suomi": "fi"}) for name in ("English (en)", "Suomi", "sv-ll")]
    ['en', 'fi', 'sv-LL']
    >>> language_code("Klingon", {}) is None
    True
    """
    written = _CODE_IN_NAME.search(named)
    if written is None and named.lower() in known:
        return known[named.lower()]
    code = _CODE.fullmatch(written[1] if written else named)
    if code is None:
        return None
    return code[1].lower() + (f"-{code[2].upper()}" if code[2] else "")
