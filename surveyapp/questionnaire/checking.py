"""What must agree inside one version, beyond the shape that the models check."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from surveyapp.errors import N_
from surveyapp.questionnaire.document import (
    Change,
    ChangeType,
    ComparabilityKind,
    Question,
    Questionnaire,
)
from surveyapp.questionnaire.faults import Fault, Path, listed, repeated
from surveyapp.questionnaire.question_checking import question_faults, scale_faults
from surveyapp.questionnaire.texts import (
    FIRST_LANGUAGE_ONLY,
    OPTIONAL_IN_EASY_READ,
    PLACES,
    Part,
    is_easy_read,
)

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

MOST_QUESTIONS = 100  # nobody who is 87 answers so many
_KEYED_BY_NAME = frozenset({"scales", "indicator_labels"})  # the other mappings: by language
_PLACE = re.compile(r"\{([a-z_]+)\}")


def faults(document: Questionnaire) -> list[Fault]:
    """Everything that does not agree inside the version, in the order of the file.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import load
    >>> document = load(Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml"))
    >>> faults(document)
    []
    >>> [str(fault) for fault in faults(document.model_copy(update={"version": 2}))]
    ['a version after the first says which one it is based on; add "based_on"']
    """
    return [
        *_change_faults(document),
        *_language_faults(document),
        *_place_faults(document),
        *scale_faults(document),
        *_order_faults(document),
        *question_faults(document),
        *_indicator_faults(document),
    ]


def _change_faults(document: Questionnaire) -> Iterator[Fault]:
    if document.based_on is None:
        if document.version > 1:
            yield Fault(
                ("version",),
                N_('a version after the first says which one it is based on; add "based_on"'),
            )
        if document.changes:
            yield Fault(
                ("changes",), N_('changes need "based_on": the version that was changed')
            )
    elif document.based_on >= document.version:
        yield Fault(
            ("based_on",),
            N_("must be lower than the version, %(version)s"),
            {"version": document.version},
        )
    for position, change in enumerate(document.changes):
        yield from _one_change_faults(document, change, ("changes", position))
    for name in ("question_old", "question_new"):
        named = [getattr(change, name) for change in document.changes]
        for position in repeated(named):
            yield Fault(
                ("changes", position),
                N_('"%(id)s" is in two changes; keep one'),
                {"id": named[position]},
            )


def _one_change_faults(document: Questionnaire, change: Change, path: Path) -> Iterator[Fault]:
    allowed = COMPARABILITY_OF[change.type]
    if change.comparability not in allowed:
        yield Fault(
            (*path, "comparability"),
            N_(
                'a change of type "%(type)s" cannot be "%(kind)s". Possible: %(possible)s. '
                "A new meaning is a new id"
            ),
            {
                "type": change.type,
                "kind": change.comparability,
                "possible": listed(allowed),
            },
        )
    if change.comparability is ComparabilityKind.EQUIVALENT_WITH_NOTE and not change.note:
        yield Fault(path, N_('"equivalent_with_note" needs a note; add "note"'))
    if change.question_new and change.question_new not in document.question_ids:
        yield Fault(
            path,
            N_('there is no question "%(id)s" in this version'),
            {"id": change.question_new},
        )
    gone = change.type in {ChangeType.REMOVE, ChangeType.REPLACE}
    if gone and change.question_old in document.question_ids:
        yield Fault(
            path,
            N_('"%(id)s" should be gone but is still a question'),
            {"id": change.question_old},
        )


def _language_faults(document: Questionnaire) -> Iterator[Fault]:
    languages = document.languages
    for position in repeated(languages):
        yield Fault(
            ("languages", position),
            N_('"%(name)s" is given twice'),
            {"name": languages[position]},
        )
    for path, by_language in _by_language(document, ()):
        needed = languages[:1] if path[-1] in FIRST_LANGUAGE_ONLY else languages
        for language in needed:
            if language not in by_language:
                yield Fault(
                    path,
                    N_('the text in "%(language)s" is missing; add it'),
                    {"language": language},
                )
        for language in by_language:
            if language not in needed:
                yield Fault(
                    (*path, language),
                    N_('"%(language)s" is not a language here. Languages: %(known)s'),
                    {"language": language, "known": listed(needed)},
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
    for path, language, text in wording(document):
        key = ".".join(str(step) for step in path[1:] if step != language)
        needed = PLACES.get(key, frozenset()) if path[0] == "texts" else frozenset()
        yield from _one_text_faults(text, path, needed, language)


def wording(document: Questionnaire) -> Iterator[tuple[Path, str, str]]:
    """Everything that a respondent meets in words: its path, its language and the text."""
    for path, by_language in _by_language(document, ()):
        for language, value in by_language.items():
            for inner, text in _strings(value):
                yield (*path, language, *inner), language, text


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
        yield Fault(
            path,
            N_("the place {%(name)s} is missing; write it where the number goes"),
            {"name": name},
        )
    for name in sorted(found - needed):
        yield Fault(
            path,
            N_("there is no number for the place {%(name)s} here; remove it"),
            {"name": name},
        )
    if re.search(r"[{}]", _PLACE.sub("", text)):
        yield Fault(path, N_("a brace is left over; a place is written like {n}"))


def _order_faults(document: Questionnaire) -> Iterator[Fault]:
    ids = document.question_ids
    if len(ids) > MOST_QUESTIONS:
        yield Fault(
            ("questions",),
            N_("has %(n)s questions, and at most %(most)s are possible; take some away"),
            {"n": len(ids), "most": MOST_QUESTIONS},
        )
    for position in repeated(ids):
        yield Fault(
            ("questions", position, "id"),
            N_('the id "%(id)s" is given twice'),
            {"id": ids[position]},
        )
    for position, question in enumerate(document.questions):
        if question.nr != position + 1:
            yield Fault(
                ("questions", position, "nr"),
                N_("is %(nr)s but the question is number %(number)s in order"),
                {"nr": question.nr, "number": position + 1},
            )
    for id in document.recall.only_in if document.recall else ():
        if id not in ids:
            yield Fault(("recall", "only_in"), N_('there is no question "%(id)s"'), {"id": id})


def _indicator_faults(document: Questionnaire) -> Iterator[Fault]:
    named: list[tuple[str, Path]] = []
    for position, question in enumerate(document.questions):
        path: Path = ("questions", position)
        if question.indicator:
            named.append((question.indicator, (*path, "indicator")))
            if not question.positive:
                yield Fault((*path, "indicator"), N_('an indicator needs "positive" codes'))
        if question.derived:
            named.append((question.derived.id, (*path, "derived", "id")))
    codes = [code for code, _ in named]
    for index in repeated(codes):
        yield Fault(
            named[index][1],
            N_('the indicator "%(code)s" is given twice'),
            {"code": codes[index]},
        )
    for code, place in named:
        if code not in document.indicator_labels:
            yield Fault(
                place,
                N_('"%(code)s" has no label; add it to "indicator_labels"'),
                {"code": code},
            )
    for code in document.indicator_labels:
        if code not in codes:
            yield Fault(("indicator_labels", code), N_("no question has this indicator"))
