"""Words for classes, states and differences of questionnaire versions."""

from surveyapp.errors import N_
from surveyapp.publishing import Line
from surveyapp.questionnaire import ComparabilityKind, Missing, Part

CLASSES = {
    ComparabilityKind.IDENTICAL: N_("Identical"),
    ComparabilityKind.EQUIVALENT: N_("Equivalent"),
    ComparabilityKind.EQUIVALENT_WITH_NOTE: N_("Equivalent, with a note"),
    ComparabilityKind.BREAK: N_("Break: cannot be compared"),
    ComparabilityKind.NEW: N_("New"),
    ComparabilityKind.ENDED: N_("Ended"),
}
LINES = {
    Line.GOES_ON: N_("goes on"),
    Line.WITH_NOTE: N_("goes on, with a note"),
    Line.BREAKS: N_("breaks: a gap between the versions"),
    Line.STARTS: N_("starts with this version"),
    Line.ENDS: N_("ends with the version before"),
    Line.NONE: N_("no line: the question has no share"),
}
PARTS = {
    Part.TEXT: N_("Question"),
    Part.HELP: N_("Help under the question"),
    Part.OPTION_ADDED: N_("New answer"),
    Part.OPTION_REMOVED: N_("Answer that is gone"),
    Part.OPTION_TEXT: N_("Words of an answer"),
    Part.OPTION_KIND: N_("How an answer counts"),
    Part.OPTION_SHOWN: N_("Where an answer is shown"),
    Part.OPTION_ORDER: N_("Order of the answers"),
    Part.SCALE: N_("Scale"),
    Part.POSITIVE: N_("Answers that count as positive"),
    Part.ROUTING: N_("Who is asked"),
    Part.TYPE: N_("How it is answered"),
    Part.MAX_CHARS: N_("Longest text"),
    Part.DERIVED: N_("Derived indicator"),
    Part.INDICATOR: N_("Indicator"),
    Part.AREA: N_("Area"),
    Part.SHORT_FORM: N_("In the short form"),
    Part.MOVED: N_("Moved to another place"),
    Part.AROUND: N_("Text around the questions"),
    Part.HEAD: N_("Introduction"),
    Part.LANGUAGE: N_("Language"),
}
MISSING = {
    Missing.SKIPPED: N_("skipped"),
    Missing.NOT_SHOWN: N_("not shown: it did not apply"),
    Missing.NOT_ASKED: N_("not asked in the short form"),
    Missing.INVALID: N_("two marks"),
    Missing.ILLEGIBLE: N_("cannot be read"),
    Missing.BLANK: N_("left blank"),
    Missing.STOPPED: N_("stopped before it"),
}
