"""The forms of the office: a new tablet, a rescue file, and why answers are let in."""

from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectChoice, SelectMultipleField, StringField, TextAreaField  # type: ignore[attr-defined]  # newer than its types
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from surveyapp.collecting import one_line

LONGEST_NAME = 60
LONGEST_REASON = 500


def _(text: str, **values: object) -> str:
    """Translated when it is shown: the forms are made before anybody has a language."""
    return lazy_gettext(text, **values)  # type: ignore[return-value]  # stands for a string


def _one_line(text: str | None) -> str:
    """What was written; WTForms gives None where nothing came."""
    return one_line(text or "")


class UnitBoxes(SelectMultipleField):
    """Units of which several can be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    offered: Collection[str] = ()

    def offer(self, units: Mapping[str, str], *, sent: bool) -> None:
        """Fill the list; a single unit needs no choosing."""
        self.choices = [SelectChoice(code, name) for code, name in units.items()]
        self.offered = frozenset(units)
        if len(units) == 1 and not sent:
            self.data = list(units)

    @property
    def chosen(self) -> list[str]:
        return list(self.data or ())

    def pre_validate(self, form: BaseForm) -> None:
        if self.offered and not (self.chosen and set(self.chosen) <= set(self.offered)):
            raise ValidationError(_("Choose at least one unit."))


class TabletForm(FlaskForm):
    """What a new tablet is called, and for which units it collects."""

    name = StringField(
        _("What the tablet is called"),
        [
            DataRequired(_("Give the tablet a name, for example Tablet 4.")),
            Length(
                max=LONGEST_NAME,
                message=_("Write at most %(n)s characters.", n=LONGEST_NAME),
            ),
        ],
        filters=[_one_line],
    )
    units = UnitBoxes(_("Units that it is used for"))

    def offer(self, units: Mapping[str, str]) -> "TabletForm":
        self.units.offer(units, sent=self.is_submitted())
        return self


class LetInForm(FlaskForm):
    """Of which units the answers of revoked tablets are let in, and why."""

    units = UnitBoxes(_("Units whose answers are let in"))
    reason = TextAreaField(
        _("How do you know that the answers are genuine?"),
        [
            DataRequired(_("Write how you know that the answers are genuine.")),
            Length(
                max=LONGEST_REASON,
                message=_("Write at most %(n)s characters.", n=LONGEST_REASON),
            ),
        ],
        filters=[_one_line],
    )

    def offer(self, units: Mapping[str, str]) -> "LetInForm":
        self.units.offer(units, sent=self.is_submitted())
        return self


class RescueForm(FlaskForm):
    """A file that was saved on a tablet."""

    file = FileField(
        _("The rescue file"), [FileRequired(_("Choose the file that was saved on the tablet."))]
    )
