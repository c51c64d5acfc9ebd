"""The three small rules a question may carry, read strictly and never evaluated as code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_NAME = r"[a-z][a-z0-9_]*"
_CODE = r"[a-z0-9][a-z0-9_]*"
_ONE_OF = re.compile(rf"({_NAME}) in \[({_CODE}(?:, {_CODE})*)\]")
_EQUALS = re.compile(rf"({_NAME}) == ({_CODE})")
_AT_LEAST = re.compile(r"unit\.named_officers_per_client >= ([1-9][0-9]*)")
_AT_MOST = re.compile(r"answers <= max\(([0-9]+), unit\.named_officers_per_client\)")


@dataclass(frozen=True)
class Condition:
    """The question applies if an earlier one was answered with one of these codes.

    Examples
    --------
    >>> condition = Condition.parse("bak_svarar in [med_hjalp, annan]")
    >>> condition.holds({"bak_svarar": "annan"}), condition.holds({"bak_svarar": "sjalv"})
    (True, False)
    >>> condition.holds({})
    False
    >>> str(Condition.parse("til_vag == aldre_direkt"))
    'til_vag == aldre_direkt'
    """

    question: str
    codes: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Condition":
        """Read ``question in [code, code]`` or ``question == code``; ValueError otherwise."""
        if match := _EQUALS.fullmatch(text):
            return cls(match[1], (match[2],))
        if match := _ONE_OF.fullmatch(text):
            return cls(match[1], tuple(match[2].split(", ")))
        raise ValueError(
            f'cannot read the condition "{text}". '
            'Write "question == code" or "question in [code, code]"'
        )

    def holds(self, answers: Mapping[str, str]) -> bool:
        """Whether these answers (question id to code) make the question apply."""
        return answers.get(self.question) in self.codes

    def __str__(self) -> str:
        if len(self.codes) == 1:
            return f"{self.question} == {self.codes[0]}"
        return f"{self.question} in [{', '.join(self.codes)}]"


@dataclass(frozen=True)
class AtLeastOfficers:
    """The option is offered in units with at least so many named officers per client.

    Examples
    --------
    >>> rule = AtLeastOfficers.parse("unit.named_officers_per_client >= 2")
    >>> rule.holds(1), rule.holds(3)
    (False, True)
    """

    number: int

    @classmethod
    def parse(cls, text: str) -> "AtLeastOfficers":
        """Read ``unit.named_officers_per_client >= 2``; ValueError otherwise."""
        if match := _AT_LEAST.fullmatch(text):
            return cls(int(match[1]))
        raise ValueError(
            f'cannot read "{text}". Write "unit.named_officers_per_client >= " and a number'
        )

    def holds(self, named_officers: int) -> bool:
        """Whether a unit with this many named officers per client shows the option."""
        return named_officers >= self.number

    def __str__(self) -> str:
        return f"unit.named_officers_per_client >= {self.number}"


@dataclass(frozen=True)
class AtMostOfficers:
    """The answer, a number, is at most the unit's named officers per client.

    `floor` is the limit that holds however few officers the unit has named.

    Examples
    --------
    >>> rule = AtMostOfficers.parse("answers <= max(1, unit.named_officers_per_client)")
    >>> [rule.within(code, 3) for code in ("0", "3", "4plus")]
    [True, True, False]
    >>> rule.within("2", 1)
    False
    """

    floor: int

    @classmethod
    def parse(cls, text: str) -> "AtMostOfficers":
        """Read ``answers <= max(1, unit.named_officers_per_client)``; ValueError otherwise."""
        if match := _AT_MOST.fullmatch(text):
            return cls(int(match[1]))
        raise ValueError(
            f'cannot read the share "{text}". '
            'Write "answers <= max(1, unit.named_officers_per_client)"'
        )

    def limit(self, named_officers: int) -> int:
        """The highest number that counts as within, to be printed as "at most ..."."""
        return max(self.floor, named_officers)

    def within(self, code: str, named_officers: int) -> bool:
        """Whether the number that the code begins with is within the limit."""
        return leading_number(code) <= self.limit(named_officers)

    def __str__(self) -> str:
        return f"answers <= max({self.floor}, unit.named_officers_per_client)"


def leading_number(code: str) -> int:
    """The whole number a code begins with, so that ``4plus`` counts as 4.

    Raises
    ------
    ValueError
        If the code does not begin with a digit.

    Examples
    --------
    >>> leading_number("0"), leading_number("4plus")
    (0, 4)
    """
    digits = re.match(r"[0-9]+", code)
    if digits is None:
        raise ValueError(f'the code "{code}" does not begin with a number')
    return int(digits[0])


def _read(
    rule: type[Condition] | type[AtLeastOfficers] | type[AtMostOfficers],
) -> BeforeValidator:
    return BeforeValidator(lambda raw: rule.parse(raw) if isinstance(raw, str) else raw)


ShowIf = Annotated[Condition, _read(Condition), PlainSerializer(str)]
VisibleIf = Annotated[AtLeastOfficers, _read(AtLeastOfficers), PlainSerializer(str)]
Share = Annotated[AtMostOfficers, _read(AtMostOfficers), PlainSerializer(str)]
