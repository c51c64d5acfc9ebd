"""The pile a sheet comes from, and what was keyed of the sheet so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import abort, request, url_for

from surveyapp.collecting import Occasion, Submission
from surveyapp.i18n import gettext as _
from surveyapp.i18n import month_name
from surveyapp.models import (
    Channel,
    FollowupType,
    FormLength,
    HandedOverBy,
    Outcome,
    ServiceGroup,
    Unit,
)
from surveyapp.questionnaire import Questionnaire
from surveyapp.web.paper.forms import FORM_LENGTHS, HANDED_OVER_BY, PileForm
from surveyapp.web.paper.sheet import Sheet
from surveyapp.web.tablet.start_form import followup_types, service_groups


@dataclass(frozen=True)
class Pile:
    """What the sheets have in common, as plain values: they outlive a failed transaction."""

    unit_id: int
    unit: str
    unit_name: str
    document: Questionnaire
    month: date
    sticky: Mapping[str, Any]

    @classmethod
    def of(cls, unit: Unit, document: Questionnaire, form: PileForm, month: date) -> "Pile":
        """The pile that a valid form names."""
        return cls(unit.id, unit.code, unit.name, document, month, form.sticky)

    @property
    def language(self) -> str:
        return str(self.sticky["language"])

    @property
    def form_length(self) -> FormLength:
        return FormLength(self.sticky["form_length"])

    @property
    def text_questions(self) -> list[str]:
        """The questions of the sheet that are answered in words."""
        return [question.id for question in self.sheet(1).questions if not question.options]

    @property
    def labels(self) -> list[str]:
        """What the registrar chose, in words and in the order of the page before."""
        handed_over_by = HandedOverBy(self.sticky["handed_over_by"])
        labels = [
            self.document.texts.language_name[self.language],
            FORM_LENGTHS[self.form_length],
            followup_types()[self.sticky["followup_type"]],
            service_groups()[self.sticky["service_group"]],
        ]
        if handed_over_by is not HandedOverBy.UNKNOWN:
            who = HANDED_OVER_BY[handed_over_by]
            labels.append(_("handed over by: %(who)s", who=who))
        return labels

    @property
    def change_address(self) -> str:
        """Where the pile is chosen, with what holds now."""
        version = self.document.version
        return url_for("paper.index", unit=self.unit, version=version, **self.sticky)

    def sheet(self, named_officers: int) -> Sheet:
        """One of its sheets, in a unit with so many named officers per client."""
        short = self.form_length is FormLength.SHORT
        return Sheet(self.document, self.language, named_officers, short)

    def address(self, month: date | None = None, **more: Any) -> str:
        """A fresh sheet of the pile."""
        return url_for(
            "paper.sheet",
            unit_code=self.unit,
            key=self.document.key,
            version=self.document.version,
            **{**self.sticky, "month": month_name(month or self.month), **more},
        )

    def submission(self, receipt: UUID, month: date, answers: Mapping[str, str]) -> Submission:
        """What the door takes."""
        occasion = Occasion(
            receipt=receipt,
            unit=self.unit,
            month=month,
            questionnaire=self.document.key,
            version=self.document.version,
            language=self.language,
            channel=Channel.PAPER,
            followup_type=FollowupType(self.sticky["followup_type"]),
            service_group=ServiceGroup(self.sticky["service_group"]),
            handed_over_by=HandedOverBy(self.sticky["handed_over_by"]),
            form_length=self.form_length,
        )
        return Submission(occasion, Outcome.ANSWERED, answers=answers)


@dataclass(frozen=True)
class Keyed:
    """The keys as they were typed, so that a page given back holds every one of them.

    `officers` is the number of named officers that the boxes were numbered for.
    """

    receipt: UUID
    month: str
    keys: Mapping[str, str]
    officers: int
    is_checked: bool = False  # the numbers in the text point out nobody

    @classmethod
    def fresh(cls, month: date, officers: int) -> "Keyed":
        """Nothing yet, under a new receipt."""
        return cls(uuid4(), month_name(month), {}, officers)

    @classmethod
    def sent(cls, document: Questionnaire) -> "Keyed":
        """What the page sent; 400 if it is not a page of ours."""
        sent = request.form
        try:
            receipt, officers = UUID(sent["receipt"]), int(sent["officers"])
        except ValueError:
            abort(400)
        keys = {id: sent.get(f"q_{id}", "") for id in document.question_ids}
        return cls(receipt, sent.get("month", ""), keys, officers, "checked" in sent)

    def with_officers(self, officers: int) -> "Keyed":
        """The same keys over boxes numbered anew."""
        return replace(self, officers=officers)


@dataclass
class Faults:
    """What keeps a sheet from being saved, in words; `numbers` are those found in its text."""

    month: str = ""
    sheet: str = ""
    questions: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.month or self.sheet or self.questions or self.numbers)
