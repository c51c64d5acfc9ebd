"""What a questionnaire's form sends: the answers, and which of them must come back."""

import unicodedata
from collections.abc import Mapping

from surveyapp.errors import AnswerError
from surveyapp.questionnaire import TYPES, Questionnaire

PREFIX = "q_"  # before the question's id in the names of the fields
_INVISIBLE = frozenset({"Cc", "Cs"})
_KEPT = frozenset("\n\r\t")


def answers_in(form: Mapping[str, str]) -> dict[str, str]:
    """Question id to what was answered. What cannot be seen, nobody meant to write."""
    return {
        name.removeprefix(PREFIX): _visible(value)
        for name, value in form.items()
        if name.startswith(PREFIX) and value.strip()
    }


def too_long(document: Questionnaire, answers: Mapping[str, str]) -> dict[str, int]:
    """The questions answered with a longer text than they take, and how much they take."""
    found = {}
    for question in document.questions:
        text = answers.get(question.id)
        if text is None or question.max_chars is None:
            continue
        try:
            TYPES[question.type].parse(question, text, named_officers=1)
        except AnswerError:
            found[question.id] = question.max_chars
    return found


def _visible(text: str) -> str:
    return "".join(
        character
        for character in text
        if character in _KEPT or unicodedata.category(character) not in _INVISIBLE
    )
