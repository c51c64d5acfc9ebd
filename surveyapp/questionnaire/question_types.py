"""The question types: how an answer is read and written, and how its answers are summed up.

The same `parse` serves tablet, paper and every other door.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import ClassVar, Protocol

from surveyapp.errors import N_, AnswerError
from surveyapp.questionnaire.document import Question

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NOT_STORABLE = frozenset({"Cc", "Cs"})


class QuestionType(Protocol):
    """What every type can do."""

    name: ClassVar[str]  # as it stands in the file, and the name of its template
    summary: ClassVar[str]  # how its answers are summed up
    has_options: ClassVar[bool]

    def parse(self, question: Question, raw: str, *, named_officers: int | None) -> str:
        """The value to store; AnswerError if the question does not accept the answer.

        `named_officers` is None where every option of the question may have been shown.
        """
        ...

    def dump(self, question: Question, value: str) -> str:
        """The raw text that `parse` would read as this value."""
        ...


class Single:
    """One of the options shown.

    Examples
    --------
    >>> question = Question.model_validate({
    ...     "id": "svar", "nr": "1", "area": "test", "type": "single",
    ...     "text": {"sv": "Ja?"}, "options": [{"code": "ja", "sv": "Ja"}]})
    >>> TYPES["single"].parse(question, " ja ", named_officers=1)
    'ja'
    """

    name: ClassVar[str] = "single"
    summary: ClassVar[str] = "distribution"
    has_options: ClassVar[bool] = True

    def parse(self, question: Question, raw: str, *, named_officers: int | None) -> str:
        """The code of the option, if the unit shows it."""
        code = raw.strip()
        may_be_shown = (
            question.options if named_officers is None else question.options_for(named_officers)
        )
        if code not in {option.code for option in may_be_shown}:
            raise AnswerError(question.id, N_("Choose one of the answers."))
        return code

    def dump(self, question: Question, value: str) -> str:
        """The code as it is; KeyError if the question has no such option."""
        return question.option(value).code


class FreeText:
    """Words of the person's own, at most `max_chars` characters.

    Examples
    --------
    >>> question = Question.model_validate({
    ...     "id": "ord", "nr": "1", "area": "test", "type": "text",
    ...     "text": {"sv": "Mer?"}, "max_chars": "20"})
    >>> TYPES["text"].parse(question, " Tack!\\r\\nHej ", named_officers=1)
    'Tack!\\nHej'
    """

    name: ClassVar[str] = "text"
    summary: ClassVar[str] = "texts"
    has_options: ClassVar[bool] = False

    def parse(self, question: Question, raw: str, *, named_officers: int | None) -> str:
        """The text in one form: composed letters, plain line ends, no blanks around it."""
        text = _LINE_END.sub("\n", raw).replace("\t", " ")
        text = unicodedata.normalize("NFC", text).strip()
        if any(unicodedata.category(c) in _NOT_STORABLE and c != "\n" for c in text):
            raise AnswerError(
                question.id, N_("The text holds a sign that cannot be saved. Remove it.")
            )
        if question.max_chars is not None and len(text) > question.max_chars:
            raise AnswerError(
                question.id,
                N_("The text is too long. Shorten it to at most %(n)s characters."),
                n=question.max_chars,
            )
        return text

    def dump(self, question: Question, value: str) -> str:
        """The text as it is."""
        return value


_KINDS: tuple[QuestionType, ...] = (Single(), FreeText())
TYPES: Mapping[str, QuestionType] = {kind.name: kind for kind in _KINDS}
