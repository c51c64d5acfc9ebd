"""The lists of answers of an XLSForm: which are scales, and what each answer is."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from surveyapp.errors import N_, Remark
from surveyapp.exchange.workbook import Row, Sheet
from surveyapp.exchange.xlsform.columns import LABEL, OWN
from surveyapp.exchange.xlsform.wording import Wording, merged
from surveyapp.questionnaire import OptionKind
from surveyapp.questionnaire.conditions import AtLeastOfficers

_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")  # of a question or a scale

NOT_A_NAME = N_(
    '"%(name)s" is no name here. Use small letters a-z, figures and _, begin with a letter, '
    "and at most 40 signs."
)


class Lists:
    """Every list of the sheet by its name, in the order of the file."""

    def __init__(self, sheet: Sheet, wording: Wording, languages: tuple[str, ...]) -> None:
        self.faults: list[Remark] = []
        self.wording = wording
        self.languages = languages
        self.rows: dict[str, list[Row]] = {}
        for row in sheet.rows:
            name = row.text("list_name")
            if name:
                self.rows.setdefault(name, []).append(row)
            elif row.text("name"):
                message = N_("Write the name of the list that the answer belongs to.")
                self.faults.append(Remark(row.place("list_name"), message))

    def is_marked(self, name: str) -> bool:
        """Whether the file says that several questions may share the list."""
        return self.rows[name][0].text(OWN + "scale") == "true"

    def codes(self, name: str) -> list[str]:
        """The codes of a list."""
        return [row.text("name") for row in self.rows[name]]

    def scales(
        self, used: Sequence[str], old: Mapping[str, Any]
    ) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """The lists that are scales: marked so, known as such, or used more than once.

        Parameters
        ----------
        used : sequence of str
            The list of each question that has one.
        old : mapping
            The scales of the version before, as they stand in its file.
        """
        found = {}
        for name in self.rows:
            if self.is_marked(name) or (name in used and name in old) or used.count(name) > 1:
                if not NAME.fullmatch(name):
                    place = self.rows[name][0].place("list_name")
                    self.faults.append(Remark(place, NOT_A_NAME, {"name": name}))
                before = old.get(name, {}).get("options", [])
                found[name] = {"options": self.options(name, before)}
        return found

    def unused(self, used: Collection[str]) -> list[Remark]:
        """Lists that no question has."""
        message = N_('No question has the list "%(name)s". It is left out.')
        return [
            Remark(rows[0].place("list_name"), message, {"name": name})
            for name, rows in self.rows.items()
            if name not in used and not self.is_marked(name)
        ]

    def options(self, name: str, before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The answers of a list as they stand in a questionnaire's file.

        Parameters
        ----------
        name : str
            A list of the file.
        before : sequence of mapping
            The answers of the same list in the version before, for what the file cannot say.
        """
        old = {option["code"]: option for option in before}
        seen: set[str] = set()
        options = []
        for row in self.rows[name]:
            code = row.text("name")
            place = row.place("name")
            if not code:
                self.faults.append(Remark(place, N_("The answer has no code. Write one.")))
            elif not _CODE.fullmatch(code):
                message = N_(
                    '"%(code)s" is no code. Use small letters a-z, figures and _, without '
                    "spaces, and at most 40 signs."
                )
                self.faults.append(Remark(place, message, {"code": code}))
            elif code in seen:
                message = N_('The code "%(code)s" is in the list "%(name)s" twice.')
                self.faults.append(Remark(place, message, {"code": code, "name": name}))
            seen.add(code)
            options.append(self._option(row, code, old.get(code, {})))
        return options

    def _option(self, row: Row, code: str, old: Mapping[str, Any]) -> dict[str, Any]:
        given = self.wording.texts(row, LABEL, self.faults)
        if not given:
            message = N_("The answer has no text. Write one.")
            self.faults.append(Remark(self.wording.place(row, LABEL), message))
        words = {language: old[language] for language in self.languages if language in old}
        in_file = self.wording.columns[LABEL]
        option: dict[str, Any] = {
            "code": code,
            **merged(given, words, in_file, self.languages),
        }
        for name in ("kind", "visible_if"):
            header = OWN + name
            value = row.text(header) if header in row.columns else old.get(name, "")
            if value:
                self._check(row, name, value)
                option[name] = value
        return option

    def _check(self, row: Row, name: str, value: str) -> None:
        try:
            OptionKind(value) if name == "kind" else AtLeastOfficers.parse(value)
        except ValueError:
            message = N_('"%(value)s" cannot be read. Known: %(known)s.')
            known = ", ".join(OptionKind) if name == "kind" else str(AtLeastOfficers(2))
            values = {"value": value, "known": known}
            self.faults.append(Remark(row.place(OWN + name), message, values))
