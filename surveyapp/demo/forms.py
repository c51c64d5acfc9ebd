"""Forms and offers of one unit and month, as if they had come through the door."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from surveyapp.demo.answers import Respondents
from surveyapp.demo.organisation import chance
from surveyapp.models import (
    Channel,
    FollowupType,
    FormLength,
    HandedOverBy,
    Outcome,
    ResponseStatus,
    ServiceGroup,
)
from surveyapp.periods import Period
from surveyapp.questionnaire import Questionnaire, asked, completed

Weights = dict[Any, float]

PARTICIPATION = 0.52  # of the follow-ups due
PARTICIPATION_SD = 0.04
FEW = 6  # forms a month in the small unit
# Tertials in which the small unit has seven forms in all.
FEWEST = {"2024-T2": (2, 2, 1, 2), "2025-T1": (2, 1, 2, 2)}

LANGUAGES: Weights = {"sv": 85, "sv-LL": 8, "fi": 5, "en": 2}
FOLLOWUP_TYPES: Weights = {
    FollowupType.HOME_VISIT: 62,
    FollowupType.CARE_HOME: 25,
    FollowupType.PHONE: 8,
    FollowupType.OTHER: 5,
}
SERVICE_GROUPS: dict[FollowupType, Weights] = {
    FollowupType.CARE_HOME: {ServiceGroup.CARE_HOME: 97, ServiceGroup.OTHER: 3},
    FollowupType.HOME_VISIT: {ServiceGroup.HOME_CARE: 88, ServiceGroup.OTHER: 12},
    FollowupType.PHONE: {ServiceGroup.HOME_CARE: 80, ServiceGroup.OTHER: 20},
    FollowupType.OTHER: {
        ServiceGroup.HOME_CARE: 50, ServiceGroup.CARE_HOME: 25, ServiceGroup.OTHER: 25,
    },
}  # fmt: skip
HANDED_OVER_BY: Weights = {
    HandedOverBy.OWN_OFFICER: 46,
    HandedOverBy.OTHER_OFFICER: 21,
    HandedOverBy.FOLLOWUP_OFFICER: 18,
    HandedOverBy.ASSISTANT: 13,
    HandedOverBy.UNKNOWN: 2,
}
OWN_DEVICE = 2.0  # per cent
TABLET_FIRST, TABLET_MORE = 51.0, 4.0  # per cent in 2022, and more each year
SHORT_FORM = 0.1
STOPPED_KEPT = 0.045  # not on paper, so about three in a hundred of all
STOPPED_REMOVED = 0.015
DECLINED: Weights = {"does_not_want": 45, "no_time": 15, "too_tired": 30, "other": 10}
COULD_NOT: Weights = {"illness": 40, "language": 20, "not_reached": 25, "other": 15}
DECLINED_PER_ANSWER, COULD_NOT_PER_ANSWER = 0.17, 0.11
RETURNED = {Channel.PAPER: 0.6, Channel.OWN_DEVICE: 0.3}  # of what was handed out


class Entry(NamedTuple):
    """One row of `answer`, without whose it is."""

    question: str
    value: str | None
    missing: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """One row of `response` with its rows of `answer`, in the order of their key."""

    id: UUID
    unit_id: int
    month: date
    version: int
    language: str
    channel: Channel
    followup_type: FollowupType
    service_group: ServiceGroup
    handed_over_by: HandedOverBy
    form_length: FormLength
    status: ResponseStatus
    entries: tuple[Entry, ...]


class Filling:
    """Fills in forms; `documents` are the version's number and document by the first day it
    is valid, the latest first."""

    def __init__(self, documents: list[tuple[date, Questionnaire]], seed: int) -> None:
        self.documents = documents
        self.seed = seed
        self._entries: dict[Entry, Entry] = {}

    def forms(self, people: Respondents, month: date, due: int) -> list[Form]:
        """The forms of a month, of at most `due` people."""
        rng = chance(self.seed, people.place.code, month)
        if people.place.is_small:
            n = _few(rng, month)
        else:
            n = round(due * rng.gauss(PARTICIPATION, PARTICIPATION_SD))
        return [self._form(people, month, rng) for _ in range(min(n, due))]

    def _form(self, people: Respondents, month: date, rng: Random) -> Form:
        document = next(each for since, each in self.documents if since <= month)
        year = month.year - 2022 + (month.month - 1) / 12
        channel = _drawn(rng, _channels(year))
        on_paper = channel is Channel.PAPER
        followup_type = _drawn(rng, FOLLOWUP_TYPES)
        handed_over_by = _drawn(rng, HANDED_OVER_BY)
        short = rng.random() < SHORT_FORM
        stopped = not on_paper and rng.random() < STOPPED_KEPT
        raw = people.answers(document, rng, year, short=short, paper=on_paper)
        if stopped:
            applying = [q.id for q in asked(document, raw, short=short)]
            kept = set(applying[: rng.randint(2, len(applying) - 2)])
            raw = {question: text for question, text in raw.items() if question in kept}
        done = completed(
            document,
            raw,
            named_officers=people.place.named_officers,
            short=short,
            stopped=stopped,
            paper=on_paper,
        )
        return Form(
            id=UUID(int=rng.getrandbits(128), version=4),
            unit_id=people.place.unit.id,
            month=month,
            version=document.version,
            language=_drawn(rng, LANGUAGES),
            channel=channel,
            followup_type=followup_type,
            service_group=_drawn(rng, SERVICE_GROUPS[followup_type]),
            handed_over_by=(
                HandedOverBy.LETTER if channel is Channel.OWN_DEVICE else handed_over_by
            ),
            form_length=FormLength.SHORT if short else FormLength.FULL,
            status=ResponseStatus.PARTIAL if stopped else ResponseStatus.COMPLETE,
            entries=tuple(
                self._shared(Entry(id, given.value, given.missing and given.missing.value))
                for id, given in sorted(done.answers.items())
            ),
        )

    def _shared(self, entry: Entry) -> Entry:
        """The same entry once in memory: there are a million of a few hundred kinds."""
        return self._entries.setdefault(entry, entry)


def offers(forms: list[Form], rng: Random) -> Iterator[dict[str, object]]:
    """What the tally of offers says when these forms of one unit and month have come in."""
    tally: Counter[tuple[Channel, Outcome, str]] = Counter()
    for form in forms:
        kept = form.status is ResponseStatus.COMPLETE
        tally[form.channel, Outcome.ANSWERED if kept else Outcome.PARTLY, ""] += 1
    on_tablet = sum(n for (channel, *_), n in tally.items() if channel is Channel.TABLET)
    for channel, returned in RETURNED.items():
        n = sum(n for (other, *_), n in tally.items() if other is channel)
        tally[channel, Outcome.HANDED_OUT, ""] += round(n / returned)
    tally[Channel.TABLET, Outcome.STOPPED, ""] += _about(rng, on_tablet * STOPPED_REMOVED)
    for outcome, share, reasons in (
        (Outcome.DECLINED, DECLINED_PER_ANSWER, DECLINED),
        (Outcome.COULD_NOT, COULD_NOT_PER_ANSWER, COULD_NOT),
    ):
        for _ in range(_about(rng, on_tablet * share)):
            tally[Channel.TABLET, outcome, _drawn(rng, reasons)] += 1
    for (channel, outcome, reason), n in sorted(tally.items()):
        if n:
            yield {"channel": channel, "outcome": outcome, "reason": reason, "n": n}


def _few(rng: Random, month: date) -> int:
    for period, numbers in FEWEST.items():
        months = Period.parse(period).months
        if month in months:
            return numbers[months.index(month)]
    return rng.randint(FEW - 2, FEW + 2)


def _channels(year: float) -> Weights:
    tablet = TABLET_FIRST + TABLET_MORE * year
    return {
        Channel.TABLET: tablet,
        Channel.PAPER: 100 - tablet - OWN_DEVICE,
        Channel.OWN_DEVICE: OWN_DEVICE,
    }


def _drawn(rng: Random, weights: Weights) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def _about(rng: Random, expected: float) -> int:
    """A whole number that is this much on average."""
    return int(expected + rng.random())
