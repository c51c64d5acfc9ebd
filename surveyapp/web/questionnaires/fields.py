"""The fields of a draft on a page: as they are, as somebody sent them, and what to say of them.

A field is sent as `f:` with its place, and beside it as `w:` how it was when it was seen. What
was sent of it before and has not been answered yet comes along as `l:`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from surveyapp.i18n import gettext
from surveyapp.questionnaire import Conflict, Edit, Examined, Source, SourceFault
from surveyapp.questionnaire.editing import read

SEEN, FIELD, SENT = "w:", "f:", "l:"


@dataclass
class Fields:
    """What a page of the draft shows in its fields."""

    source: Source
    faults: Mapping[str, str]
    conflicts: dict[str, Conflict] = field(default_factory=dict)

    def seen(self, place: str) -> str:
        """The field as it is stored."""
        return read(self.source, place) or ""

    def value(self, place: str) -> str:
        """What stands in the field: after a conflict what was sent, so that it is not lost."""
        conflict = self.conflicts.get(place)
        return conflict.mine if conflict else self.seen(place)

    def theirs(self, place: str) -> str | None:
        """What somebody else has written there meanwhile, if that is in the way."""
        conflict = self.conflicts.get(place)
        return None if conflict is None else conflict.theirs or ""

    def fault(self, place: str) -> str:
        """What is wrong with it, in the language of the page."""
        return self.faults.get(place, "")

    def faults_under(self, place: str) -> int:
        """How many things are wrong at the place or further in."""
        return sum(each == place or each.startswith(f"{place}/") for each in self.faults)

    @staticmethod
    def anchor(place: str) -> str:
        """The id of the field on the page."""
        return "at-" + re.sub(r"[^A-Za-z0-9_-]", "-", place)


def edits(form: Mapping[str, str]) -> list[Edit]:
    """What was sent of the draft's fields."""
    return [
        Edit(place, was, form.get(FIELD + place, ""), form.get(SENT + place))
        for name, was in form.items()
        if name.startswith(SEEN) and (place := name.removeprefix(SEEN))
    ]


def in_words(found: Examined) -> dict[str, str]:
    """What is wrong, by the place that it is said at: of two at one place the first."""
    said: dict[str, str] = {}
    for fault in found.faults:
        said.setdefault(fault.field, sentence(fault))
    return said


def sentence(fault: SourceFault) -> str:
    """The fault in the language of the page."""
    return gettext(fault.message, **fault.values)


def conflicts_by_place(found: Iterable[Conflict]) -> dict[str, Conflict]:
    return {each.place: each for each in found}
