"""One sheet as it is keyed: its questions with numbered boxes, and what the keys mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp.errors import N_, AnswerError
from surveyapp.questionnaire import (
    PAPER_BLANK,
    PAPER_ILLEGIBLE,
    PAPER_INVALID,
    Option,
    Question,
    Questionnaire,
)

BLANK_KEY, DOUBLE_KEY, ILLEGIBLE_KEY = "b", "x", "o"
MARKS = {
    BLANK_KEY: PAPER_BLANK,
    DOUBLE_KEY: PAPER_INVALID,
    ILLEGIBLE_KEY: PAPER_ILLEGIBLE,
}
# Six digits or more with little between them: a personal identity number or a telephone number.
LONG_NUMBER = r"\+?[0-9](?:[ \u00a0./–-]{0,3}[0-9]){5,}"
# Nothing but digits: the keys may have slipped past the last question with boxes.
ONLY_DIGITS = r"^[\s0-9]+$"


@dataclass(frozen=True)
class Row:
    """One question of the sheet; `boxes` are the texts of its boxes, the first one box 1."""

    question: Question
    text: str
    boxes: tuple[str, ...]
    only_after: tuple[int, tuple[int, ...]] | None = None  # row of another, boxes there

    @property
    def digits(self) -> int:
        """How many digits a box number may have."""
        return len(str(len(self.boxes)))


@dataclass(frozen=True)
class Sheet:
    """The questions of one version, language and length, as printed for a unit."""

    document: Questionnaire
    language: str
    named_officers: int
    short: bool

    @property
    def questions(self) -> list[Question]:
        return [q for q in self.document.questions if q.short_form or not self.short]

    def rows(self) -> list[Row]:
        """One row per question, in the sheet's order."""
        return [
            Row(
                question,
                question.text[self.language],
                tuple(option.text[self.language] for option in self._options(question)),
                self._only_after(question),
            )
            for question in self.questions
        ]

    def _options(self, question: Question) -> tuple[Option, ...]:
        return question.options_for(self.named_officers)

    def _only_after(self, question: Question) -> tuple[int, tuple[int, ...]] | None:
        """The row and the boxes there that make the question apply; None if it always does."""
        for row, earlier in enumerate(self.questions, start=1):
            if question.show_if is not None and earlier.id == question.show_if.question:
                boxes = tuple(
                    box
                    for box, option in enumerate(self._options(earlier), start=1)
                    if option.code in question.show_if.codes
                )
                return row, boxes
        return None

    def read(self, keyed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, AnswerError]]:
        """What the keys mean, by question, and the keys that mean nothing."""
        answers, faults = {}, {}
        for question in self.questions:
            try:
                answers[question.id] = self._meaning(question, keyed.get(question.id, ""))
            except AnswerError as error:
                faults[question.id] = error
        return answers, faults

    def _meaning(self, question: Question, keyed: str) -> str:
        key = keyed.strip().lower()
        if not question.options:
            return PAPER_ILLEGIBLE if key == ILLEGIBLE_KEY else keyed
        if not key:
            return PAPER_BLANK
        if key in MARKS:
            return MARKS[key]
        if re.fullmatch("[0-9]{1,3}", key):
            return question.code_for_box(int(key), self.named_officers)
        raise AnswerError(
            question.id, N_("Type the number of a box, or x, o or b as the help above says.")
        )


def points_out(text: str) -> list[str]:
    """The numbers in a text that may point out somebody, or that slipped in while keying."""
    text = text.strip()
    if re.fullmatch(ONLY_DIGITS, text):
        return [text]
    return re.findall(LONG_NUMBER, text)


def is_blank(answers: Mapping[str, str]) -> bool:
    """Whether the sheet holds nothing at all."""
    return all(not raw.strip() or raw == PAPER_BLANK for raw in answers.values())
