"""Every unit's indicators in one table: the way in to the units and the questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from flask import url_for

from surveyapp.i18n import gettext as _
from surveyapp.reporting import CityResults, Figure, IndicatorResult, Status
from surveyapp.web.results import wording
from surveyapp.web.results.ways import question_address

LONG, SOFT_HYPHEN = "bistånds", "\N{SOFT HYPHEN}"  # biståndshandläggaren makes a column wide


@dataclass(frozen=True)
class Head:
    """A column: what the share is of, without the words that all columns begin with."""

    words: str
    address: str


@dataclass(frozen=True)
class Cell:
    """A unit's share, or why it is not shown. `remark` is what must stand beside it."""

    words: str
    remark: str
    is_shown: bool


@dataclass(frozen=True)
class Line:
    """One unit; without an address the city."""

    name: str
    address: str
    is_own: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Overview:
    """The table. `beginning` is what all its columns begin with."""

    beginning: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def overview(results: CityResults, own_ids: set[int]) -> Overview:
    """Units by name under the city, and the indicators beside each other."""
    labels = [wording.measure_name(each.measure) for each in results.indicators]
    beginning = _common_words(labels)
    period = str(results.period)
    why = {status: short_words(status) for status in Status}
    city = Line(
        _("The whole city"),
        "",
        False,
        tuple(_cell(each.city, (), why) for each in results.indicators),
    )
    units = [
        Line(
            forms.unit.name,
            url_for("results.unit", code=forms.unit.code, period=period),
            forms.unit.id in own_ids,
            tuple(
                _cell(each.units[place].figure, each.units[place].officers, why)
                for each in results.indicators
            ),
        )
        for place, forms in enumerate(results.units)
    ]
    return Overview(
        beginning,
        tuple(
            Head(
                label.removeprefix(beginning).strip().replace(LONG, LONG + SOFT_HYPHEN),
                question_address(each.measure.question.id, period=period),
            )
            for label, each in zip(labels, results.indicators, strict=True)
        ),
        (city, *units),
        tuple(_notes(results)),
    )


def short_words(status: Status) -> str:
    """Why a figure is not shown, in two words for a cell of a table."""
    return {
        Status.FEW: _("too few"),
        Status.ALIKE: _("all the same"),
        Status.WITHHELD: _("hidden"),
    }.get(status) or wording.gap_words(status)


def _common_words(labels: Sequence[str]) -> str:
    """The words that all of several labels begin with; each keeps one word at least."""
    if len(labels) < 2:
        return ""
    places = zip(*(label.split()[:-1] for label in labels), strict=False)
    return " ".join(place[0] for place in takewhile(lambda each: len({*each}) == 1, places))


def _cell(figure: Figure, officers: Sequence[int], why: Mapping[Status, str]) -> Cell:
    if not figure.is_shown:
        return Cell(why[figure.status], "", is_shown=False)
    remarks = [wording.at_most(officers)] if officers else []
    if figure.is_few:
        remarks.append(_("few answers"))
    return Cell(wording.share_words(figure), ", ".join(remarks), is_shown=True)


def _notes(results: CityResults) -> list[str]:
    """What the short words mean; then the notes of the indicators, each said once."""
    figures = [
        figure
        for each in results.indicators
        for figure in (each.city, *(row.figure for row in each.units))
    ]
    hidden = {figure.status for figure in figures if not figure.is_shown}
    said = [
        f"{short_words(status)}: {wording.status_words(status, results.limits.any_figure)}"
        for status in (Status.FEW, Status.WITHHELD, Status.ALIKE)
        if status in hidden
    ]
    of_note: dict[str, list[IndicatorResult]] = {}
    for each in results.indicators:
        for note in wording.city_notes(
            each.measure, each.city, each.units, results.source.versions
        ):
            of_note.setdefault(note, []).append(each)
    for note, about in of_note.items():
        if len(about) == len(results.indicators):
            said.append(note)
        else:
            said.append(
                f"{', '.join(wording.measure_name(each.measure) for each in about)}: {note}"
            )
    return said
