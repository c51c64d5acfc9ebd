"""The questions of a period across versions, and what each unit answered to them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import publishing
from surveyapp.models import Comparability, Dimension, Tally
from surveyapp.periods import next_month
from surveyapp.questionnaire import (
    ComparabilityKind,
    Missing,
    Option,
    Question,
    Questionnaire,
)
from surveyapp.reporting.figures import Answers
from surveyapp.withholding import BACKGROUND, has_share, totals

MISSING_CODES = frozenset(code.value for code in Missing)
NOT_PUT = frozenset({Missing.NOT_ASKED.value, Missing.NOT_SHOWN.value})


class Place(NamedTuple):
    """Where a count belongs: a release's unit, question and version."""

    release_id: int
    unit_id: int
    question: str
    version_id: int


Codes = Counter[str]  # option, missing code or derived indicator to its count


class Open(NamedTuple):
    """The days on which answering began with a version; no last day: until further."""

    first: date
    last: date | None

    def months(self, among: Iterable[date]) -> tuple[date, ...]:
        """Those of the months that have such a day."""
        is_over = self.last or date.max
        return tuple(m for m in among if m <= is_over and next_month(m) > self.first)


@dataclass(frozen=True)
class Apart:
    """The versions and months of a question, in a period that also had the one before it or
    after it, which it cannot be added to."""

    versions: tuple[int, ...]
    months: tuple[date, ...]


@dataclass(frozen=True)
class Measure:
    """A question that can be added up and followed: the same series in all its versions.

    `question` is how the newest of the versions puts it; `label` says what its share is.
    `chain` is the series of the first of the questions that took each other's place.
    """

    series: int
    chain: int
    question: Question
    versions: Mapping[int, Question]  # version id to the question there
    numbers: tuple[int, ...]  # the numbers of those versions
    indicator: str | None
    label: str
    labels: Mapping[int, str]  # version id to its label there
    notes: Mapping[int, str]  # version id to what to know when it is compared with those before
    break_note: str  # why its figures cannot be compared with those before it
    opened: Mapping[int, Open]  # version id to its days
    apart: Apart | None = None

    def number(self, version_id: int) -> int:
        """The number of one of its versions."""
        return dict(zip(self.versions, self.numbers, strict=True))[version_id]

    def noted(self, after: int, to: int) -> list[tuple[int, str]]:
        """What to know when versions from one number to another are added together or
        compared: the numbers of those that brought a note, and the notes."""
        noted = [(self.number(id), note) for id, note in self.notes.items()]
        return [(number, note) for number, note in noted if after < number <= to]

    @property
    def opened_on(self) -> date:
        """The day from which it was asked."""
        return next(iter(self.opened.values())).first

    def months(self, among: Iterable[date]) -> tuple[date, ...]:
        """Those of the months in which it was asked."""
        months = tuple(among)
        asked = {m for each in self.opened.values() for m in each.months(months)}
        return tuple(sorted(asked))

    @property
    def has_share(self) -> bool:
        return has_share(self.question)

    @property
    def question_ids(self) -> set[str]:
        return {question.id for question in self.versions.values()}

    def as_put(
        self,
        version_ids: Collection[int],
        months: Sequence[date],
        among: Iterable["Measure"],
    ) -> "Measure":
        """The same in a period: as the newest of its versions put it, for what people met is
        what is shown; and apart where the period had others `among` these of its chain."""
        held = [id for id in self.versions if id in version_ids]
        if not held:
            return self
        is_apart = any(
            each.chain == self.chain
            and each.series != self.series
            and each.versions.keys() & version_ids
            for each in among
        )
        used = sorted({month for id in held for month in self.opened[id].months(months)})
        numbers = tuple(map(self.number, held))
        return replace(
            self,
            question=self.versions[held[-1]],
            label=self.labels[held[-1]],
            apart=Apart(numbers, tuple(used)) if is_apart else None,
        )

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of the question, and where they stood those that other versions have."""
        found = list(self.question.options)
        for question in reversed([*self.versions.values()]):
            for place, option in enumerate(question.options):
                codes = [each.code for each in found]
                if option.code not in codes:
                    before = question.options[place - 1].code if place else None
                    found.insert(codes.index(before) + 1 if before else 0, option)
        return tuple(found)

    def option(self, code: str) -> Option:
        """An option of any of its versions; KeyError if none has it."""
        return {option.code: option for option in self.options}[code]

    @property
    def no_opinion_codes(self) -> tuple[str, ...]:
        """Answers that are outside the denominator in any version, in the order of the form."""
        outside = {
            option.code
            for question in self.versions.values()
            for option in question.options
            if option.code not in question.valid_codes
        }
        return tuple(option.code for option in self.options if option.code in outside)

    def answers(self, codes_by_version: Mapping[int, Codes]) -> Answers:
        """What was answered, each version by its own rules."""
        n = favourable = n_all = 0
        was_asked = False
        for version_id, codes in codes_by_version.items():
            of_version = totals(self.versions[version_id], codes)
            n, favourable = n + of_version[0], favourable + of_version[1]
            n_all += of_version[2]
            was_asked = was_asked or bool(codes.keys() - NOT_PUT)
        return Answers(n, favourable, n_all, was_asked)


def is_derived(question: Question, code: str) -> bool:
    """Whether the code is no answer but the count of a derived indicator."""
    return question.derived is not None and code == question.derived.id


def measures(session: Session) -> list[Measure]:
    """Every question of every version but background and free text, in the newest order."""
    rows = publishing.versions(session, publishing.KEY)
    documents = [(row.id, publishing.parsed(row)) for row in rows]
    opened = {
        row.id: Open(row.valid_from, last)
        for row, last in zip(rows, publishing.last_days(rows), strict=True)
    }
    series = publishing.series_of(session, publishing.KEY)
    links = _links(session)
    gathered: dict[int, list[tuple[int, Questionnaire, Question]]] = {}
    for version_id, document in documents:
        for question in document.questions:
            if question.area != BACKGROUND and question.options:
                number = series[document.version, question.id]
                gathered.setdefault(number, []).append((version_id, document, question))
    chain_of = _chains(series, links)
    found = [
        _measure(number, chain_of[number], each, links, opened)
        for number, each in gathered.items()
    ]
    areas = [area for _, document in documents for area in document.areas]
    return sorted(
        found, key=lambda m: (areas.index(m.question.area), m.question.nr, -m.numbers[-1])
    )


_Links = Mapping[tuple[int, str], Comparability]  # by version and question


def _measure(
    series: int,
    chain: int,
    places: Sequence[tuple[int, Questionnaire, Question]],
    links: _Links,
    opened: Mapping[int, Open],
) -> Measure:
    _, document, question = places[-1]
    before = {id: links.get((each.version, q.id)) for id, each, q in places}
    first, *later = before
    begun = before[first]
    return Measure(
        series=series,
        chain=chain,
        question=question,
        versions={version_id: each for version_id, _, each in places},
        numbers=tuple(each.version for _, each, _ in places),
        indicator=_indicator(question),
        label=_label(document, question),
        labels={id: _label(each, q) for id, each, q in places},
        notes={
            id: link.note
            for id in later
            if (link := before[id])
            and link.kind == ComparabilityKind.EQUIVALENT_WITH_NOTE
            and link.note
        },
        break_note=begun.note if begun and begun.kind == ComparabilityKind.BREAK else "",
        opened={id: opened[id] for id in before},
    )


def _indicator(question: Question) -> str | None:
    return question.derived.id if question.derived else question.indicator


def _label(document: Questionnaire, question: Question) -> str:
    return document.indicator_labels.get(_indicator(question) or "", "")


def _links(session: Session) -> dict[tuple[int, str], Comparability]:
    """What was decided of every question of a version and the one before it."""
    rows = session.scalars(
        select(Comparability).where(
            Comparability.questionnaire == publishing.KEY, Comparability.question_new != ""
        )
    )
    return {(row.version_new, row.question_new): row for row in rows}


def _chains(series: Mapping[tuple[int, str], int], links: _Links) -> dict[int, int]:
    """Each series to the first of those that took each other's place, as it was decided."""
    chain_of: dict[int, int] = {}
    for place, number in series.items():  # the first version first
        if number in chain_of:
            continue
        link = links.get(place)
        is_break = link is not None and link.kind == ComparabilityKind.BREAK
        before = series[link.version_old, link.question_old] if link and is_break else number
        chain_of[number] = chain_of.get(before, number)
    return chain_of


