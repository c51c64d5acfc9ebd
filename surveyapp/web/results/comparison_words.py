"""How a comparison is put in words: one place for every sentence about a difference."""

from collections.abc import Sequence

from surveyapp.i18n import THIN, ngettext, number, percent, period_name
from surveyapp.i18n import gettext as _
from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.organising import by_name
from surveyapp.periods import Period
from surveyapp.reporting import (
    Against,
    Basis,
    ComparedLine,
    Comparison,
    Hindrance,
    NoMark,
    Points,
    Side,
    Status,
    Way,
)
from surveyapp.web.results import trend_words, wording
from surveyapp.web.results.attribute_words import category_words

MINUS = "\N{MINUS SIGN}"


def signed(points: int) -> str:
    """Percentage points with their sign: `+6`, `−8`, `0`."""
    return f"{'+' if points > 0 else MINUS if points < 0 else ''}{abs(points)}"


def interval_words(points: Points) -> str:
    """The limits of a difference, never on two lines: `[−8; +17]`."""
    return f"[{signed(points.low)};{THIN}{signed(points.high)}]"


def points_words(points: Points) -> str:
    """`+6 percentage points [−8; +17]`."""
    said = ngettext(
        "%(points)s percentage point",
        "%(points)s percentage points",
        abs(points.estimate),
        points=signed(points.estimate),
    )
    return f"{said} {interval_words(points)}"


def side_words(side: Side) -> str:
    """`88 % (66 answers)`."""
    return f"{percent(side.share)} ({wording.answers_words(side.n)})"


def effects_words(comparisons: Sequence[Comparison]) -> str:
    """The design effects of both sides, or a range where units differ; nothing if those of a
    side cannot be said."""
    own, other = (
        [side.design_effects for side in sides if side and side.design_effects]
        for sides in (
            [each.own for each in comparisons],
            [each.other for each in comparisons],
        )
    )
    if not own or not other:
        return ""
    return _(
        "Assumed design effects: %(own)s and %(other)s.",
        own=_effect(own),
        other=_effect(other),
    )


def _effect(effects: Sequence[tuple[float, float]]) -> str:
    lowest = number(min(low for low, _high in effects), 2)
    highest = number(max(high for _low, high in effects), 2)
    return lowest if lowest == highest else f"{lowest}–{highest}"


def way_words(way: Way) -> str:
    """A way of working: `team, 3 named per person`."""
    form = category_words(way.form)
    return _("%(form)s (%(n)s per person)", form=form, n=way.officers)


def against_words(against: Against, way: Way | None, period: Period) -> str:
    """What something is compared with, as it stands after `with`."""
    if against is Against.WAY and way is not None:
        return _("other units with %(way)s", way=way_words(way))
    return {
        Against.REST: _("the rest of the city"),
        Against.YEAR_BEFORE: (
            _("the year before") if period.is_year else _("the same period last year")
        ),
        Against.SAME_WAY: _("units with the same way of working"),
    }[against]


def who_words(line: ComparedLine) -> str:
    """Whose share is compared."""
    return trend_words.whose(line.unit, is_pooled=bool(line.pooled))


def pooled_words(units: Sequence[Unit]) -> str:
    """That units are one side together: `Norrmalm and Östermalm counted together`."""
    names = trend_words.together(by_name(units))
    return _("%(units)s counted together", units=names) if len(units) > 1 else names


def change_words(line: ComparedLine, limits: Limits) -> str:
    """The change since an earlier year in a sentence, or why there is none."""
    points = line.comparison.points
    if points is None or line.before is None:
        return f"{who_words(line)}: {reason_words(line, limits)}"
    other = period_name(line.before)
    if line.pooled_before:
        other = f"{other} ({pooled_words(line.pooled_before)})"
    said = _("%(who)s compared with %(other)s", who=who_words(line), other=other)
    return f"{said}: {points_words(points)}. {verdict(line.comparison, is_alone=True)}"


def reason_words(line: ComparedLine, limits: Limits) -> str:
    """Why a comparison is not shown."""
    comparison = line.comparison
    if isinstance(comparison.status, Status):
        why = wording.status_words(comparison.status, limits.any_figure)
        return _("Nothing to compare with. %(why)s", why=why) if comparison.is_of_other else why
    if comparison.status is Hindrance.TOO_FEW:
        if comparison.is_of_other:
            return _("Fewer than %(n)s answers to compare with.", n=limits.distribution)
        return _("Fewer than %(n)s answers - not compared.", n=limits.distribution)
    if comparison.status is Hindrance.CHANGED:
        return f"{changed_words()} {line.measure.break_note}".strip()
    if comparison.status is Hindrance.NO_EARLIER and line.before is not None:
        return _("There are no results for %(period)s.", period=period_name(line.before))
    return {
        Hindrance.NOT_THERE: _(
            "The unit did not exist during the whole of both periods - not compared."
        ),
        Hindrance.NOT_COVERED: _(
            "The city's figure covers less than 95 per cent of the eligible, or it is not "
            "known how much - not compared."
        ),
        Hindrance.NO_OTHER: _("There is no other unit to compare with."),
        Hindrance.WAY_CHANGED: _(
            "The way of working changed during the period - not compared."
        ),
        Hindrance.WAY_UNKNOWN: _("It is not stated how the unit works."),
    }[comparison.status]


