"""One field at a time of a questionnaire that is being written, and who came first.

A *source* is the document as plain data, as `canonical.as_source` gives it; while it is being
written it may be incomplete. A *place* names one field of it, such as
``questions/bem_respekt/text/sv`` or ``questions/til_vag/options/brev/fi``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from surveyapp.errors import N_, DraftError
from surveyapp.questionnaire.canonical import as_source
from surveyapp.questionnaire.document import Questionnaire
from surveyapp.questionnaire.texts import Part, Texts, Words

Source = dict[str, Any]
YES = "true"  # what a ticked box sends; one that is not ticked sends nothing

_OPTION_OWNERS = r"scales/[^/]+/options/[^/]+|questions/[^/]+/(?:options/[^/]+|extra_option)"
_TEXT = re.compile(
    r"owner|reason|minutes/(?:full|short)|indicator_labels/[^/]+"
    r"|questions/[^/]+/(?:text|help)/(?P<wording>[^/]+)"
    r"|questions/[^/]+/(?:area|type|scale|indicator|use|processing|rationale)"
    r"|questions/[^/]+/derived/(?:id|share|note)"
    rf"|(?:{_OPTION_OWNERS})/(?:kind|visible_if|(?P<option>[^/]+))"
)
_NUMBER = re.compile(r"questions/[^/]+/max_chars|recall/months")
_FLAG = re.compile(r"questions/[^/]+/short_form")
_LINES = re.compile(r"questions/[^/]+/source")
_MEMBER = re.compile(r"(questions/[^/]+/positive|recall/only_in)/([^/]+)")
_ROUTE = re.compile(r"(questions/[^/]+/show_if)/(?:(question)|codes/([^/]+))")
_ROUTE_WRITTEN = re.compile(r"(\w*) (?:==|in) \[?([\w, ]*)\]?")


@dataclass(frozen=True)
class Edit:
    """One field as somebody saw it and as it shall be; a box is `YES` or empty.

    `sent` is what they sent of it before without having heard whether it came.
    """

    place: str
    was: str
    becomes: str
    sent: str | None = None


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else has changed meanwhile; `theirs` is None if it is gone."""

    place: str
    theirs: str | None
    mine: str


def read(source: Source, place: str) -> str | None:
    """The field as a form shows it; None if the question, option or language is gone.

    Raises
    ------
    DraftError
        If no questionnaire has such a field.

    Examples
    --------
    >>> source = {"languages": ["sv"], "questions": [
    ...     {"id": "nojd", "text": {"sv": "Är du nöjd?"}, "positive": ["ja"]}]}
    >>> read(source, "questions/nojd/text/sv"), read(source, "questions/nojd/positive/ja")
    ('Är du nöjd?', 'true')
    >>> read(source, "questions/other/text/sv") is None
    True
    """
    place, show = _field(source, place)
    try:
        return show(_at(source, place.split("/")))
    except _GoneError:
        return None


def apply(source: Source, edits: Iterable[Edit]) -> tuple[Source, list[Conflict]]:
    """The source with every edit whose field is as it was seen, and the other edits.

    A field that already is what it shall be is no conflict. Nothing of `source` is changed.

    Examples
    --------
    >>> source = {"owner": "staden"}
    >>> apply(source, [Edit("owner", "staden", "kommunen")])
    ({'owner': 'kommunen'}, [])
    >>> apply(source, [Edit("owner", "landet", "kommunen")])[1]
    [Conflict(place='owner', theirs='staden', mine='kommunen')]
    """
    becoming, conflicts = deepcopy(source), []
    for edit in edits:
        now, mine = read(becoming, edit.place), _clean(edit.becomes)
        if _clean(edit.was) == mine and edit.sent is None:
            continue  # left as it was seen
        own = {mine, _clean(edit.was), *([] if edit.sent is None else [_clean(edit.sent)])}
        if now is None or now not in own:
            conflicts.append(Conflict(edit.place, now, mine))
        elif now != mine:
            _write(becoming, edit.place, mine)
    return in_model_order(becoming), conflicts


def in_model_order(source: Source) -> Source:
    """The source with its keys in the models' order, if its shape allows that yet."""
    try:
        return dict(as_source(Questionnaire.model_validate(source)))
    except ValidationError:
        return source


def text_rows() -> Iterator[tuple[str, str]]:
    """Every text around the questions: its name and its place, with ``{}`` for the language.

    Examples
    --------
    >>> [place for name, place in text_rows() if name.startswith("stop_choice")][0]
    'texts/stop_choice/{}/q'
    """
    for field, info in Texts.model_fields.items():
        yield from _rows(field, f"texts/{field}", info.annotation)


def _rows(name: str, place: str, kind: Any) -> Iterator[tuple[str, str]]:
    if kind == Words:
        yield name, f"{place}/{{}}"
    elif get_origin(kind) is tuple:
        for number, _ in enumerate(get_args(kind)):
            yield f"{name}.{number + 1}", f"{place}/{number}"
    elif isinstance(kind, type) and issubclass(kind, Part):
        for field, info in kind.model_fields.items():
            yield from _rows(f"{name}.{field}", f"{place}/{field}", info.annotation)
    elif get_origin(kind) in {Mapping, dict} or str(kind).startswith("collections.abc.Mapping"):
        yield from _rows(name, f"{place}/{{}}", get_args(kind)[1])
    else:
        yield name, place


class _GoneError(Exception):
    """The owner of the field is not in the source."""


