"""The forms of a questionnaire's life: publishing, retiring, files."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField
from wtforms.validators import InputRequired


def _(text: str) -> str:
    """Translated when it is shown: the forms are made before anybody has a language."""
    return lazy_gettext(text)  # type: ignore[return-value]  # stands for a string everywhere


class PublishForm(FlaskForm):
    """From when occasions begin with the version."""

    valid_from = DateField(_("First day"), [InputRequired(_("Write the day as 2026-01-01."))])


class RetireForm(FlaskForm):
    """How long paper forms of the version are keyed."""

    paper_until = DateField(_("Last day"), [InputRequired(_("Write the day as 2026-01-01."))])


class FileForm(FlaskForm):
    """A questionnaire in a file."""

    file = FileField(_("File"), [InputRequired(_("Choose the file."))])
