"""What must agree inside one question and its options."""

from collections.abc import Iterator

from surveyapp.errors import N_
from surveyapp.questionnaire.conditions import leading_number
from surveyapp.questionnaire.document import Option, OptionKind, Question, Questionnaire
from surveyapp.questionnaire.faults import Fault, Path, listed, repeated
from surveyapp.questionnaire.question_types import TYPES


def scale_faults(document: Questionnaire) -> Iterator[Fault]:
    """What is wrong with the options that questions share."""
    for name, scale in document.scales.items():
        yield from _option_faults(scale.options, ("scales", name, "options"))


def _option_faults(options: tuple[Option, ...], path: Path) -> Iterator[Fault]:
    codes = [option.code for option in options]
    for position in repeated(codes):
        yield Fault(
            (*path, position),
            N_('the code "%(code)s" is given twice'),
            {"code": codes[position]},
        )
    kinds = [option.kind is OptionKind.DONT_KNOW for option in options]
    if kinds != sorted(kinds):
        yield Fault(path, N_('"dont_know" options stand last; move them'))


def question_faults(document: Questionnaire) -> Iterator[Fault]:
    """What is wrong with each question, in their order."""
    for position, question in enumerate(document.questions):
        path = ("questions", position)
        if question.area not in document.areas:
            yield Fault(
                (*path, "area"),
                N_('unknown area "%(name)s". Known: %(known)s'),
                {"name": question.area, "known": listed(document.areas)},
            )
        if question.scale is not None and question.scale not in document.scales:
            yield Fault(
                (*path, "scale"),
                N_('unknown scale "%(name)s". Known: %(known)s'),
                {"name": question.scale, "known": listed(document.scales)},
            )
        yield from _routing_faults(question, document, path)
        kind = TYPES.get(question.type)
        if kind is None:
            yield Fault(
                (*path, "type"),
                N_('unknown question type "%(name)s". Known: %(known)s'),
                {"name": question.type, "known": listed(TYPES)},
            )
        elif kind.has_options:
            yield from _choice_faults(question, path)
        else:
            yield from _wording_faults(question, path)


def _routing_faults(question: Question, document: Questionnaire, path: Path) -> Iterator[Fault]:
    """Routes lead forward, to answers that can be chosen; so every question can be reached."""
    if question.show_if is None:
        return
    if circle := _circle(question, document):
        yield Fault(
            (*path, "show_if"),
            N_(
                "the conditions run in a circle: %(ids)s, and back to the first. None of these "
                "is ever asked; take one of the conditions away"
            ),
            {"ids": listed(circle)},
        )
        return
    before = document.questions[: document.questions.index(question)]
    source = {earlier.id: earlier for earlier in before}.get(question.show_if.question)
    if source is None:
        yield Fault(
            (*path, "show_if"),
            N_('there is no question "%(id)s" before this one; name an earlier one'),
            {"id": question.show_if.question},
        )
        return
    codes = [option.code for option in source.options]
    kind = TYPES.get(source.type)
    if kind is not None and not kind.has_options:
        yield Fault(
            (*path, "show_if"),
            N_('"%(id)s" has no answers to choose, so it cannot decide if this one is asked'),
            {"id": source.id},
        )
    for code in question.show_if.codes:
        if codes and code not in codes:
            yield Fault(
                (*path, "show_if"),
                N_('"%(id)s" has no option "%(code)s". Options: %(known)s'),
                {"id": source.id, "code": code, "known": listed(codes)},
            )
    if question.short_form and not source.short_form:
        yield Fault(
            (*path, "short_form"),
            N_('the short form needs "%(id)s" too, which decides if this one is asked'),
            {"id": source.id},
        )


def _circle(question: Question, document: Questionnaire) -> list[str]:
    """The questions on the way from this one back to itself, if its conditions lead there."""
    asked_by = {q.id: q.show_if.question for q in document.questions if q.show_if}
    way = [question.id]
    while (before := asked_by.get(way[-1])) is not None and before not in way:
        way.append(before)
    return way if before == question.id else []


def _choice_faults(question: Question, path: Path) -> Iterator[Fault]:
    options, kinds = question.options, {o.code: o.kind for o in question.options}
    if question.scale is None:
        yield from _option_faults(options, (*path, "options"))
        if len(options) < 2:
            yield Fault((*path, "options"), N_("give a scale or at least two options"))
    elif question.extra_option and len(kinds) < len(options):
        code = question.extra_option.code
        yield Fault(
            (*path, "extra_option"),
            N_('the scale already has the code "%(code)s"'),
            {"code": code},
        )
    if question.max_chars is not None:
        yield Fault(
            (*path, "max_chars"), N_("belongs to questions answered in words; remove it")
        )
    if "positive" not in question.model_fields_set:
        yield Fault(
            path, N_('"positive" is missing; list the codes or write null for no share')
        )
    elif question.positive == ():
        yield Fault((*path, "positive"), N_("no code is positive; write null for no share"))
    for code in question.positive or () if options else ():
        if code not in kinds:
            yield Fault(
                (*path, "positive"),
                N_('there is no option "%(code)s". Options: %(known)s'),
                {"code": code, "known": listed(kinds)},
            )
        elif kinds[code] is not OptionKind.SUBSTANTIVE:
            yield Fault(
                (*path, "positive"),
                N_('"%(code)s" is of kind "%(kind)s", outside the denominator; remove it'),
                {"code": code, "kind": kinds[code]},
            )
    for code in question.valid_codes if question.derived else ():
        try:
            leading_number(code)
        except ValueError:
            yield Fault(
                (*path, "derived"),
                N_(
                    'the code "%(code)s" does not begin with a number; '
                    "the share compares numbers"
                ),
                {"code": code},
            )


def _wording_faults(question: Question, path: Path) -> Iterator[Fault]:
    for name in ("scale", "options", "extra_option", "positive", "indicator", "derived"):
        if getattr(question, name):
            yield Fault(
                (*path, name),
                N_('type "%(type)s" has no %(name)s; remove it'),
                {"type": question.type, "name": name},
            )
    if question.max_chars is None:
        yield Fault(path, N_('"max_chars" is missing; say how long the text may be'))
