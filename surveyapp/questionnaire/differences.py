"""What differs between two versions: of each question, in each language, word by word."""

import enum
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from surveyapp.questionnaire.canonical import as_source
from surveyapp.questionnaire.document import ChangeType, Option, Question, Questionnaire
from surveyapp.questionnaire.editing import Source, read, text_rows


class Part(enum.StrEnum):
    """What of a question or of a version differs."""

    TEXT = "text"
    HELP = "help"
    OPTION_ADDED = "option_added"
    OPTION_REMOVED = "option_removed"
    OPTION_TEXT = "option_text"
    OPTION_KIND = "option_kind"
    OPTION_SHOWN = "option_shown"  # in which units
    OPTION_ORDER = "option_order"
    SCALE = "scale"  # shared with other questions; what of it differs is told by option
    POSITIVE = "positive"
    ROUTING = "routing"
    TYPE = "type"
    MAX_CHARS = "max_chars"
    DERIVED = "derived"
    INDICATOR = "indicator"
    AREA = "area"
    SHORT_FORM = "short_form"
    MOVED = "moved"
    AROUND = "around"  # a text around the questions
    HEAD = "head"
    LANGUAGE = "language"


# What people see or what makes the figure; the rest changes no answer.
CONTENT: Mapping[Part, str] = {
    Part.TEXT: "text",
    Part.HELP: "help",
    **dict.fromkeys((p for p in Part if p.startswith("option_")), "options"),
    Part.POSITIVE: "positive",
    Part.ROUTING: "show_if",
    Part.TYPE: "type",
    Part.MAX_CHARS: "max_chars",
    Part.DERIVED: "derived",
}


@dataclass(frozen=True)
class Piece:
    """Some words of a text: in both versions, or in one of them."""

    text: str
    is_old: bool
    is_new: bool


@dataclass(frozen=True)
class Difference:
    """One thing that differs; `name` is an option's code, or which text or field it is."""

    part: Part
    was: str
    becomes: str
    language: str = ""
    name: str = ""

    @property
    def pieces(self) -> list[Piece]:
        """Both texts as one, word by word."""
        return words(self.was, self.becomes)


@dataclass(frozen=True)
class Pair:
    """A question of the old version and what it is in the new one, or one that has no other."""

    old: Question | None
    new: Question | None
    differences: tuple[Difference, ...] = ()

    @property
    def key(self) -> str:
        """How a change of it is called, as `structure.change_key` does."""
        if self.old and self.new and self.old.id != self.new.id:
            return f"{self.old.id}>{self.new.id}"
        question = self.new or self.old
        assert question is not None  # noqa: S101 - a pair has one question at least
        return question.id

    @property
    def changed_parts(self) -> list[str]:
        """The parts that make a change of it, texts with their language: ``text.sv``."""
        return list(
            dict.fromkeys(
                f"{CONTENT[each.part]}.{each.language}"
                if each.part in (Part.TEXT, Part.HELP)
                else CONTENT[each.part]
                for each in self.differences
                if each.part in CONTENT
            )
        )


@dataclass(frozen=True)
class Differences:
    """Two versions side by side: every question, in the new order, and what is around them."""

    pairs: tuple[Pair, ...]
    around: tuple[Difference, ...]


def differences(
    old: Questionnaire, new: Questionnaire, between: Iterable[Questionnaire] = ()
) -> Differences:
    """What differs between two versions, whether the change is declared or not.

    Questions pair by their id, and by the replacements that the new version names. One that is
    gone stands where it was. Of two versions that do not follow each other, those between
    them, in their order, name replacements too.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import find_all
    >>> v1, v2 = find_all(Path("questionnaires"))
    >>> pairs = {pair.key: pair for pair in differences(v1, v2).pairs}
    >>> [str(each.part) for each in pairs["til_vag"].differences]
    ['option_added']
    >>> pairs["kon_byte"].new is None, pairs["hel_trygg>hel_trygg_4"].new.id
    (True, 'hel_trygg_4')
    """
    return Differences(tuple(pairs(old, new, between)), tuple(_around(old, new)))


