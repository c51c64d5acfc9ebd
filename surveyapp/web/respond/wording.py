"""How the questionnaire's texts are set on a page."""

import re

from flask import Blueprint
from markupsafe import Markup

_AFTER_A_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_NUMBER = re.compile(r"(\d[\d -]*\d)")
_WHOLE = Markup('<span class="whole">%s</span>')


def sentences(text: str) -> list[str]:
    """The sentences of a text: each gets a line of its own, which is easier to follow.

    >>> sentences("Tack! Lämna nu tillbaka surfplattan.")
    ['Tack!', 'Lämna nu tillbaka surfplattan.']
    """
    return _AFTER_A_SENTENCE.split(text.strip())


def whole_numbers(text: str) -> Markup:
    """The text as HTML in which a telephone number is never broken between two lines.

    >>> whole_numbers("It's 08-80 65 65.")
    Markup('It&#39;s <span class="whole">08-80 65 65</span>.')
    """
    pieces = _NUMBER.split(text)  # text and number in turn
    return Markup("").join(
        _WHOLE % piece if place % 2 else piece for place, piece in enumerate(pieces)
    )


def install(bp: Blueprint) -> None:
    """Let templates use the two as filters."""
    bp.add_app_template_filter(sentences, "sentences")
    bp.add_app_template_filter(whole_numbers, "whole_numbers")
