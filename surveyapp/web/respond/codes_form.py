"""What staff say when they make codes for letters."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from surveyapp.access_codes import MOST_AT_ONCE
from surveyapp.errors import SurveyError
from surveyapp.i18n import error_text
from surveyapp.i18n import gettext as _
from surveyapp.models import Unit
from surveyapp.periods import parse_month


class CodesForm(FlaskForm):
    """For which unit and month, and how many."""

    unit = SelectField()
    month = StringField()
    number = IntegerField()

    @classmethod
    def of(cls, units: list[Unit], today: date) -> "CodesForm":
        form = cls(month=f"{today:%Y-%m}")
        form.unit.choices = [
            (unit.code, unit.name) for unit in units if unit.is_valid_on(today)
        ]
        form.unit.label.text = _("Unit")
        form.month.label.text = _("Month of the follow-up")
        form.number.label.text = _("Number of codes")
        sentence = _("Write a number from 1 to %(most)s.", most=MOST_AT_ONCE)
        form.number.validators = [
            InputRequired(sentence),
            NumberRange(1, MOST_AT_ONCE, sentence),
        ]
        return form

    @property
    def n_chosen(self) -> int:
        return self.number.data or 0

    @property
    def month_chosen(self) -> date:
        return parse_month((self.month.data or "").strip())

    def validate_month(self, _field: StringField) -> None:
        try:
            self.month_chosen  # noqa: B018 - reading it is the check
        except SurveyError as error:
            raise ValidationError(error_text(error)) from error
