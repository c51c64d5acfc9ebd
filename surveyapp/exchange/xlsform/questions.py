"""The questions of an XLSForm as they stand in a questionnaire's own file."""

from collections.abc import Mapping
from typing import Any

from surveyapp.errors import N_, Remark
from surveyapp.exchange.workbook import Row
from surveyapp.exchange.xlsform import relevance
from surveyapp.exchange.xlsform.choices import NAME, NOT_A_NAME, Lists
from surveyapp.exchange.xlsform.columns import (
    DERIVED_COLUMNS,
    HINT,
    LABEL,
    LABEL_COLUMNS,
    NO_SHARE,
    OWN,
    TEXT_COLUMNS,
)
from surveyapp.exchange.xlsform.survey_rows import Asked, SurveyRows
from surveyapp.exchange.xlsform.wording import Wording, merged
from surveyapp.questionnaire import Question

Source = dict[str, Any]

_OF_CHOICES = ("positive", "indicator", "derived")  # only questions with answers to choose


class Questions:
    """Every question of the file, with faults and remarks.

    Parameters
    ----------
    rows : SurveyRows
        The rows that are questions.
    lists : Lists
        The lists of answers.
    wording : Wording
        The columns of the survey sheet that hold texts.
    languages : tuple of str
        The languages of the draft in order.
    old : dict
        The version before, as it stands in its file.
    """

    def __init__(
        self,
        rows: SurveyRows,
        lists: Lists,
        wording: Wording,
        languages: tuple[str, ...],
        old: Source,
    ) -> None:
        self.asked = rows.questions
        self.lists = lists
        self.wording = wording
        self.languages = languages
        self.old = {question["id"]: question for question in old["questions"]}
        self.old_scales: Source = old.get("scales", {})
        self.old_labels: dict[str, str] = old.get("indicator_labels", {})
        self.faults: list[Remark] = []
        self.remarks: list[Remark] = []
        self.labels: dict[str, str] = {}  # of the indicators that the questions have
        self.scales: Source = {}
        self.codes: dict[str, list[str]] = {}  # of the questions so far
        self.area: str = old["areas"][0]
        self.areas = old["areas"]

    def read(self) -> tuple[list[Source], Source]:
        """The questions in order, and the scales they share."""
        used = [asked.list_name for asked in self.asked if asked.list_name is not None]
        self.scales = self.lists.scales(used, self.old_scales)
        self.remarks += self.lists.unused(used)
        return [
            self._question(nr, asked) for nr, asked in enumerate(self.asked, 1)
        ], self.scales

    def _question(self, nr: int, asked: Asked) -> Source:
        row = asked.row
        id = row.text("name")
        kind = "text" if asked.list_name is None else "single"
        old = self.old.get(id, {})
        same_kind = old.get("type") == kind
        found: Source = {"id": id, "nr": nr, "type": kind, "area": self._area(asked, old)}
        if condition := self._condition(asked):
            found["show_if"] = condition
        self._name(row, id)
        found |= self._words(row, old)
        for name in (*TEXT_COLUMNS, "positive", "derived", "short_form", "source"):
            if name != "area":
                before = old if same_kind or name not in _OF_CHOICES else {}
                self._own(found, row, name, before)
        if asked.list_name is None:
            self._length(found, row, old)
        else:
            self._options(found, asked, old if same_kind else {})
        self._label(found, row)
        return {name: found[name] for name in Question.model_fields if name in found}

    def _fault(self, place: str, message: str, **values: object) -> None:
        self.faults.append(Remark(place, message, values))

    def _name(self, row: Row, id: str) -> None:
        place = row.place("name")
        if not id:
            self._fault(place, N_("The question has no name. Write one."))
        elif not NAME.fullmatch(id):
            self._fault(place, NOT_A_NAME, name=id)
        elif id in self.codes:
            self._fault(place, N_('The name "%(name)s" is there twice.'), name=id)
        self.codes.setdefault(id, [])

    def _words(self, row: Row, old: Source) -> Source:
        found = {}
        for name, kind in (("text", LABEL), ("help", HINT)):
            given = self.wording.texts(row, kind, self.faults)
            in_file = self.wording.columns[kind]
            if kind == LABEL and not given:
                self._fault(self.wording.place(row, kind), N_("The question has no text."))
            for code in in_file if given else ():
                if code not in given:
                    message = N_('There is no text in "%(code)s".')
                    place = self.wording.place(row, kind, code)
                    self.remarks.append(Remark(place, message, {"code": code}))
            if words := merged(given, old.get(name, {}), in_file, self.languages):
                found[name] = words
        return found

    def _area(self, asked: Asked, old: Source) -> str:
        """Its own, that of the version before, its group's, or that of the question before."""
        row = asked.row
        groups = (group.text("name") for group in reversed(asked.groups))
        named = row.text(OWN + "area") or old.get("area", "")
        named = named or next((group for group in groups if group in self.areas), "")
        if named and not NAME.fullmatch(named):
            self._fault(row.place(OWN + "area"), NOT_A_NAME, name=named)
        elif not named:
            message = N_('No area is given, so it is placed in "%(area)s". Check it.')
            self.remarks.append(Remark(row.place("name"), message, {"area": self.area}))
        self.area = named or self.area
        return self.area

    def _condition(self, asked: Asked) -> str | None:
        conditions = asked.conditions
        if not conditions:
            return None
        place, expression = conditions[-1]
        if len({text for _, text in conditions}) > 1:
            message = N_("The question and its group have a condition each. Keep one.")
            self._fault(place, message)
            return None
        try:
            condition = relevance.read(expression)
        except ValueError:
            message = N_(
                "The condition cannot be read. Write ${question} = 'code', or several such "
                'about the same question with "or" between.'
            )
            self._fault(place, message)
            return None
        if condition.question not in self.codes:
            message = N_('No question "%(name)s" comes before this one.')
            self._fault(place, message, name=condition.question)
        for code in condition.codes:
            if code not in self.codes.get(condition.question, [code]):
                message = N_('"%(name)s" has no answer "%(code)s".')
                self._fault(place, message, name=condition.question, code=code)
        return str(condition)

    def _own(self, found: Source, row: Row, name: str, old: Source) -> None:
        """One part of a question from its own column, or from before if there is none."""
        header = OWN + name
        if header not in row.columns:
            if name in old:
                found[name] = old[name]
            return
        text = row.text(header)
        if not text:
            return
        match name:
            case "positive":
                found[name] = None if text == NO_SHARE else text.split()
            case "short_form":
                if text not in {"true", "false"}:
                    self._fault(row.place(header), N_('Write "true" or "false".'))
                found[name] = text == "true"
            case "source":
                found[name] = text.split("\n")
            case "derived":
                parts = {part: row.text(OWN + each) for each, part in DERIVED_COLUMNS.items()}
                found[name] = {part: value for part, value in parts.items() if value}
            case _:
                found[name] = text

    def _label(self, found: Source, row: Row) -> None:
        codes: Mapping[str, Any] = {
            "indicator": found.get("indicator"),
            "derived": found.get("derived", {}).get("id"),
        }
        for name, code in codes.items():
            label = row.text(OWN + LABEL_COLUMNS[name]) or self.old_labels.get(code or "")
            if code and label:
                self.labels[code] = label

    def _length(self, found: Source, row: Row, old: Source) -> None:
        constraint = row.text("constraint")
        limit = relevance.length_limit(constraint) or old.get("max_chars")
        if limit is not None:
            found["max_chars"] = limit
        if constraint and relevance.length_limit(constraint) is None:
            message = N_("The constraint is left out: only string-length(.) <= n is read.")
            self.remarks.append(Remark(row.place("constraint"), message))
        elif limit is None:
            message = N_("Nothing says how long the answer may be. Write it in the draft.")
            self.remarks.append(Remark(row.place("constraint"), message))

    def _options(self, found: Source, asked: Asked, old: Source) -> None:
        row, name = asked.row, asked.list_name or ""
        if row.text("constraint"):
            message = N_("A question with answers to choose has no constraint. It is left out.")
            self.remarks.append(Remark(row.place("constraint"), message))
        if name not in self.lists.rows:
            message = N_('The sheet "choices" has no list "%(name)s".')
            self._fault(row.place("type"), message, name=name)
            return
        self.codes[found["id"]] = self.lists.codes(name)
        scale = row.text(OWN + "scale")
        if name in self.scales:
            found["scale"] = name
        elif scale:
            found["scale"] = scale
            self._extra(found, row, name, scale, old)
        else:
            found["options"] = self.lists.options(name, old.get("options", []))
        if "positive" not in found:
            message = N_("Nothing says which answers are positive. Decide it in the draft.")
            self.remarks.append(Remark(row.place("name"), message))

    def _extra(self, found: Source, row: Row, name: str, scale: str, old: Source) -> None:
        """The one answer that the list has and the scale has not."""
        before = [old["extra_option"]] if "extra_option" in old else []
        shared = [option["code"] for option in self.scales.get(scale, {}).get("options", [])]
        options = self.lists.options(name, before)
        extra = [option for option in options if option["code"] not in shared]
        if shared and len(extra) == 1 and len(options) == len(shared) + 1:
            found["extra_option"] = extra[0]
            return
        message = N_('The list "%(name)s" is not the scale "%(scale)s" and one answer more.')
        self._fault(row.place("type"), message, name=name, scale=scale)
