"""Comparisons turned into what the template shows: charts with their sentences, rows, notes."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.charts import Contrast, Differences
from surveyapp.i18n import gettext as _
from surveyapp.i18n import period_name
from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.periods import Period
from surveyapp.reporting import Against, Compared, ComparedLine, Hindrance, Measure, Way
from surveyapp.web.results import comparison_words, wording
from surveyapp.web.results.drawings import Drawing


@dataclass(frozen=True)
class View:
    """What is looked at: what the address says, resolved."""

    against: Against
    way: Way | None
    unit: Unit | None
    question: str | None

    @property
    def is_chosen(self) -> bool:
        """Whether there is something to compare: not all units in all questions."""
        return self.unit is not None or self.question is not None

    @property
    def is_alone(self) -> bool:
        """One unit in one question: then the interval alone decides."""
        return self.unit is not None and self.question is not None


@dataclass(frozen=True)
class ComparedRow:
    """A line of the table. `link` names the unit and the question it can be seen alone by."""

    name: str
    line: ComparedLine
    link: tuple[str, str] | None
    verdict: str
    is_own: bool


@dataclass(frozen=True)
class Section:
    """Comparisons that stand in one chart."""

    id: str
    title: str
    question: str  # as it was put; empty where the rows are questions of their own
    drawing: Drawing
    rows: tuple[ComparedRow, ...]
    notes: tuple[str, ...]


def sections(compared: Compared, view: View, own_ids: set[int]) -> list[Section]:
    """The charts of a page: one for each question, or for each thing a unit is set against."""
    groups: dict[object, list[ComparedLine]] = {}
    for line in compared.lines:
        groups.setdefault(_group(line, view), []).append(line)
    return [
        _section(number, lines, compared, view, own_ids)
        for number, lines in enumerate(groups.values(), start=1)
    ]


def _group(line: ComparedLine, view: View) -> object:
    if view.question is not None:
        return line.measure.series
    return (line.unit is None, line.before)


def _section(
    number: int,
    lines: Sequence[ComparedLine],
    compared: Compared,
    view: View,
    own_ids: set[int],
) -> Section:
    limits = compared.limits
    names = [_name(line, view) for line in lines]
    is_alone = view.is_alone
    gaps = [
        Contrast(
            name,
            line.comparison.points,
            comparison_words.words(line, limits),
            is_own=_is_own(line, view, own_ids),
            stands_out=line.comparison.is_certain if is_alone else line.comparison.is_marked,
        )
        for name, line in zip(names, lines, strict=True)
    ]
    rows = [
        ComparedRow(
            name,
            line,
            None
            if is_alone or line.unit is None
            else (line.unit.code, line.measure.question.id),
            comparison_words.verdict(line.comparison, is_alone=is_alone)
            if line.comparison.is_shown
            else "",
            gap.is_own,
        )
        for name, line, gap in zip(names, lines, gaps, strict=True)
    ]
    measure = lines[0].measure
    is_of_one_question = view.question is not None
    return Section(
        id=f"part-{number}",
        title=wording.measure_name(measure)
        if is_of_one_question
        else _title(lines[0], view, compared),
        question=wording.question_words(measure.question) if is_of_one_question else "",
        drawing=Drawing(
            f"chart-{number}",
            "differences",
            _finding(list(zip(names, lines, strict=True)), compared, view, own_ids),
            Differences(gaps, _("lower"), _("the same"), _("higher")),
        ),
        rows=tuple(rows),
        notes=tuple(_notes(lines, view, compared)),
    )


def unclear_notes(compared: Compared) -> list[str]:
    """The units that are in no group, by why."""
    names: dict[Hindrance, list[str]] = {}
    for unit, why in compared.unclear:
        names.setdefault(why, []).append(unit.name)
    return [
        f"{comparison_words.unclear_words(why, compared.period)} {', '.join(units)}."
        for why, units in names.items()
    ]


def _is_own(line: ComparedLine, view: View, own_ids: set[int]) -> bool:
    if line.unit is None:
        return False
    return view.unit is not None or line.unit.id in own_ids


def _name(line: ComparedLine, view: View) -> str:
    """What tells a line from the others of its chart."""
    if view.question is None:
        name = wording.measure_name(line.measure)
    elif view.against is Against.SAME_WAY and line.before is not None:
        name = _("compared with %(period)s", period=period_name(line.before))
    else:
        name = comparison_words.who_words(line)
    return f"{name} ({wording.at_most(line.officers)})" if line.officers else name


def _title(line: ComparedLine, view: View, compared: Compared) -> str:
    """The heading of a chart whose rows are questions."""
    return _(
        "%(who)s compared with %(other)s",
        who=comparison_words.who_words(line),
        other=_other(line, view, compared),
    )


def _other(line: ComparedLine, view: View, compared: Compared) -> str:
    if line.before is not None:
        return period_name(line.before)
    return comparison_words.against_words(view.against, view.way, compared.period)


def _finding(
    named: Sequence[tuple[str, ComparedLine]], compared: Compared, view: View, own_ids: set[int]
) -> str:
    limits = compared.limits
    if view.is_alone:
        return " ".join(
            comparison_words.alone_finding(
                line,
                comparison_words.who_words(line),
                _other(line, view, compared),
                limits,
            )
            for _name, line in named
        )
    said = [comparison_words.finding(named, limits, is_tested=view.against is Against.REST)]
    if view.unit is None:
        said += [
            f"{name}: {comparison_words.words(line, limits).rstrip('.')}."
            for name, line in named
            if line.unit is not None and line.unit.id in own_ids
        ]
    return " ".join(said)


def _notes(lines: Sequence[ComparedLine], view: View, compared: Compared) -> list[str]:
    """What must be known to read the comparisons of one chart."""
    notes = [*_named_officers(lines), *_pooled_notes(lines, compared.period)]
    for measure in _measures(lines):
        notes += wording.measure_notes(measure, compared.source.versions)
    bases = {line.basis for line in lines if line.comparison.is_shown}
    notes += [
        said
        for basis in sorted(bases, key=str)
        if (said := comparison_words.basis_words(basis))
    ]
    if view.unit is not None:
        notes += _group_notes(lines, compared.limits)
    if effects := comparison_words.effects_words([line.comparison for line in lines]):
        notes.append(effects)
    named = [(line.unit.name, line.comparison) for line in lines if line.unit]
    return notes + comparison_words.no_mark_notes(named)


def _measures(lines: Sequence[ComparedLine]) -> list[Measure]:
    return list({line.measure.series: line.measure for line in lines}.values())


def _named_officers(lines: Sequence[ComparedLine]) -> list[str]:
    """What a derived indicator is judged by on both sides: never left out."""
    numbers = {max(1, n) for line in lines for n in (*line.officers, *line.other_officers)}
    if not numbers:
        return []
    return [
        _(
            "Named officers per person: %(numbers)s. Each unit is judged by its own number.",
            numbers=" / ".join(str(n) for n in sorted(numbers)),
        )
    ]


def _pooled_notes(lines: Sequence[ComparedLine], now: Period) -> list[str]:
    """Which units are counted together, in which of the two years."""
    together = [
        (period, units)
        for line in lines
        for period, units in ((now, line.pooled), (line.before, line.pooled_before))
        if units and period is not None
    ]
    return [
        f"{comparison_words.pooled_words(units)} ({period_name(period)})."
        for period, units in dict.fromkeys(together)
    ]


def _group_notes(lines: Sequence[ComparedLine], limits: Limits) -> list[str]:
    """The units on the other side, and those of their kind that have too few answers."""
    notes = []
    groups = {(line.group, line.left_out) for line in lines if line.group or line.left_out}
    for line in lines:
        if (line.group, line.left_out) not in groups:
            continue
        groups.discard((line.group, line.left_out))
        which = (
            f"{wording.measure_name(line.measure)}: " if len(lines) > 1 and len(groups) else ""
        )
        if line.group:
            names = ", ".join(unit.name for unit in line.group)
            notes.append(which + _("Compared with: %(units)s.", units=names))
        if line.left_out:
            names = ", ".join(unit.name for unit in line.left_out)
            notes.append(
                which
                + _(
                    "Left out, since they have fewer than %(n)s answers or are not shown: "
                    "%(units)s.",
                    n=limits.distribution,
                    units=names,
                )
            )
    return notes
