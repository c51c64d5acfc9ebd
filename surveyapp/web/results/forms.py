"""The form for releasing results."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired


def _(text: str) -> str:
    """Translated when it is shown: the form is made before anybody has a language."""
    return lazy_gettext(text)  # type: ignore[return-value]  # stands for a string everywhere


class ReleaseForm(FlaskForm):
    """Which period, and that the person knows what it means."""

    period = RadioField(
        _("Which period?"), [InputRequired(_("Choose the period to release."))], choices=[]
    )
    is_sure = BooleanField(
        _("I know that the numbers do not change afterwards"),
        [InputRequired(_("Tick the box to go on."))],
    )
