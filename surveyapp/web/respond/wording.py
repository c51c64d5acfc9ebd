"""How the questionnaire's texts are set on a page."""

import re

from flask import Blueprint
from markupsafe import Markup

from surveyapp.questionnaire import direction, html_language

_AFTER_A_SENTENCE = re.compile(r"(?<=[.!?\N{ARABIC QUESTION MARK}\N{ARABIC FULL STOP}])\s+")
_NUMBER = re.compile(r"(\d[\d -]*\d)")
_WHOLE = Markup('<bdi class="whole" dir="ltr">%s</bdi>')


def sentences(text: str) -> list[str]:
    """The sentences of a text: each gets a line of its own, which is easier to follow.

    >>> sentences("Tack! Lämna nu tillbaka surfplattan.")
    ['Tack!', 'Lämna nu tillbaka surfplattan.']
    """
    return _AFTER_A_SENTENCE.split(text.strip())


def whole_numbers(text: str) -> Markup:
    """The text as HTML in which a telephone number is never broken between two lines, nor
    turned round in a language that is written from right to left.

    >>> whole_numbers("It's 08-80 65 65.")
    Markup('It&#39;s <bdi class="whole" dir="ltr">08-80 65 65</bdi>.')
    """
    pieces = _NUMBER.split(text)  # text and number in turn
    return Markup("").join(
        _WHOLE % piece if place % 2 else piece for place, piece in enumerate(pieces)
    )


def filled(text: str, language: str, **values: object) -> str:
    """The text with its places filled. From right to left what is put in keeps a direction of
    its own, by signs around it that are not seen.

    >>> filled("Minst {n} svar.", "sv", n=10)
    'Minst 10 svar.'
    >>> filled("{n} / {total}", "ar", n=1, total=6)
    '\\u20681\\u2069 / \\u20686\\u2069'
    """
    around = "\u2068%s\u2069" if direction(language) == "rtl" else "%s"
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", around % value)
    return text


def install(bp: Blueprint) -> None:
    """Let templates use these as filters."""
    bp.add_app_template_filter(sentences, "sentences")
    bp.add_app_template_filter(direction, "direction")
    bp.add_app_template_filter(html_language, "html_language")
    bp.add_app_template_filter(filled, "filled")
    bp.add_app_template_filter(whole_numbers, "whole_numbers")
