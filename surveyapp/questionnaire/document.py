"""A questionnaire as frozen models: what one version asks, in all its languages.

The models are the only description of the file format; `loading` reads it, `checking` says
what must agree, `writing` writes it back, `canonical` is what is stored and hashed. No date
and no status is in here: those belong to publishing.
"""

import enum
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from surveyapp.errors import N_, AnswerError
from surveyapp.questionnaire.conditions import Share, ShowIf, VisibleIf
from surveyapp.questionnaire.texts import Part, Text, Texts, Words


def _true_or_false(raw: object) -> object:
    if isinstance(raw, str) and raw not in {"true", "false"}:
        raise ValueError('write "true" or "false"')
    return raw


def _or_null(raw: object) -> object:
    return None if raw == "null" else raw


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^IND_[A-Z0-9_]+$", max_length=40)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Flag = Annotated[bool, BeforeValidator(_true_or_false)]
FromOne = Annotated[int, Field(ge=1)]


class OptionKind(enum.StrEnum):
    """How an option counts: only substantive ones are in the denominator."""

    SUBSTANTIVE = "substantive"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"


class ChangeType(enum.StrEnum):
    """What a version did to a question of the version it is based on."""

    REWORD = "reword"
    HELP_TEXT = "help_text"
    OPTION_ADDED = "option_added"
    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


class ComparabilityKind(enum.StrEnum):
    """Whether answers before and after a change may be compared."""

    IDENTICAL = "identical"
    EQUIVALENT = "equivalent"
    EQUIVALENT_WITH_NOTE = "equivalent_with_note"
    BREAK = "break"
    NEW = "new"
    ENDED = "ended"


class Option(Part):
    """One answer to choose. In the file its texts stand beside its code: ``sv: "Ja"``."""

    code: Code
    text: Words
    kind: OptionKind = OptionKind.SUBSTANTIVE
    visible_if: VisibleIf | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather_texts(cls, raw: object) -> object:
        if not isinstance(raw, Mapping) or "text" in raw:
            return raw
        own = {key: raw[key] for key in ("code", "kind", "visible_if") if key in raw}
        return own | {"text": {key: raw[key] for key in raw if key not in own}}


class Scale(Part):
    """Options that several questions share."""

    options: tuple[Option, ...]


class Derived(Part):
    """An indicator worked out from the answer and the unit's number of named officers."""

    id: IndicatorCode
    share: Share
    note: Text | None = None

    def within(self, code: str, named_officers: int) -> bool:
        """Whether the answer counts towards the share in a unit with so many officers.

        Parameters
        ----------
        code : str
            A substantive option code that begins with a number.
        named_officers : int
            Named officers per client in the unit, at least 1.

        Examples
        --------
        >>> rule = "answers <= max(1, unit.named_officers_per_client)"
        >>> Derived.model_validate({"id": "IND_ANTAL", "share": rule}).within("2", 3)
        True
        """
        return self.share.within(code, named_officers)


class Question(Part):
    """One question. `options` holds the scale's options too, in the order they are shown."""

    id: Id
    nr: FromOne
    area: Id
    type: str
    short_form: Flag = False
    show_if: ShowIf | None = None
    text: Words
    help: Words | None = None
    scale: Id | None = None
    extra_option: Option | None = None
    options: tuple[Option, ...] = ()
    max_chars: FromOne | None = None
    positive: Annotated[tuple[Code, ...] | None, BeforeValidator(_or_null)] = None
    indicator: IndicatorCode | None = None
    derived: Derived | None = None
    use: Text | None = None
    processing: Text | None = None
    rationale: Text | None = None
    source: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _scale_or_options(self) -> "Question":
        if self.scale is not None and self.options:
            raise ValueError("give either a scale or options, not both")
        if self.extra_option is not None and self.scale is None:
            raise ValueError("extra_option adds to a scale; write it among the options")
        return self

    @cached_property
    def valid_codes(self) -> tuple[str, ...]:
        """Codes that are in the denominator of a share: the substantive options."""
        return tuple(o.code for o in self.options if o.kind is OptionKind.SUBSTANTIVE)

    def option(self, code: str) -> Option:
        """The option with this code; KeyError if the question has none."""
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(f'question "{self.id}" has no option "{code}"')

    def options_for(self, named_officers: int) -> tuple[Option, ...]:
        """The options shown in a unit with so many named officers per client, in order."""
        return tuple(
            option
            for option in self.options
            if option.visible_if is None or option.visible_if.holds(named_officers)
        )

    def is_positive(self, code: str) -> bool:
        """Whether the code counts as positive; never, if the question has no share."""
        return self.positive is not None and code in self.positive

    def code_for_box(self, number: int, named_officers: int) -> str:
        """The option code of a numbered box on paper.

        Parameters
        ----------
        number : int
            The box, counted from 1 in the order shown.
        named_officers : int
            Named officers per client in the unit the form was printed for.

        Raises
        ------
        AnswerError
            If the question has no such box.
        """
        shown = self.options_for(named_officers)
        if not 1 <= number <= len(shown):
            raise AnswerError(
                self.id,
                N_("There is no box %(number)s. Enter a number from 1 to %(last)s."),
                number=number,
                last=len(shown),
            )
        return shown[number - 1].code


