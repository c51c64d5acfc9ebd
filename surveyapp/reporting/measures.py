"""The questions of a period across versions, and what each unit answered to them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import publishing
from surveyapp.models import Comparability, Dimension, Tally
from surveyapp.questionnaire import (
    ComparabilityKind,
    Missing,
    OptionKind,
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


@dataclass(frozen=True)
class Measure:
    """A question that can be added up and followed: the same series in all its versions.

    `question` is how the newest of the versions puts it; `label` says what its share is.
    """

    series: int
    question: Question
    versions: Mapping[int, Question]  # version id to the question there
    numbers: tuple[int, ...]  # the numbers of those versions
    indicator: str | None
    label: str
    notes: Mapping[int, str]  # version id to what to know when it is compared with those before
    break_note: str  # why its figures cannot be compared with those before it

    @property
    def note(self) -> str:
        """What to know when its versions are added together or compared."""
        return " ".join(self.notes.values())

    @property
    def has_share(self) -> bool:
        return has_share(self.question)

    @property
    def question_ids(self) -> set[str]:
        return {question.id for question in self.versions.values()}

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
    documents = [
        (row.id, publishing.parsed(row)) for row in publishing.versions(session, publishing.KEY)
    ]
    series = publishing.series_of(session, publishing.KEY)
    notes = _notes(session)
    gathered: dict[int, list[tuple[int, Questionnaire, Question]]] = {}
    for version_id, document in documents:
        for question in document.questions:
            if question.area != BACKGROUND and question.options:
                number = series[document.version, question.id]
                gathered.setdefault(number, []).append((version_id, document, question))
    found = [_measure(number, each, notes) for number, each in gathered.items()]
    areas = [area for _, document in documents for area in document.areas]
    return sorted(
        found, key=lambda m: (areas.index(m.question.area), m.question.nr, -m.numbers[-1])
    )


def _measure(
    series: int,
    places: Sequence[tuple[int, Questionnaire, Question]],
    notes: Mapping[tuple[int, str, str], str],
) -> Measure:
    _, first, question_first = places[0]
    _, document, question = places[-1]
    added = {
        version_id: notes.get(
            (each.version, q.id, ComparabilityKind.EQUIVALENT_WITH_NOTE.value)
        )
        for version_id, each, q in places[1:]
    }
    indicator = question.derived.id if question.derived else question.indicator
    return Measure(
        series=series,
        question=question,
        versions={version_id: each for version_id, _, each in places},
        numbers=tuple(each.version for _, each, _ in places),
        indicator=indicator,
        label=document.indicator_labels.get(indicator, "") if indicator else "",
        notes={version_id: note for version_id, note in added.items() if note},
        break_note=notes.get(
            (first.version, question_first.id, ComparabilityKind.BREAK.value), ""
        ),
    )


def _notes(session: Session) -> dict[tuple[int, str, str], str]:
    """Version, question and kind of comparability to the note that was decided with it."""
    rows = session.execute(
        select(
            Comparability.version_new,
            Comparability.question_new,
            Comparability.kind,
            Comparability.note,
        ).where(Comparability.questionnaire == publishing.KEY)
    )
    return {(version, question, kind): note for version, question, kind, note in rows}


def no_opinion_codes(question: Question) -> tuple[str, ...]:
    """Answers that are outside the denominator, in the order of the form."""
    return tuple(o.code for o in question.options if o.kind is not OptionKind.SUBSTANTIVE)


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
