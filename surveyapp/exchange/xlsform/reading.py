"""An XLSForm, ours or somebody else's, to the content of a draft."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from surveyapp.errors import N_, ExchangeRefused, Remark
from surveyapp.exchange.workbook import Sheet, read_sheets, refuse
from surveyapp.exchange.xlsform.choices import Lists
from surveyapp.exchange.xlsform.columns import (
    CHOICES,
    DERIVED_COLUMNS,
    LABEL,
    LABEL_COLUMNS,
    OWN,
    SETTINGS,
    SURVEY,
    TEXT_COLUMNS,
    language_code,
)
from surveyapp.exchange.xlsform.questions import Questions
from surveyapp.exchange.xlsform.survey_rows import SurveyRows
from surveyapp.exchange.xlsform.wording import Wording, known_languages, merged, text_fault
from surveyapp.questionnaire import Questionnaire
from surveyapp.questionnaire.canonical import as_source

Source = dict[str, Any]

_OWN_OF_QUESTIONS = {
    OWN + name
    for name in (
        *TEXT_COLUMNS,
        *DERIVED_COLUMNS,
        *LABEL_COLUMNS.values(),
        *("short_form", "scale", "positive", "source"),
    )
}
_READ = {
    SURVEY: {"type", "name", "relevant", "constraint", *_OWN_OF_QUESTIONS},
    CHOICES: {"list_name", "name", OWN + "scale", OWN + "kind", OWN + "visible_if"},
    SETTINGS: {"form_title", "form_id", "version", "default_language"},
}
_ALIASES = {
    "relevance": "relevant",
    "caption": LABEL,
    "value": "name",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
}
_NO_QUESTION = N_("There is no question. Add at least one.")
_NO_COLUMN = N_('The column "%(header)s" is missing.')
_WHY = {
    "required": N_('Every question may be skipped here, so "required" is left out.'),
}


def read_xlsform(content: bytes, base: Questionnaire) -> tuple[Source, list[Remark]]:
    """The content of a draft that follows `base`, and what was left out of the file.

    The questions, their order, answers and conditions are the file's. What the file has no
    column for stays as it is in `base` where a question or answer has the same name there; so
    do the texts around the questions. The draft may be incomplete, as any draft may.

    Parameters
    ----------
    content : bytes
        An .xlsx file.
    base : Questionnaire
        The version that the draft is to follow.

    Raises
    ------
    ExchangeRefused
        If anything in the file cannot be taken; one remark per cell.
    """
    sheets, faults = read_sheets(content, _READ, _ALIASES)
    _refuse_incomplete(sheets)
    refuse(faults)  # what could not be read as text would only give more faults
    return _Reading(sheets, base).draft()


def _refuse_incomplete(sheets: dict[str, Sheet]) -> None:
    if SURVEY not in sheets:
        message = N_('The workbook has no sheet "survey", so it is no XLSForm.')
        raise ExchangeRefused([Remark("", message)])
    faults = [
        Remark(f"{SURVEY}!A1", _NO_COLUMN, {"header": header})
        for header in ("type", "name", LABEL)
        if all(name.partition("::")[0] != header for name in sheets[SURVEY].columns)
    ]
    if not sheets[SURVEY].rows:
        faults.append(Remark(f"{SURVEY}!A2", _NO_QUESTION))
    refuse(faults)


class _Reading:
    """One file on its way to a draft."""

    def __init__(self, sheets: dict[str, Sheet], base: Questionnaire) -> None:
        self.base = base
        self.sheets = {name: sheets.get(name, Sheet(name)) for name in _READ}
        self.old = as_source(base)
        self.faults: list[Remark] = []
        self.remarks: list[Remark] = []
        known = known_languages(base)
        self.settings = next(iter(self.sheets[SETTINGS].rows), None)
        self.default = self._default_language(known)
        self.wording = {
            name: Wording(self.sheets[name], known, self.default) for name in (SURVEY, CHOICES)
        }
        refuse([fault for each in self.wording.values() for fault in each.faults])
        self.in_file = {
            code
            for wording in self.wording.values()
            for columns in wording.columns.values()
            for code in columns
        }
        new = sorted(self.in_file - set(base.languages))
        self.languages = (*base.languages, *new)

    def draft(self) -> tuple[Source, list[Remark]]:
        """The content of the draft with the remarks; ExchangeRefused names every fault."""
        rows = SurveyRows(self.sheets[SURVEY])
        lists = Lists(self.sheets[CHOICES], self.wording[CHOICES], self.languages)
        questions = Questions(rows, lists, self.wording[SURVEY], self.languages, self.old)
        sources, scales = questions.read()
        texts = self._texts()
        self.faults += [*rows.faults, *lists.faults, *questions.faults]
        if not (rows.questions or self.faults):
            self.faults.append(Remark(f"{SURVEY}!A2", _NO_QUESTION))
        refuse(sorted(self.faults, key=_position))
        self.remarks += [*rows.remarks, *questions.remarks, *self._left_out()]
        draft = {name: self.old[name] for name in self.old if name not in {"reason", "changes"}}
        areas = [*self.base.areas, *(question["area"] for question in sources)]
        draft |= {
            "version": self.base.version + 1,
            "based_on": self.base.version,
            "languages": list(self.languages),
            "areas": list(dict.fromkeys(areas)),
            "indicator_labels": questions.labels,
            "texts": texts,
            "scales": scales,
            "questions": sources,
        }
        self._recall(draft)
        ordered = {name: draft[name] for name in Questionnaire.model_fields if name in draft}
        optional = ("indicator_labels", "scales")
        for name in optional:
            if not ordered[name]:
                del ordered[name]
        refuse(list(_shape_faults(ordered, rows)))
        return ordered, sorted(self.remarks, key=_position)

    def _default_language(self, known: dict[str, str]) -> str:
        """The language of columns that name none."""
        first = self.base.languages[0]
        named = self.settings.text("default_language") if self.settings else ""
        return (language_code(named, known) if named else None) or first

    def _texts(self) -> Source:
        """The texts around the questions, with the file's title."""
        texts: Source = dict(self.old["texts"])
        title = self.settings.text("form_title") if self.settings else ""
        if self.settings is None or title in ("", texts["title"].get(self.default)):
            return texts
        place = self.settings.place("form_title")
        if fault := text_fault(title):
            self.faults.append(Remark(place, fault))
        texts["title"] = merged({self.default: title}, texts["title"], {}, self.languages)
        message = N_('The title is new in "%(code)s". Check it in the other languages.')
        self.remarks.append(Remark(place, message, {"code": self.default}))
        return texts

    def _recall(self, draft: Source) -> None:
        """Keep how far back questions ask only for those that are still there."""
        if "recall" not in draft:
            return
        ids = [question["id"] for question in draft["questions"]]
        kept = [id for id in draft["recall"]["only_in"] if id in ids]
        draft["recall"] = draft["recall"] | {"only_in": kept}
        if not kept:
            del draft["recall"]

    def _left_out(self) -> Iterator[Remark]:
        """Columns that hold something which is not taken, and languages without columns."""
        for name, sheet in self.sheets.items():
            read = _READ[name] | set(self.wording[name].headers() if name != SETTINGS else ())
            for header in sheet.columns:
                if header not in read and any(row.text(header) for row in sheet.rows):
                    message = _WHY.get(header, N_('The column "%(header)s" is left out.'))
                    yield Remark(sheet.header_place(header), message, {"header": header})
        if self.settings and self.settings.text("form_id") not in ("", self.base.key):
            message = N_('The draft belongs to "%(key)s", whatever the file is called.')
            yield Remark(self.settings.place("form_id"), message, {"key": self.base.key})
        for code in self.languages:
            if code not in self.in_file:
                message = N_(
                    'The file has no texts in "%(code)s". Those of version %(version)s are '
                    "kept for questions and answers with the same name. Check them."
                )
                yield Remark("", message, {"code": code, "version": self.base.version})
            elif code not in self.base.languages:
                message = N_(
                    'The language "%(code)s" is new. Write the texts around the questions.'
                )
                yield Remark("", message, {"code": code})


def _shape_faults(draft: Source, rows: SurveyRows) -> Iterator[Remark]:
    """Cells in columns of our own that hold what a questionnaire cannot."""
    columns = {part: name for name, part in DERIVED_COLUMNS.items()}
    try:
        Questionnaire.model_validate(draft)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            match details["loc"]:
                case ("questions", int(number), "derived", str(part), *_):
                    header = columns[part]
                case ("questions", int(number), str(header), *_):
                    pass
                case _:
                    continue  # follows from a fault in a question, which is named there
            place = rows.questions[number].row.place(OWN + header)
            if details["type"] == "missing":
                yield Remark(place, _NO_COLUMN, {"header": OWN + header})
            else:
                message = N_('"%(value)s" cannot be read here.')
                yield Remark(place, message, {"value": str(details["input"])})


def _position(remark: Remark) -> tuple[int, int, int, str]:
    """The order of sheets, rows and columns; what concerns the whole file comes last."""
    cell = re.fullmatch(r"(\w+)!([A-Z]+)([0-9]+)", remark.place)
    if cell is None:
        return len(_READ), 0, 0, ""
    return list(_READ).index(cell[1]), int(cell[3]), len(cell[2]), cell[2]