class Change(Part):
    """What this version changed, and whether answers before and after may be compared.

    `replace` names `old` and `new`; every other type names one question, `id`.
    """

    type: ChangeType
    id: Id | None = None
    old: Id | None = None
    new: Id | None = None
    change: Text | None = None
    comparability: ComparabilityKind
    decided_by: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _names_questions(self) -> "Change":
        replaces = self.type is ChangeType.REPLACE
        if replaces and (self.id or not self.old or not self.new):
            raise ValueError("a replacement names the questions as old and new, and no id")
        if not replaces and (not self.id or self.old or self.new):
            raise ValueError("name the question as id; only a replacement has old and new")
        return self

    @property
    def question_old(self) -> str | None:
        """The question's id in the version before, if it was there."""
        return None if self.type is ChangeType.ADD else self.old or self.id

    @property
    def question_new(self) -> str | None:
        """The question's id in this version, if it still is there."""
        return None if self.type is ChangeType.REMOVE else self.new or self.id


class Minutes(Part):
    """How long it takes, as people are told: "6-8"."""

    full: Text
    short: Text


class Recall(Part):
    """How far back some questions ask."""

    months: FromOne
    only_in: tuple[Id, ...]


class Questionnaire(Part):
    """One version of a questionnaire.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import load
    >>> document = load(Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml"))
    >>> len(document.question_ids), len(document.short_form)
    (19, 7)
    >>> document.question("bem_respekt").is_positive("oftast")
    True
    >>> document.indicators["IND_ANTAL"].id
    'kon_antal'
    >>> [option.code for option in document.question("kon_vet_namn").options_for(1)]
    ['ja', 'nej', 'osaker']
    """

    key: Key
    version: FromOne
    based_on: FromOne | None = None
    reason: Text | None = None
    changes: tuple[Change, ...] = ()
    owner: Text
    languages: tuple[Language, ...] = Field(min_length=1)
    areas: tuple[Id, ...] = Field(min_length=1)
    minutes: Minutes
    recall: Recall | None = None
    indicator_labels: Mapping[IndicatorCode, Text] = Field(default_factory=dict)
    texts: Texts
    scales: Mapping[Id, Scale] = Field(default_factory=dict)
    questions: tuple[Question, ...] = Field(min_length=1)

    @field_validator("questions")
    @classmethod
    def _resolve_options(
        cls, questions: tuple[Question, ...], info: ValidationInfo
    ) -> tuple[Question, ...]:
        scales: Mapping[str, Scale] = info.data.get("scales", {})
        return tuple(
            question.model_copy(
                update={"options": _placed(scales[question.scale], question.extra_option)}
            )
            if question.scale is not None and question.scale in scales
            else question
            for question in questions
        )

    @property
    def question_ids(self) -> tuple[str, ...]:
        """Ids of all questions in order."""
        return tuple(question.id for question in self.questions)

    @property
    def short_form(self) -> tuple[str, ...]:
        """Ids of the short form's questions in order."""
        return tuple(question.id for question in self.questions if question.short_form)

    @property
    def indicators(self) -> dict[str, Question]:
        """Indicator code to its question: shares of positive answers and derived ones."""
        return {
            code: question
            for question in self.questions
            for code in (question.indicator, question.derived and question.derived.id)
            if code
        }

    def question(self, id: str) -> Question:
        """The question with this id; KeyError if the version has none."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(f'{self.key} version {self.version} has no question "{id}"')


def _placed(scale: Scale, extra: Option | None) -> tuple[Option, ...]:
    """The scale's options with the extra one just before "don't know", which stays last."""
    if extra is None:
        return scale.options
    answers = [o for o in scale.options if o.kind is not OptionKind.DONT_KNOW]
    return (*answers, extra, *scale.options[len(answers) :])