def _at(source: Source, steps: list[str]) -> Any:
    """What stands at the place, or None if nothing does."""
    here: Any = source
    for number, step in enumerate(steps):
        if here is None:
            return None
        here = _item(here, step) if isinstance(here, list) else here.get(step)
        if here is None and number == 1 and steps[0] == "scales":
            raise _GoneError
    return here


def _item(items: list[Any], name: str) -> Any:
    """The item of a list: by its id or code, or by its number."""
    if name.isdecimal() and (not items or isinstance(items[0], str)):
        return items[int(name)] if int(name) < len(items) else None
    for item in items:
        if isinstance(item, dict) and name in {item.get("id"), item.get("code")}:
            return item
    raise _GoneError


def _field(source: Source, place: str) -> tuple[str, Callable[[Any], str]]:
    """Where the value of a field stands, and how a form shows the value."""
    languages = source.get("languages", [])
    if match := _MEMBER.fullmatch(place):
        return match[1], lambda held: YES if match[2] in (held or ()) else ""
    if match := _ROUTE.fullmatch(place):
        return match[1], lambda held: _route_part(held, match[2], match[3])
    if _FLAG.fullmatch(place):
        return place, lambda held: YES if held else ""
    if _LINES.fullmatch(place):
        return place, lambda held: "\n".join(held or ())
    if _NUMBER.fullmatch(place):
        return place, lambda held: "" if held is None else str(held)
    match = _TEXT.fullmatch(place)
    language = match and (match["wording"] or match["option"])
    if match and (language is None or language in languages):
        return place, lambda held: held or ""
    if place in _text_places(tuple(languages)):
        return place, lambda held: held or ""
    raise DraftError(N_("A questionnaire has no field %(place)s."), place=place)


@cache
def _text_places(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(row.format(each) for each in languages for _, row in text_rows())


def _write(source: Source, place: str, text: str) -> None:
    """Put what a form sent into a field that is there."""
    where, _ = _field(source, place)
    steps = where.split("/")
    value: Any = text or None
    if match := _MEMBER.fullmatch(place):
        value = _with_member(source, steps, match[2], is_in=bool(text))
    elif match := _ROUTE.fullmatch(place):
        value = _route(source, _at(source, steps), match[2], match[3], text)
    elif _FLAG.fullmatch(place):
        value = True if text else None
    elif _LINES.fullmatch(place):
        value = [line.strip() for line in text.split("\n") if line.strip()] or None
    elif _NUMBER.fullmatch(place) and text.isdecimal():
        value = int(text)
    if value is None and steps[0] == "questions" and steps[2] == "positive":
        _at(source, steps[:2])["positive"] = None  # written out: no answer is positive
    elif value is None:
        _remove(source, steps)
    else:
        _put(source, steps, value)


def _put(source: Source, steps: list[str], value: Any) -> None:
    here: Any = source
    for step, after in zip(steps, [*steps[1:], ""], strict=True):
        if isinstance(here, list) and step.isdecimal():
            here.extend([""] * (int(step) + 1 - len(here)))
            here[int(step)] = value
        elif isinstance(here, list):
            here = _item(here, step)
        elif not after:
            here[step] = value
        else:
            here = here.setdefault(step, [] if after.isdecimal() else {})


def _remove(source: Source, steps: list[str]) -> None:
    """Take the value away, and what then is left empty above it."""
    owner = _at(source, steps[:-1])
    if isinstance(owner, list) and steps[-1].isdecimal():
        owner[int(steps[-1])] = ""
        is_empty = not any(owner)
    elif isinstance(owner, dict):
        owner.pop(steps[-1], None)
        is_empty = not owner
    else:
        return
    if is_empty and len(steps) > 1:
        _remove(source, steps[:-1])


def _with_member(
    source: Source, steps: list[str], name: str, *, is_in: bool
) -> list[str] | None:
    """The list with the name in it or not, in the order in which the names are shown."""
    held = set(_at(source, steps) or ())
    held = held | {name} if is_in else held - {name}
    if steps[0] == "recall":
        order = [question["id"] for question in source.get("questions", ())]
    else:
        order = codes_of(source, _at(source, steps[:2]))
    return [each for each in order if each in held] or None


def codes_of(source: Source, question: Source) -> list[str]:
    """The option codes of a question in the source, in the order in which they are shown."""
    scale = source.get("scales", {}).get(question.get("scale"))
    options = list(scale["options"] if scale else question.get("options", ()))
    if extra := question.get("extra_option"):
        answers = [each for each in options if each.get("kind") != "dont_know"]
        options.insert(len(answers), extra)
    return [option["code"] for option in options]


def _route_part(written: str | None, question: str | None, code: str | None) -> str:
    source_question, codes = _route_of(written)
    if question:
        return source_question
    return YES if code in codes else ""


def _route_of(written: str | None) -> tuple[str, list[str]]:
    match = _ROUTE_WRITTEN.fullmatch(written or "")
    return (match[1], re.findall(r"\w+", match[2])) if match else ("", [])


def _route(
    source: Source, written: str | None, question: str | None, code: str | None, text: str
) -> str | None:
    """The condition written out with one of its parts changed."""
    asked, codes = _route_of(written)
    if question:
        asked, codes = text, []
    elif code:
        held = {*codes, code} if text else {*codes} - {code}
        owners = [each for each in source.get("questions", ()) if each["id"] == asked]
        codes = [each for owner in owners for each in codes_of(source, owner) if each in held]
    if not asked:
        return None
    return f"{asked} == {codes[0]}" if len(codes) == 1 else f"{asked} in [{', '.join(codes)}]"


def _clean(text: str) -> str:
    """What was typed, in the one form that files have: composed letters, plain line ends."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
