"""What must agree inside one version, beyond the shape that the models check."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from surveyapp.questionnaire.conditions import leading_number
from surveyapp.questionnaire.document import (
    Change,
    ChangeType,
    ComparabilityKind,
    Option,
    OptionKind,
    Question,
    Questionnaire,
)
from surveyapp.questionnaire.question_types import TYPES
from surveyapp.questionnaire.texts import (
    FIRST_LANGUAGE_ONLY,
    OPTIONAL_IN_EASY_READ,
    PLACES,
    Part,
    is_easy_read,
)

Path = tuple[str | int, ...]

# A changed meaning is a new id, so the same question can never be a break.
_KEEPS_ID = frozenset({ComparabilityKind.EQUIVALENT, ComparabilityKind.EQUIVALENT_WITH_NOTE})
COMPARABILITY_OF: Mapping[ChangeType, frozenset[ComparabilityKind]] = {
    ChangeType.REWORD: _KEEPS_ID,
    ChangeType.HELP_TEXT: _KEEPS_ID,
    ChangeType.OPTION_ADDED: _KEEPS_ID,
    ChangeType.ADD: frozenset({ComparabilityKind.NEW}),
    ChangeType.REMOVE: frozenset({ComparabilityKind.ENDED}),
    ChangeType.REPLACE: frozenset({ComparabilityKind.BREAK}),
}

_KEYED_BY_NAME = frozenset({"scales", "indicator_labels"})  # the other mappings: by language
_PLACE = re.compile(r"\{([a-z_]+)\}")


class Fault(NamedTuple):
    """Where in the document (keys and positions), and what is wrong and what to do."""

    path: Path
    message: str


def faults(document: Questionnaire) -> list[Fault]:
    """Everything that does not agree inside the version, in the order of the file.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import load
    >>> document = load(Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml"))
    >>> faults(document)
    []
    >>> [fault.message for fault in faults(document.model_copy(update={"version": 2}))]
    ['a version after the first says which one it is based on; add "based_on"']
    """
    return [
        *_change_faults(document),
        *_language_faults(document),
        *_place_faults(document),
        *_scale_faults(document),
        *_order_faults(document),
        *_question_faults(document),
        *_indicator_faults(document),
    ]


def _change_faults(document: Questionnaire) -> Iterator[Fault]:
    if document.based_on is None:
        if document.version > 1:
            yield Fault(
                ("version",),
                'a version after the first says which one it is based on; add "based_on"',
            )
        if document.changes:
            yield Fault(("changes",), 'changes need "based_on": the version that was changed')
    elif document.based_on >= document.version:
        yield Fault(("based_on",), f"must be lower than the version, {document.version}")
    for position, change in enumerate(document.changes):
        yield from _one_change_faults(document, change, ("changes", position))
    for name in ("question_old", "question_new"):
        named = [getattr(change, name) for change in document.changes]
        for position in _repeated(named):
            yield Fault(
                ("changes", position), f'"{named[position]}" is in two changes; keep one'
            )


def _one_change_faults(document: Questionnaire, change: Change, path: Path) -> Iterator[Fault]:
    allowed = COMPARABILITY_OF[change.type]
    if change.comparability not in allowed:
        yield Fault(
            (*path, "comparability"),
            f'a change of type "{change.type}" cannot be "{change.comparability}". '
            f"Possible: {_listed(allowed)}. A new meaning is a new id",
        )
    if change.comparability is ComparabilityKind.EQUIVALENT_WITH_NOTE and not change.note:
        yield Fault(path, '"equivalent_with_note" needs a note; add "note"')
    if change.question_new and change.question_new not in document.question_ids:
        yield Fault(path, f'there is no question "{change.question_new}" in this version')
    gone = change.type in {ChangeType.REMOVE, ChangeType.REPLACE}
    if gone and change.question_old in document.question_ids:
        yield Fault(path, f'"{change.question_old}" should be gone but is still a question')


def _language_faults(document: Questionnaire) -> Iterator[Fault]:
    languages = document.languages
    for position in _repeated(languages):
        yield Fault(("languages", position), f'"{languages[position]}" is given twice')
    for path, by_language in _by_language(document, ()):
        needed = languages[:1] if path[-1] in FIRST_LANGUAGE_ONLY else languages
        for language in needed:
            if language not in by_language:
                yield Fault(path, f'the text in "{language}" is missing; add it')
        for language in by_language:
            if language not in needed:
                yield Fault(
                    (*path, language),
                    f'"{language}" is not a language here. Languages: {_listed(needed)}',
                )


def _by_language(part: Part, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every mapping from language to text, with its path; not what a scale gave a question."""
    for name in type(part).model_fields:
        if name == "options" and isinstance(part, Question) and part.scale is not None:
            continue
        value = getattr(part, name)
        match value:
            case Part():
                yield from _by_language(value, (*path, name))
            case tuple():
                for position, item in enumerate(value):
                    if isinstance(item, Part):
                        yield from _by_language(item, (*path, name, position))
            case Mapping() if name in _KEYED_BY_NAME:
                for key, item in value.items():
                    if isinstance(item, Part):
                        yield from _by_language(item, (*path, name, key))
            case Mapping():
                yield (*path, name), value


def _place_faults(document: Questionnaire) -> Iterator[Fault]:
    for path, by_language in _by_language(document, ()):
        for language, value in by_language.items():
            for inner, text in _strings(value):
                key = ".".join(str(step) for step in (*path[1:], *inner))
                needed = PLACES.get(key, frozenset()) if path[0] == "texts" else frozenset()
                yield from _one_text_faults(text, (*path, language, *inner), needed, language)


def _strings(value: Any) -> Iterator[tuple[Path, str]]:
    match value:
        case str():
            yield (), value
        case Part():
            for name in type(value).model_fields:
                for inner, text in _strings(getattr(value, name)):
                    yield (name, *inner), text
        case tuple():
            for position, item in enumerate(value):
                for inner, text in _strings(item):
                    yield (position, *inner), text


def _one_text_faults(
    text: str, path: Path, needed: frozenset[str], language: str
) -> Iterator[Fault]:
    found = set(_PLACE.findall(text))
    must = needed - OPTIONAL_IN_EASY_READ if is_easy_read(language) else needed
    for name in sorted(must - found):
        yield Fault(path, f"the place {{{name}}} is missing; write it where the number goes")
    for name in sorted(found - needed):
        yield Fault(path, f"there is no number for the place {{{name}}} here; remove it")
    if re.search(r"[{}]", _PLACE.sub("", text)):
        yield Fault(path, "a brace is left over; a place is written like {n}")


def _scale_faults(document: Questionnaire) -> Iterator[Fault]:
    for name, scale in document.scales.items():
        yield from _option_faults(scale.options, ("scales", name, "options"))


def _option_faults(options: tuple[Option, ...], path: Path) -> Iterator[Fault]:
    codes = [option.code for option in options]
    for position in _repeated(codes):
        yield Fault((*path, position), f'the code "{codes[position]}" is given twice')
    kinds = [option.kind is OptionKind.DONT_KNOW for option in options]
    if kinds != sorted(kinds):
        yield Fault(path, '"dont_know" options stand last; move them')


def _order_faults(document: Questionnaire) -> Iterator[Fault]:
    ids = document.question_ids
    for position in _repeated(ids):
        yield Fault(("questions", position, "id"), f'the id "{ids[position]}" is given twice')
    for position, question in enumerate(document.questions):
        if question.nr != position + 1:
            yield Fault(
                ("questions", position, "nr"),
                f"is {question.nr} but the question is number {position + 1} in order",
            )
    for id in document.recall.only_in if document.recall else ():
        if id not in ids:
            yield Fault(("recall", "only_in"), f'there is no question "{id}"')


def _question_faults(document: Questionnaire) -> Iterator[Fault]:
    for position, question in enumerate(document.questions):
        path = ("questions", position)
        if question.area not in document.areas:
            yield Fault(
                (*path, "area"),
                f'unknown area "{question.area}". Known: {_listed(document.areas)}',
            )
        if question.scale is not None and question.scale not in document.scales:
            yield Fault(
                (*path, "scale"),
                f'unknown scale "{question.scale}". Known: {_listed(document.scales)}',
            )
        yield from _routing_faults(question, document.questions[:position], path)
        kind = TYPES.get(question.type)
        if kind is None:
            yield Fault(
                (*path, "type"),
                f'unknown question type "{question.type}". Known: {_listed(TYPES)}',
            )
        elif kind.has_options:
            yield from _choice_faults(question, path)
        else:
            yield from _wording_faults(question, path)


def _routing_faults(
    question: Question, before: tuple[Question, ...], path: Path
) -> Iterator[Fault]:
    if question.show_if is None:
        return
    source = {earlier.id: earlier for earlier in before}.get(question.show_if.question)
    if source is None:
        yield Fault(
            (*path, "show_if"),
            f'there is no question "{question.show_if.question}" before this one; '
            "name an earlier one",
        )
        return
    codes = [option.code for option in source.options]
    for code in question.show_if.codes:
        if codes and code not in codes:
            yield Fault(
                (*path, "show_if"),
                f'"{source.id}" has no option "{code}". Options: {_listed(codes)}',
            )
    if question.short_form and not source.short_form:
        yield Fault(
            (*path, "short_form"),
            f'the short form needs "{source.id}" too, which decides if this one is asked',
        )


def _choice_faults(question: Question, path: Path) -> Iterator[Fault]:
    options, kinds = question.options, {o.code: o.kind for o in question.options}
    if question.scale is None:
        yield from _option_faults(options, (*path, "options"))
        if len(options) < 2:
            yield Fault((*path, "options"), "give a scale or at least two options")
    elif question.extra_option and len(kinds) < len(options):
        code = question.extra_option.code
        yield Fault((*path, "extra_option"), f'the scale already has the code "{code}"')
    if question.max_chars is not None:
        yield Fault((*path, "max_chars"), "belongs to questions answered in words; remove it")
    if "positive" not in question.model_fields_set:
        yield Fault(path, '"positive" is missing; list the codes or write null for no share')
    elif question.positive == ():
        yield Fault((*path, "positive"), "no code is positive; write null for no share")
    for code in question.positive or () if options else ():
        if code not in kinds:
            yield Fault(
                (*path, "positive"), f'there is no option "{code}". Options: {_listed(kinds)}'
            )
        elif kinds[code] is not OptionKind.SUBSTANTIVE:
            yield Fault(
                (*path, "positive"),
                f'"{code}" is of kind "{kinds[code]}", outside the denominator; remove it',
            )
    for code in question.valid_codes if question.derived else ():
        try:
            leading_number(code)
        except ValueError as error:
            yield Fault((*path, "derived"), f"{error}; the share compares numbers")


def _wording_faults(question: Question, path: Path) -> Iterator[Fault]:
    for name in ("scale", "options", "extra_option", "positive", "indicator", "derived"):
        if getattr(question, name):
            yield Fault((*path, name), f'type "{question.type}" has no {name}; remove it')
    if question.max_chars is None:
        yield Fault(path, '"max_chars" is missing; say how long the text may be')


def _indicator_faults(document: Questionnaire) -> Iterator[Fault]:
    named: list[tuple[str, Path]] = []
    for position, question in enumerate(document.questions):
        path: Path = ("questions", position)
        if question.indicator:
            named.append((question.indicator, (*path, "indicator")))
            if not question.positive:
                yield Fault((*path, "indicator"), 'an indicator needs "positive" codes')
        if question.derived:
            named.append((question.derived.id, (*path, "derived", "id")))
    codes = [code for code, _ in named]
    for index in _repeated(codes):
        yield Fault(named[index][1], f'the indicator "{codes[index]}" is given twice')
    for code, place in named:
        if code not in document.indicator_labels:
            yield Fault(place, f'"{code}" has no label; add it to "indicator_labels"')
    for code in document.indicator_labels:
        if code not in codes:
            yield Fault(("indicator_labels", code), "no question has this indicator")


def _repeated(items: Iterable[str | None]) -> list[int]:
    """Positions of items that were there before."""
    seen: Counter[str] = Counter()
    positions = []
    for position, item in enumerate(items):
        if item is not None:
            if seen[item]:
                positions.append(position)
            seen[item] += 1
    return positions


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names) if isinstance(names, frozenset) else names)
