"""What a questionnaire's form sends: the answers, and which of them must come back."""

from collections.abc import Mapping

from surveyapp.collecting import visible
from surveyapp.errors import AnswerError
from surveyapp.questionnaire import TYPES, Questionnaire

PREFIX = "q_"  # before the question's id in the names of the fields


def answers_in(form: Mapping[str, str]) -> dict[str, str]:
    """Question id to what was answered. What cannot be seen, nobody meant to write."""
    return {
        name.removeprefix(PREFIX): visible(value)
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
