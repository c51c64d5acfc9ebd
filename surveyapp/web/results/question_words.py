"""How a question was put, in words: versions, months, languages, and what was decided."""

from surveyapp.i18n import gettext as _
from surveyapp.limits import Limits
from surveyapp.questionnaire import ComparabilityKind
from surveyapp.reporting import Measure, Wording
from surveyapp.web.results.wording import asked_words, begun, in_use_words

__all__ = [
    "answered_in_words",
    "asked_words",
    "begun",
    "in_use_words",
    "other_words",
    "since_words",
]


def class_words(kind: ComparabilityKind) -> str:
    """What was decided, in a word or two."""
    return {
        ComparabilityKind.IDENTICAL: _("identical"),
        ComparabilityKind.EQUIVALENT: _("equivalent"),
        ComparabilityKind.EQUIVALENT_WITH_NOTE: _("equivalent, with something to know"),
        ComparabilityKind.BREAK: _("cannot be compared"),
        ComparabilityKind.NEW: _("new"),
        ComparabilityKind.ENDED: _("no longer asked"),
    }[kind]


def since_words(wording: Wording) -> str:
    """What was decided about a version and the one before it, why, and by whom."""
    since = wording.since
    if since is None:
        raise ValueError(f"nothing was decided of version {wording.version}")
    said = _(
        "Compared with version %(version)s: %(kind)s.",
        version=since.version,
        kind=class_words(since.kind),
    )
    by = _("Decided by %(person)s.", person=since.decided_by)
    return " ".join(filter(None, (said, since.note, by)))


def answered_in_words(wording: Wording, limits: Limits) -> str:
    """The languages in which it was answered, where enough did."""
    return _(
        "Answered in: %(languages)s. A language is named from %(n)s forms in the city.",
        languages=", ".join(wording.languages[each] for each in wording.answered_in),
        n=limits.any_figure,
    )


def other_words(measure: Measure) -> str:
    """Another question of the chain: asked in the period too, or in another time."""
    if measure.apart is not None:
        return _("The period also had a question that cannot be added to this one:")
    return _("Another time this question was asked in its place, and cannot be compared:")
