"""What is wrong with a questionnaire that is being written: in words, and at which field."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from surveyapp.errors import N_
from surveyapp.questionnaire import checking
from surveyapp.questionnaire.document import Questionnaire
from surveyapp.questionnaire.editing import Source
from surveyapp.questionnaire.faults import Fault, Path

Said = tuple[str, Mapping[str, object]]  # a message to translate, and its values

# Joiners and direction marks that some languages need; other invisible signs are strays.
_NEEDED_INVISIBLE = frozenset("\n\u061c\u200c\u200d\u200e\u200f")


@dataclass(frozen=True)
class SourceFault:
    """What is wrong and what to do, and the place it is about: as far in as it can be told.

    The message is marked for translation and may hold places for `values`.
    """

    place: str
    message: str
    values: Mapping[str, object]

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
        Fault(path, *said) for path, text in _texts(source, ()) for said in stray_signs(text)
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
        tuple(SourceFault(_place(source, f.path), f.message, f.values) for f in found),
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


def _place(source: Source, path: Path) -> str:
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


def stray_signs(text: str) -> Iterator[Said]:
    """What is in the text that nobody sees and no file may hold."""
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
