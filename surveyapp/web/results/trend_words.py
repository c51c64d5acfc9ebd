"""Lines, marks and gaps over time, put in words."""

from collections.abc import Mapping, Sequence

from surveyapp.i18n import day_name, period_name
from surveyapp.i18n import gettext as _
from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.organising import Merger
from surveyapp.reporting import Change, ChangeKind, History, Line, Measure, Role
from surveyapp.web.results import wording


def together(units: Sequence[Unit]) -> str:
    """Names of units as a list: `Norrmalm och Östermalm`."""
    names = [unit.name for unit in units]
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])


def whose(unit: Unit | None, *, is_pooled: bool) -> str:
    """Whose a figure is: a unit's, that of it and those it came from, or the city's."""
    if unit is None:
        return _("The whole city")
    return _("%(unit)s including predecessors", unit=unit.name) if is_pooled else unit.name


def line_name(line: Line) -> str:
    """Whose a line is."""
    return whose(line.unit, is_pooled=line.role is Role.POOLED)


def drawn_name(line: Line) -> str:
    """The same as it stands in a drawing, where there is little room."""
    return _("Counted together") if line.role is Role.POOLED else line_name(line)


def finding(history: History, limits: Limits, *, is_small: bool = False) -> str:
    """That the unit was merged, and what is newest; no comparison with earlier figures."""
    said = [] if is_small else [merger_words(merger) for merger in history.mergers]
    if history.own.points:
        newest = max(history.own.points, key=lambda point: point.period.months)
        said.append(wording.latest_finding(newest, limits))
    for line in history.others:
        if line.role is Role.POOLED and line.points[-1].figure.is_shown:
            newest = line.points[-1]
            words = wording.figure_words(newest.figure, limits)
            said.append(
                _(
                    "Including predecessors, %(period)s: %(figure)s",
                    period=period_name(newest.period),
                    figure=f"{words}.",
                )
            )
    return " ".join(said)


def merger_words(merger: Merger) -> str:
    """Who became whom and when, in a sentence."""
    old, new, day = together(merger.old), merger.new.name, day_name(merger.takes_effect_on)
    if len(merger.old) > 1:
        return _("%(old)s were merged into %(new)s on %(day)s.", old=old, new=new, day=day)
    return _("%(old)s went into %(new)s on %(day)s.", old=old, new=new, day=day)


def turn_label(turn: Merger | Change) -> str:
    """A mark in the drawing, in two or three words."""
    if isinstance(turn, Merger):
        day = day_name(turn.takes_effect_on)
        return (
            _("Merged %(day)s", day=day)
            if len(turn.old) > 1
            else _("New unit %(day)s", day=day)
        )
    return {
        ChangeKind.BREAK: _("New question"),
        ChangeKind.NEW: _("New question"),
        ChangeKind.ENDED: _("No longer asked"),
        ChangeKind.NOTED: _("Changed question"),
    }[turn.kind]


def turn_words(turn: Merger | Change) -> str:
    """What a mark means, in a sentence or two."""
    if isinstance(turn, Merger):
        return merger_words(turn)
    said = {
        ChangeKind.BREAK: _(
            "From version %(version)s the figures cannot be compared with those before. "
            "%(note)s",
            version=turn.version,
            note=turn.note,
        ),
        ChangeKind.NEW: _("The question was new in version %(version)s.", version=turn.version),
        ChangeKind.ENDED: _(
            "The question was asked through version %(version)s.", version=turn.version
        ),
        ChangeKind.NOTED: turn.note,
    }[turn.kind].strip()
    return f"{wording.begun(period_name(turn.period))}: {said}"


def versions_words(measure: Measure) -> str:
    """The versions that a question is in: `version 1`, `version 2 + 3`."""
    return wording.in_use_words(measure.numbers, ())


def question_words(measure: Measure) -> str:
    """A question with its answers, as the newest of its versions puts it."""
    return _(
        "%(versions)s: “%(text)s” Answers: %(answers)s.",
        versions=wording.begun(versions_words(measure)),
        text=wording.question_words(measure.question),
        answers=", ".join(
            wording.in_page_language(option.text) for option in measure.question.options
        ),
    )


def gap_words(names_by_word: Mapping[str, Sequence[str]]) -> str:
    """Why nothing is shown in a period, and for whom; the unit's own needs no name."""
    return "; ".join(
        f"{', '.join(names)}: {word}" if names else word
        for word, names in names_by_word.items()
    )


def pooled_note() -> str:
    """What the dashed line is."""
    return _(
        "Dashed: the unit counted together with the units that it came from. The answers are "
        "added, each unit by its size where that is known; it is never an average of their "
        "shares. It is shown only where every unit in it is shown."
    )


def divided_note(units: Sequence[Unit]) -> str:
    """Why there is no dashed line."""
    return _(
        "%(units)s went into more than one unit, so its answers cannot be counted together "
        "with those of this one.",
        units=together(units),
    )


def turnover_names() -> tuple[str, str]:
    return _("All reasons"), _("Own wish, left the city")