class Tallies:
    """The released counts of some questions, read once and asked for many times."""

    def __init__(self, counts: Mapping[Place, Codes]) -> None:
        self._counts = counts
        self._version_ids: dict[tuple[int, int], set[int]] = {}
        for place in counts:
            held = self._version_ids.setdefault((place.release_id, place.unit_id), set())
            held.add(place.version_id)

    @classmethod
    def read(
        cls,
        session: Session,
        release_ids: Iterable[int],
        questions: Iterable[str],
        *,
        unit_ids: Collection[int] | None = None,
    ) -> "Tallies":
        """The main figures' counts; with `unit_ids` only those units'."""
        query = select(
            Tally.release_id,
            Tally.unit_id,
            Tally.question,
            Tally.version_id,
            Tally.code,
            Tally.n,
        ).where(
            Tally.release_id.in_(set(release_ids)),
            Tally.dimension == Dimension.TOTAL,
            Tally.question.in_(set(questions)),
        )
        if unit_ids is not None:
            query = query.where(Tally.unit_id.in_(unit_ids))
        counts: dict[Place, Codes] = {}
        for release_id, unit, question, version_id, code, n in session.execute(query):
            place = Place(release_id, unit, question, version_id)
            counts.setdefault(place, Counter())[code] += n
        return cls(counts)

    @property
    def unit_ids(self) -> set[int]:
        return {place.unit_id for place in self._counts}

    def version_ids(self, release_ids: Iterable[int], unit_id: int | None = None) -> set[int]:
        """The versions answered in these releases."""
        if unit_id is not None:
            held = [self._version_ids.get((id, unit_id), set()) for id in release_ids]
        else:
            releases = set(release_ids)
            held = [ids for place, ids in self._version_ids.items() if place[0] in releases]
        return set().union(*held)

    def codes(
        self, release_ids: Iterable[int], unit_id: int, measure: Measure
    ) -> dict[int, Codes]:
        """Version id to the counts of one question in a unit, the releases added together."""
        found: dict[int, Codes] = {}
        for release_id in release_ids:
            for version_id, question in measure.versions.items():
                place = Place(release_id, unit_id, question.id, version_id)
                if place in self._counts:
                    found.setdefault(version_id, Counter()).update(self._counts[place])
        return found

    def answers(self, release_ids: Iterable[int], unit_id: int, measure: Measure) -> Answers:
        """What a unit answered to one question."""
        return measure.answers(self.codes(release_ids, unit_id, measure))