def changed_words() -> str:
    return _("The question has changed so much that the years cannot be compared.")


def unclear_words(why: Hindrance, period: Period) -> str:
    """Why units are in no group, before their names."""
    if why is Hindrance.WAY_UNKNOWN:
        return _("The way of working is not stated, so in no group:")
    if period.is_year:
        return _("Way of working changed during the year, so in no group:")
    return _("Way of working changed during the period, so in no group:")


def no_mark_words(no_mark: NoMark) -> str:
    """Why a unit cannot be marked, before its name."""
    return {
        NoMark.LOW_COVERAGE: _(
            "Fewer than 40 per cent of the follow-ups due have a form, so no difference is "
            "marked:"
        ),
        NoMark.UNKNOWN_COVERAGE: _(
            "Which part of the follow-ups due have a form is not known or not shown, so no "
            "difference is marked:"
        ),
        NoMark.NOT_TESTED: _("Only differences from the rest of the city are marked."),
    }[no_mark]


def no_mark_notes(named: Sequence[tuple[str, Comparison]]) -> list[str]:
    """The units that cannot be marked, by why."""
    notes = []
    for no_mark in (NoMark.LOW_COVERAGE, NoMark.UNKNOWN_COVERAGE):
        names = dict.fromkeys(name for name, each in named if each.no_mark is no_mark)
        if names:
            notes.append(f"{no_mark_words(no_mark)} {', '.join(names)}.")
    return notes


def verdict(comparison: Comparison, *, is_alone: bool) -> str:
    """What may be said of a shown difference; by its interval only if it stands alone."""
    if is_alone:
        return (
            _("The difference is statistically certain.")
            if comparison.is_certain
            else _("The difference is not statistically certain.")
        )
    if comparison.is_marked:
        return _("Marked: statistically certain")
    if comparison.no_mark is NoMark.NOT_TESTED:
        return ""
    return _("Cannot be marked") if comparison.no_mark else _("No certain difference")


def words(line: ComparedLine, limits: Limits) -> str:
    """What stands beside a row of the chart."""
    points = line.comparison.points
    if line.comparison.status is Hindrance.CHANGED:
        return changed_words()  # the note has no room in a drawing; it stands in the table
    if points is None:
        return reason_words(line, limits)
    said = points_words(points)
    return _("%(difference)s, marked", difference=said) if line.comparison.is_marked else said


def alone_finding(line: ComparedLine, who: str, other: str, limits: Limits) -> str:
    """One comparison in full."""
    comparison = line.comparison
    if comparison.points is None or comparison.own is None or comparison.other is None:
        return f"{who}: {reason_words(line, limits)}"
    said = _(
        "%(who)s: %(own)s, compared with %(theirs)s for %(other)s. Difference: %(difference)s.",
        who=who,
        own=percent(comparison.own.share),
        other=other,
        theirs=percent(comparison.other.share),
        difference=points_words(comparison.points),
    )
    return f"{said} {verdict(comparison, is_alone=True)}"


def finding(
    named: Sequence[tuple[str, ComparedLine]], limits: Limits, *, is_tested: bool
) -> str:
    """What several comparisons say together: which are marked, or which leave 0 outside."""
    shown = [(name, line.comparison) for name, line in named if line.comparison.is_shown]
    if not shown:
        whys = {reason_words(line, limits) for _name, line in named}
        nothing = _("No comparison can be shown.")
        return f"{nothing} {whys.pop()}" if len(whys) == 1 else nothing
    found = [
        _("%(name)s is higher", name=name)
        if comparison.points is not None and comparison.points.estimate > 0
        else _("%(name)s is lower", name=name)
        for name, comparison in shown
        if (comparison.is_marked if is_tested else comparison.is_certain)
    ]
    values = {"n": len(found), "all": len(shown), "names": "; ".join(found)}
    if is_tested and found:
        return _("Marked difference in %(n)s of %(all)s: %(names)s.", **values)
    if is_tested:
        return _("None of the %(all)s differences that can be shown is marked.", **values)
    if found:
        return _(
            "In %(n)s of %(all)s the whole interval is on one side of 0: %(names)s.", **values
        )
    return _("No certain difference in any of the %(all)s: every interval holds 0.", **values)


def basis_words(basis: Basis | None) -> str:
    """How other units weigh, where it is not by those due."""
    return {
        Basis.CLIENTS: _(
            "How many were due a follow-up is not known for every unit. The other units weigh "
            "by their clients of the year."
        ),
        Basis.UNKNOWN: _(
            "Neither the number due a follow-up nor the number of clients is known for every "
            "unit. The answers of the other units are added as they are."
        ),
    }.get(basis or Basis.DUE, "")
