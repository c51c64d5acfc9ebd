"""The distribution of a question's answers, neighbours merged so that no group is small."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from surveyapp import stats
from surveyapp.limits import Limits
from surveyapp.models import Reason
from surveyapp.questionnaire import Missing, Option, Question
from surveyapp.reporting.figures import STATUS_OF, Answers, Status, empty
from surveyapp.reporting.measures import (
    MISSING_CODES,
    NOT_PUT,
    Codes,
    Measure,
    is_derived,
)


@dataclass(frozen=True)
class Part:
    """One group of the distribution: neighbouring options and how many chose them.

    `is_favourable` is None where it differs or the question has no share.
    """

    options: tuple[Option, ...]
    n: int
    share: float
    is_favourable: bool | None


@dataclass(frozen=True)
class Others:
    """Forms without a valid answer: one code, or several that are only shown as a sum."""

    codes: tuple[str, ...]
    n: int


@dataclass(frozen=True)
class Distribution:
    """What was answered to a question. Only `SHOWN` has numbers.

    `others` are the forms without a valid answer; None where they are not shown.
    """

    status: Status
    n: int | None = None
    parts: tuple[Part, ...] = ()
    others: tuple[Others, ...] | None = None

    def __post_init__(self) -> None:
        if self.is_shown != (self.n is not None) or self.is_shown != bool(self.parts):
            raise ValueError("a shown distribution has numbers, and no other has")
        if not self.is_shown and self.others is not None:
            raise ValueError(f"a distribution that is {self.status} holds no numbers")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN


def distribution(
    measure: Measure,
    codes_by_version: Mapping[int, Codes],
    *,
    officers: Iterable[int],
    reason: Reason | None,
    others_are_withheld: bool,
    limits: Limits,
    parts_of_it: Sequence[Mapping[int, Codes]] = (),
) -> Distribution:
    """The distribution of a unit's answers, if there are enough.

    Of a year or a year to date `parts_of_it` are the counts of its parts: what is merged in
    one of them is merged in the sum, or a subtraction would take the group apart. Late answers
    are such a part too: of few there is no distribution, so then the year has none.
    `officers` are the numbers of named officers that derived answers were judged by. The forms
    without an answer are withheld where they would tell the number of forms, or how many of
    them had the officer's help.
    """
    answers = measure.answers(codes_by_version)
    if answers.n == 0:
        return Distribution(empty(answers).status)
    if reason is not None:
        return Distribution(STATUS_OF[reason])
    if answers.n < limits.distribution:
        return Distribution(Status.FEW)
    counts = _added(measure, codes_by_version)
    released = [_added(measure, part) for part in parts_of_it]
    late = _late(counts, released)
    n_released = sum(part.valid.total() for part in released)
    if n_released >= limits.distribution and any(
        0 < table.valid.total() < limits.distribution for table in late
    ):
        return Distribution(Status.WITHHELD)
    tables = [
        counts,
        *(part for part in released if part.valid.total() >= limits.distribution),
        *late,
    ]  # of parts with fewer answers no distribution is shown
    parts: list[Part] = []
    for is_favourable, options in _sides(measure, counts.valid, sorted(set(officers))):
        merged = _merged_alike(
            [[table.valid[option.code] for option in options] for table in tables], limits
        )
        if merged is None:
            return Distribution(Status.FEW)
        parts += [
            _part([options[i] for i in group], counts.valid, answers, is_favourable)
            for group in merged
        ]
    others = None
    if not others_are_withheld:
        others = _others(measure, [table.others for table in tables], limits)
    return Distribution(Status.SHOWN, answers.n, tuple(parts), others)


class _Table(NamedTuple):
    """Counts by code: valid answers, and everything else. Each version has said which is which,
    so a code is in both where two of them differ."""

    valid: Codes
    others: Codes


def _late(counts: _Table, released: Sequence[_Table]) -> list[_Table]:
    """What a sum has beyond its parts, and what it has not of them: late answers."""
    if not released:
        return []
    of_parts = _Table(*(sum(each, Codes()) for each in zip(*released, strict=True)))
    return [_less(counts, of_parts), _less(of_parts, counts)]


def _less(table: _Table, other: _Table) -> _Table:
    """A counter keeps what is above 0."""
    return _Table(table.valid - other.valid, table.others - other.others)


def _merged_alike(tables: Sequence[Sequence[int]], limits: Limits) -> list[list[int]] | None:
    """The finest grouping of neighbours that none of the tables draws coarser."""
    size = len(tables[0])
    cuts = set(range(1, size))
    for counts in tables:
        groups = stats.merged_categories(counts, threshold=limits.group)
        if groups is None and counts is tables[0]:
            return None
        cuts &= {group[0] for group in groups or [[0]]}
    edges = [0, *sorted(cuts), size]
    return [list(range(start, end)) for start, end in pairwise(edges)]


def _added(measure: Measure, codes_by_version: Mapping[int, Codes]) -> _Table:
    """The codes of all versions added together, derived indicators left out."""
    counts = _Table(Codes(), Codes())
    for version_id, codes in codes_by_version.items():
        question = measure.versions[version_id]
        for code, n in codes.items():
            if not is_derived(question, code):
                table = counts.valid if code in question.valid_codes else counts.others
                table[code] += n
    return counts


def _sides(
    measure: Measure, counts: Codes, officers: Sequence[int]
) -> list[tuple[bool | None, list[Option]]]:
    """The favourable options and the others apart, so that merging leaves the share be.

    Where the number of named officers changed, options that count in some months only are a
    side of their own. Options that the unit does not show are left out.
    """
    question = measure.question
    shown = {option.code for each in officers for option in question.options_for(each)}
    shown.intersection_update(question.valid_codes)
    sides: dict[bool | None, list[Option]] = {True: [], None: [], False: []}
    for option in measure.options:
        if option.code in shown or counts[option.code]:
            sides[_verdict(question, option.code, officers)].append(option)
    return [(verdict, options) for verdict, options in sides.items() if options]


def _verdict(question: Question, code: str, officers: Sequence[int]) -> bool | None:
    if question.derived is not None:
        verdicts = {question.derived.within(code, each) for each in officers}
        return verdicts.pop() if len(verdicts) == 1 else None
    return None if question.positive is None else question.is_positive(code)


def _part(
    options: Sequence[Option], counts: Codes, answers: Answers, is_favourable: bool | None
) -> Part:
    n = sum(counts[option.code] for option in options)
    return Part(tuple(options), n, n / answers.n, is_favourable)


def _others(
    measure: Measure, tables: Sequence[Codes], limits: Limits
) -> tuple[Others, ...] | None:
    """Don't know, skipped and the like: each if none is small, otherwise as a sum, or not.

    The first table is what is shown, the others are its parts.
    """
    no_answer = [
        *measure.no_opinion_codes,
        *(code.value for code in Missing if code.value not in NOT_PUT),
    ]
    not_put = [code for code in MISSING_CODES if code in NOT_PUT]
    for sums in (
        [(code,) for code in (*no_answer, *sorted(not_put))],
        [tuple(no_answer), *((code,) for code in sorted(not_put))],
        [(*no_answer, *sorted(not_put))],
    ):
        found = [
            [Others(codes, sum(table[code] for code in codes)) for codes in sums]
            for table in tables
        ]
        if all(each.n == 0 or each.n >= limits.group for row in found for each in row):
            return tuple(each for each in found[0] if each.n)
    return None
