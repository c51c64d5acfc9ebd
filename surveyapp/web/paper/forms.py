"""The forms around a pile of paper: what its sheets have in common, how many went out."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Regexp

from surveyapp.errors import N_, SurveyError
from surveyapp.models import FormLength, HandedOverBy, Unit
from surveyapp.periods import month_of, parse_month
from surveyapp.questionnaire import Questionnaire
from surveyapp.web.tablet.start_form import followup_types, service_groups


def _(text: str) -> str:
    """Translated when it is shown: the forms are made before anybody has a language."""
    return lazy_gettext(text)  # type: ignore[return-value]  # stands for a string everywhere


HANDED_OVER_BY = {
    HandedOverBy.UNKNOWN: _("Not known"),
    HandedOverBy.OWN_OFFICER: _("The person's own case officer"),
    HandedOverBy.OTHER_OFFICER: _("Another case officer"),
    HandedOverBy.FOLLOWUP_OFFICER: _("A follow-up officer"),
    HandedOverBy.ASSISTANT: _("An assistant"),
    HandedOverBy.LETTER: _("Sent by letter"),
}
FORM_LENGTHS = {FormLength.FULL: _("The full form"), FormLength.SHORT: _("The short form")}
# What the sheets of a pile have in common; it follows from sheet to sheet in the address.
STICKY = (
    "month",
    "language",
    "form_length",
    "followup_type",
    "service_group",
    "handed_over_by",
)
MONTH = re.compile(r"\s*([0-9]{4})[-/. ]?([0-9]{2})\s*")


def month_for(unit: Unit, text: str, today: date) -> date:
    """The month as keyed, 202603 too; SurveyError says what is wrong with it."""
    month = parse_month(MONTH.sub(r"\1-\2", text))
    if not unit.existed_in(month):
        raise SurveyError(N_("The unit did not exist in the month of the follow-up."))
    if month > month_of(today):
        raise SurveyError(N_("The month of the follow-up lies ahead."))
    return month


def _one_of(label: str, *validators: Any, **more: Any) -> SelectField:
    """A list to choose from, with our own sentence for what is not in it."""
    more["invalid_choice_message"] = _("Choose one in the list.")
    return SelectField(label, validators, **more)


def _choices(labels: Mapping[Any, str], *, opened: bool = False) -> list[SelectChoice]:
    """The lines of a list, `opened` by an empty one where nobody should choose by accident."""
    lines = [SelectChoice(str(value), label) for value, label in labels.items()]
    return [SelectChoice("", _("Choose")), *lines] if opened else lines


class PileForm(FlaskForm):
    """What is the same for every sheet until somebody changes it. It only leads on."""

    class Meta:
        csrf = False

    unit = _one_of(_("Unit"), InputRequired(_("Choose the unit.")))
    version = _one_of(_("Version printed on the sheet"))
    month = StringField(
        _("Month of the follow-up"), [InputRequired(_("Write the month of the follow-up."))]
    )
    language = _one_of(_("Language of the sheet"))
    form_length = _one_of(
        _("Length"), choices=_choices(FORM_LENGTHS), default=FormLength.FULL.value
    )
    followup_type = _one_of(
        _("Type of follow-up"), InputRequired(_("Choose the type of follow-up."))
    )
    service_group = _one_of(_("The person's help"), InputRequired(_("Choose the help.")))
    handed_over_by = _one_of(
        _("Handed over by"),
        choices=_choices(HANDED_OVER_BY),
        default=HandedOverBy.UNKNOWN.value,
    )

    def offer(
        self, units: Mapping[str, str], versions: Mapping[str, str], newest: Questionnaire
    ) -> "PileForm":
        """Fill the lists; a single unit needs no choosing."""
        names = newest.texts.language_name
        self.unit.choices = _choices(units, opened=len(units) > 1)
        self.version.choices = _choices(versions)
        self.language.choices = _choices({code: names[code] for code in newest.languages})
        self.followup_type.choices = _choices(followup_types(), opened=True)
        self.service_group.choices = _choices(service_groups(), opened=True)
        return self

    @property
    def sticky(self) -> dict[str, Any]:
        """What goes along to the next sheet."""
        return {name: self[name].data for name in STICKY}


class HandedOutForm(FlaskForm):
    """How many forms went out in a month, in all: sent twice it is still the same number."""

    unit = _one_of(_("Unit"), InputRequired(_("Choose the unit.")))
    month = StringField(
        _("Month of the follow-up"), [InputRequired(_("Write the month of the follow-up."))]
    )
    n = StringField(
        _("Forms handed out in that month, in all"),
        [
            InputRequired(_("Write how many.")),
            Regexp(r"\s*[0-9]{1,4}\s*$", message=_("Write a whole number from 0 to 9999.")),
        ],
    )

    def offer(self, units: Mapping[str, str]) -> "HandedOutForm":
        """Fill the list of units; a single one needs no choosing."""
        self.unit.choices = _choices(units, opened=len(units) > 1)
        return self
