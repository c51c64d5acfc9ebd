"""What is wrong with a questionnaire that is being written: in words, and at which field."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from surveyapp.errors import N_
from surveyapp.questionnaire import checking
from surveyapp.questionnaire.document import Code, Id, Questionnaire
from surveyapp.questionnaire.editing import Source
from surveyapp.questionnaire.faults import Fault, Path

Said = tuple[str, Mapping[str, object]]  # a message to translate, and its values

# What a browser takes for a tag or for a sign of its own; "a < b" and "R&D" are words.
_HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--|<!\[CDATA|&(?:[A-Za-z]{2,}|#x?[0-9A-Fa-f]+);")
# Joiners and direction marks that some languages need; other invisible signs are strays.
_NEEDED_INVISIBLE = frozenset("\n\u061c\u200c\u200d\u200e\u200f")
# How ids and codes are written.
_NAMES = frozenset(rule.pattern for kind in (Id, Code) for rule in get_args(kind)[1:])


@dataclass(frozen=True)
class SourceFault:
    """What is wrong and what to do, and the place it is about: as far in as it can be told.

    The message is marked for translation and may hold places for `values`.
    """

    place: str
    message: str
    values: Mapping[str, object]

    @property
    def field(self) -> str:
        """The field that it is about: of a text that is missing, that language's."""
        language = str(self.values.get("language", ""))
        is_in = not language or self.place.endswith(f"/{language}")
        return self.place if is_in else f"{self.place}/{language}"

    def __str__(self) -> str:
        return self.message % self.values


@dataclass(frozen=True)
class Examined:
    """A source that was looked through: its document, if its shape is right, and its faults."""

    document: Questionnaire | None
    faults: tuple[SourceFault, ...]


def examined(source: Source) -> Examined:
    """Look through a source as a file is looked through when it is read.

    Examples
    --------
    >>> [(fault.place, str(fault)) for fault in examined({"key": "prov"}).faults][0]
    ('version', 'is missing; add it')
    """
    found = [
        Fault(path, *said) for path, text in _texts(source, ()) for said in not_plain(text)
    ]
    document = None
    try:
        document = Questionnaire.model_validate(source)
        found += checking.faults(document)
    except ValidationError as error:
        found += [
            Fault(each["loc"], *in_words(each)) for each in error.errors(include_url=False)
        ]
    return Examined(
        document,
        tuple(SourceFault(place_of(source, f.path), f.message, f.values) for f in found),
    )


def _texts(part: Any, path: Path) -> Iterator[tuple[Path, str]]:
    match part:
        case str():
            yield path, part
        case dict():
            for key, value in part.items():
                yield from _texts(value, (*path, key))
        case list():
            for number, value in enumerate(part):
                yield from _texts(value, (*path, number))


def place_of(source: Source, path: Path) -> str:
    """The path as a place: items of lists by their id or code, as far as the source goes."""
    steps: list[str] = []
    here: Any = source
    for step in path:
        if step == "text" and isinstance(here, dict) and "code" in here:
            continue  # an option's texts stand directly beside its code
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        named = here.get("id") or here.get("code") if isinstance(here, dict) else None
        steps.append(str(named if isinstance(step, int) and named else step))
    return "/".join(steps)


def not_plain(text: str) -> Iterator[Said]:
    """What is in the text that is not for reading: invisible signs, and marks of HTML."""
    if text != unicodedata.normalize("NFC", text):
        yield N_("a letter is written as two signs (not NFC); write it again as one"), {}
    if text != text.strip():
        yield (
            N_('remove the space or line at the end or beginning (a block begins with "|-")'),
            {},
        )
    for sign in sorted(set(text) - _NEEDED_INVISIBLE):
        if unicodedata.category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}:
            yield (
                N_("the invisible sign %(sign)s is not allowed; remove it"),
                {"sign": f"U+{ord(sign):04X}"},
            )
    if html := _HTML.search(text):
        yield (
            N_("texts are plain, and this is HTML: %(html)s. Write words only"),
            {"html": html[0][:40]},
        )


def in_words(details: ErrorDetails) -> Said:
    """What a model found wrong, and what to do."""
    kind, given = details["type"], details["input"]
    shown = f'"{given}"' if isinstance(given, str) else "this"
    match kind:
        case "missing":
            return N_("is missing; add it"), {}
        case "extra_forbidden":
            known = ", ".join(_known_keys(details["loc"]))
            return N_("unknown key. Known: %(known)s"), {"known": known}
        case "string_too_short":
            return N_("is empty; write a text or leave the key out"), {}
        case "too_short":
            return N_("is empty; at least one is needed"), {}
        case "string_too_long":
            most = details["ctx"]["max_length"]
            return (
                N_("%(given)s is too long; use at most %(most)s signs"),
                {"given": shown, "most": most},
            )
        case "string_pattern_mismatch" if details["ctx"]["pattern"] in _NAMES:
            return (
                N_(
                    "%(given)s has a form that is not allowed: use small letters from a to z, "
                    "numbers and _, without a space"
                ),
                {"given": shown},
            )
        case "string_pattern_mismatch":
            pattern = details["ctx"]["pattern"]
            return (
                N_("%(given)s has a form that is not allowed (%(pattern)s)"),
                {"given": shown, "pattern": pattern},
            )
        case "int_parsing":
            return N_("%(given)s is not a whole number"), {"given": shown}
        case "enum":
            expected = details["ctx"]["expected"]
            return (
                N_("unknown value %(given)s. Known: %(known)s"),
                {"given": shown, "known": expected},
            )
        case "value_error":
            return "%(why)s", {"why": details["ctx"]["error"]}
        case "model_type" | "mapping_type" | "dict_type":
            return (
                N_("keys with values are expected here, not %(given)s"),
                {"given": shown},
            )
        case _:
            return "%(why)s", {"why": details["msg"][0].lower() + details["msg"][1:]}


def _known_keys(loc: Path) -> list[str]:
    """The keys that the model at this place has."""
    model: type[BaseModel] = Questionnaire
    for step in loc[:-1]:
        field = model.model_fields.get(str(step))
        model = (field and _model_in(field.annotation)) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(inner) for inner in get_args(annotation))
    return next((model for model in found if model is not None), None)