def compared(old: Question, new: Question, languages: Collection[str]) -> Pair:
    """One question in two versions, in the languages that both have; whether it moved cannot
    be told of it alone."""
    return Pair(old, new, tuple(_of_question(old, new, languages)))


def common_languages(old: Questionnaire, new: Questionnaire) -> list[str]:
    """The languages of both: one more language changes no question of the others."""
    return [each for each in old.languages if each in new.languages]


def words(was: str, becomes: str) -> list[Piece]:
    """Two texts as one, word by word.

    Examples
    --------
    >>> [(p.text, p.is_old, p.is_new) for p in words("Är du nöjd?", "Är du trygg?")]
    [('Är du ', True, True), ('nöjd', True, False), ('trygg', False, True), ('?', True, True)]
    """
    a, b = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (was, becomes))
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    found: list[Piece] = []
    gone = come = ""
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        before, after = "".join(a[a1:a2]), "".join(b[b1:b2])
        if kind == "equal" and (before.strip() or not gone + come):
            found += [*_changed(gone, come), Piece(before, is_old=True, is_new=True)]
            gone = come = ""
        else:  # a space alone between changed words is not worth keeping apart
            gone, come = gone + before, come + after
    return [*found, *_changed(gone, come)]


def _changed(gone: str, come: str) -> Iterator[Piece]:
    if gone:
        yield Piece(gone, is_old=True, is_new=False)
    if come:
        yield Piece(come, is_old=False, is_new=True)


def _replaced(versions: Iterable[Questionnaire]) -> Mapping[str, str]:
    """Each question that has replaced another, and the one that it goes back to."""
    found: dict[str, str] = {}
    for version in versions:
        for change in version.changes:
            if change.type is ChangeType.REPLACE and change.old and change.new:
                found[change.new] = found.get(change.old, change.old)
    return found


def pairs(
    old: Questionnaire, new: Questionnaire, between: Iterable[Questionnaire] = ()
) -> Iterator[Pair]:
    """The questions of `differences` alone."""
    replaced = _replaced((*between, new))
    before = {question.id: question for question in old.questions}
    earlier = {
        id: next((each for each in (replaced.get(id), id) if each in before), None)
        for id in new.question_ids
    }
    gone = [id for id in old.question_ids if id not in earlier.values()]
    moved = _moved([id for id in earlier.values() if id], [*old.question_ids])
    languages = common_languages(old, new)

    def ended_after(id: str | None) -> Iterator[Pair]:
        position = 0 if id is None else old.question_ids.index(id) + 1
        for following in old.question_ids[position:]:
            if following not in gone:
                return
            yield Pair(before[following], None)

    yield from ended_after(None)
    for question in new.questions:
        id = earlier[question.id]
        if id is None:
            yield Pair(None, question)
            continue
        found = list(_of_question(before[id], question, languages))
        if id in moved:
            was, becomes = str(before[id].nr), str(question.nr)
            found.append(Difference(Part.MOVED, was, becomes))
        yield Pair(before[id], question, tuple(found))
        yield from ended_after(id)


def _moved(order: list[str], before: list[str]) -> set[str]:
    """The fewest questions that have moved past others that stayed."""
    kept = [id for id in before if id in order]
    matcher = SequenceMatcher(None, kept, order, autojunk=False)
    stayed = {
        id
        for start, _, size in matcher.get_matching_blocks()
        for id in kept[start : start + size]
    }
    return {id for id in order if id not in stayed}


