"""What can go wrong, as one tree.

SurveyError
├── QuestionnaireError     a questionnaire file is faulty: "path:line: what is wrong"
├── PublishingError        a version cannot be published, or was changed after publishing
├── DraftError             a draft of a questionnaire cannot be changed as asked
├── AnswerError            an answer that its question does not accept
├── ImportRefused          a file for units or figures has faulty lines; nothing was stored
├── ExchangeRefused        a file from another program cannot be read; names each cell
├── AccountError           an account cannot be made or changed as asked
├── CollectingError        something sent in that the door cannot take as it is
│   ├── ReceiptConflict    the receipt is known with other content
│   └── CannotAccept       it names a version, unit, month or answer that does not hold
├── MoveRefused            answers cannot be moved to another unit as asked
├── ReleaseRefused         a period cannot be released (yet)
└── StorageError           the database is missing, not migrated, locked or full

Messages are English sentences marked with N_(); the edge translates them when they are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a message for translation without translating it here."""
    return message


class SurveyError(Exception):
    """Something a person can act on; `message` may hold %(name)s places for `values`."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values: Mapping[str, object] = values


class QuestionnaireError(SurveyError):
    """A questionnaire file is faulty."""


class PublishingError(SurveyError):
    """A version cannot be published, or no longer is what was published."""


class DraftError(SurveyError):
    """A draft of a questionnaire cannot be changed as asked."""


class AnswerError(SurveyError):
    """An answer that its question does not accept."""

    def __init__(self, question: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.question = question


class ImportRefused(SurveyError):
    """A file was not stored; `faults` has one line for each faulty line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Remark:
    """What somebody should know about a file; `place` is a cell such as ``survey!C7``.

    Examples
    --------
    >>> str(Remark("survey!C7", N_("The column %(name)s is left out."), {"name": "image"}))
    'survey!C7: The column image is left out.'
    """

    place: str  # empty for the whole file
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        text = self.message % self.values if self.values else self.message
        return f"{self.place}: {text}" if self.place else text


class ExchangeRefused(SurveyError):
    """A file from another program was not read; `faults` has a remark for each faulty cell."""

    def __init__(self, faults: Sequence[Remark]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class AccountError(SurveyError):
    """An account cannot be made or changed as asked."""


class CollectingError(SurveyError):
    """Something sent in that cannot be taken as it is."""


class ReceiptConflict(CollectingError):
    """The receipt is known, but with other content."""


class CannotAccept(CollectingError):
    """It names a version, unit, month or answer that does not hold."""


class MoveRefused(SurveyError):
    """Answers cannot be moved to another unit as asked."""


class ReleaseRefused(SurveyError):
    """A period cannot be released, or not yet."""


class StorageError(SurveyError):
    """The database is missing, not migrated, locked or full."""
