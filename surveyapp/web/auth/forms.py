"""The form for signing in."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length


def _(text: str) -> str:
    """Translated when it is shown: the form is made before anybody has a language."""
    return lazy_gettext(text)  # type: ignore[return-value]  # stands for a string everywhere


class SignInForm(FlaskForm):
    """Name and password; `next` is where the person was on the way to."""

    name = StringField(
        _("User name"), [InputRequired(_("Write your user name.")), Length(max=100)]
    )
    password = PasswordField(
        _("Password"), [InputRequired(_("Write your password.")), Length(max=1000)]
    )
    next = HiddenField()