def _of_question(
    old: Question, new: Question, languages: Collection[str]
) -> Iterator[Difference]:
    for language in languages:
        yield from _words(Part.TEXT, old.text, new.text, language)
    for language in languages:
        yield from _words(Part.HELP, old.help or {}, new.help or {}, language)
    yield from _of_options(old.options, new.options, languages)
    for part, was, becomes in (
        (Part.SCALE, old.scale or "", new.scale or ""),
        (Part.POSITIVE, _positive(old), _positive(new)),
        (Part.ROUTING, _routing(old), _routing(new)),
        (Part.TYPE, old.type, new.type),
        (Part.MAX_CHARS, _said(old.max_chars), _said(new.max_chars)),
        (Part.DERIVED, _derived(old), _derived(new)),
        (Part.INDICATOR, old.indicator or "", new.indicator or ""),
        (Part.AREA, old.area, new.area),
        (Part.SHORT_FORM, _said(old.short_form or None), _said(new.short_form or None)),
    ):
        if was != becomes:
            yield Difference(part, was, becomes)


def _of_options(
    old: tuple[Option, ...], new: tuple[Option, ...], languages: Collection[str]
) -> Iterator[Difference]:
    before, after = ({each.code: each for each in options} for options in (old, new))
    for code in before:
        if code not in after:
            yield Difference(
                Part.OPTION_REMOVED, _first(before[code], languages), "", name=code
            )
    for code, option in after.items():
        if code not in before:
            yield Difference(Part.OPTION_ADDED, "", _first(option, languages), name=code)
            continue
        was = before[code]
        for language in languages:
            yield from _words(Part.OPTION_TEXT, was.text, option.text, language, code)
        if was.kind != option.kind:
            yield Difference(Part.OPTION_KIND, was.kind, option.kind, name=code)
        if was.visible_if != option.visible_if:
            units = _said(was.visible_if), _said(option.visible_if)
            yield Difference(Part.OPTION_SHOWN, units[0], units[1], name=code)
    order = [code for code in before if code in after]
    becomes = [code for code in after if code in before]
    if order != becomes:
        yield Difference(Part.OPTION_ORDER, _listed(order), _listed(becomes))


def _words(
    part: Part,
    was: Mapping[str, str],
    becomes: Mapping[str, str],
    language: str,
    name: str = "",
) -> Iterator[Difference]:
    texts = was.get(language, ""), becomes.get(language, "")
    if texts[0] != texts[1]:
        yield Difference(part, texts[0], texts[1], language, name)


def _around(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    for language in dict.fromkeys((*old.languages, *new.languages)):
        was, becomes = (language if language in each.languages else "" for each in (old, new))
        if was != becomes:
            yield Difference(Part.LANGUAGE, was, becomes, language)
    a, b = as_source(old), as_source(new)
    for name, row in text_rows():
        for language in common_languages(old, new):
            texts = [read(source, row.format(language)) or "" for source in (a, b)]
            if texts[0] != texts[1]:
                yield Difference(Part.AROUND, texts[0], texts[1], language, name)
    for name in ("owner", "areas", "minutes", "recall", "indicator_labels"):
        yield from _in_head(name, a.get(name), b.get(name))


def _in_head(name: str, was: Any, becomes: Any) -> Iterator[Difference]:
    if isinstance(was, dict) or isinstance(becomes, dict):
        inner: tuple[Source, Source] = (was or {}, becomes or {})
        for key in dict.fromkeys((*inner[0], *inner[1])):
            yield from _in_head(f"{name}.{key}", inner[0].get(key), inner[1].get(key))
    elif was != becomes:
        yield Difference(Part.HEAD, _shown(was), _shown(becomes), name=name)


def _shown(value: Any) -> str:
    return _listed(value) if isinstance(value, list) else _said(value)


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _listed(codes: Any) -> str:
    return ", ".join(codes or ())


def _positive(question: Question) -> str:
    """The codes in the options' order: in which order they are written says nothing."""
    codes = question.positive or ()
    known = [option.code for option in question.options if option.code in codes]
    return _listed([*known, *(code for code in codes if code not in known)])


def _routing(question: Question) -> str:
    route = question.show_if
    return "" if route is None else str(replace(route, codes=tuple(sorted(route.codes))))


def _first(option: Option, languages: Collection[str]) -> str:
    """What the option says in the first language that has it."""
    return next((option.text[each] for each in languages if each in option.text), option.code)


def _derived(question: Question) -> str:
    return f"{question.derived.id}: {question.derived.share}" if question.derived else ""
