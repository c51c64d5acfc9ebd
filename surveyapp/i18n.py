"""Gettext for Python and Jinja; numbers, dates and periods as Swedish writes them."""

from collections.abc import Mapping
from datetime import date
from math import floor
from typing import Protocol, runtime_checkable

from babel.dates import format_date
from flask import Flask, request, session
from flask_babel import Babel, get_locale, gettext, ngettext, pgettext

from surveyapp.config import shipped_folder
from surveyapp.periods import Parts, Period

__all__ = ["LANGUAGES", "gettext", "ngettext", "pgettext"]

LANGUAGES = {"sv": "Svenska", "en": "English"}  # of the staff interface
THIN = "\N{NO-BREAK SPACE}"


def install(app: Flask) -> None:
    """Give the application its languages and its number filters."""
    Babel(
        app,
        default_locale="sv",
        default_translation_directories=str(shipped_folder("translations")),
        locale_selector=staff_language,
    )
    app.jinja_env.filters.update(
        percent=percent,
        number=number,
        month=month_name,
        month_in_words=month_in_words,
        period=period_name,
        day=day_name,
    )
    app.jinja_env.globals.update(
        staff_language=staff_language, staff_languages=LANGUAGES, error_text=error_text
    )


def staff_language() -> str:
    """The language that this member of staff chose; Swedish until then."""
    if not request:
        return "sv"
    chosen = session.get("language", "sv")
    return chosen if chosen in LANGUAGES else "sv"


@runtime_checkable
class Sentence(Protocol):
    """What core and use cases say: an error, a fault, what hinders."""

    @property
    def message(self) -> str: ...
    @property
    def values(self) -> Mapping[str, object]: ...


def error_text(error: Sentence) -> str:
    """The sentence of an error, in the language of the page, with those that it quotes."""
    values = {
        name: error_text(value) if isinstance(value, Sentence) else value
        for name, value in error.values.items()
    }
    return gettext(error.message, **values)


def _is_swedish() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "sv"


def rounded(value: float) -> int:
    """Ordinary rounding, half away from zero.

    >>> rounded(0.5), rounded(-2.5), rounded(86.4)
    (1, -3, 86)
    """
    size = floor(abs(value) + 0.5 + 1e-9)
    return size if value >= 0 else -size


def percent(share: float) -> str:
    """A share from 0 to 1 as whole per cent: `84 %` in Swedish, `84%` in English."""
    return f"{rounded(share * 100)}{THIN if _is_swedish() else ''}%"


def number(value: float, decimals: int = 0) -> str:
    """`1 250` and `8,7` in Swedish, `1,250` and `8.7` in English."""
    text = f"{value:,.{decimals}f}"
    if _is_swedish():
        text = text.replace(",", THIN).replace(".", ",")
    return text


def month_name(month: date) -> str:
    """A month as its number: 2026-03."""
    return f"{month:%Y-%m}"


def month_in_words(month: date) -> str:
    """`april 2026`, for a sentence."""
    return format_date(month, "MMMM y", locale=staff_language())


def day_name(day: date) -> str:
    return day.isoformat()


def period_name(period: Period) -> str:
    """How a period is called on a page."""
    if period.is_year:
        return str(period.year)
    if period.to_date:
        last = period.months[-1]
        return gettext("%(year)s to date (through %(month)s)", year=period.year,
                       month=month_name(last))  # fmt: skip
    names = {
        Parts.TERTIAL: gettext("tertial %(number)s", number=period.number),
        Parts.QUARTER: gettext("quarter %(number)s", number=period.number),
        Parts.MONTH: gettext("month %(number)s", number=period.number),
    }
    return f"{names[period.parts]} {period.year}"
