"""The document as plain data: what is stored and hashed, and where two versions differ."""

import enum
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from surveyapp.questionnaire.document import Option, Question, Questionnaire
from surveyapp.questionnaire.texts import Part


def as_source(part: object) -> Any:
    """The part as it stands in a file: mappings in the models' order, lists and scalars.

    What was not written in the file is not in the result, nor is what a scale gives a question.

    Examples
    --------
    >>> as_source(Option(code="ja", text={"sv": "Ja", "en": "Yes"}))
    {'code': 'ja', 'sv': 'Ja', 'en': 'Yes'}
    """
    match part:
        case Option():
            own = {name: as_source(getattr(part, name)) for name in _written(part)}
            texts = own.pop("text")
            return {"code": own.pop("code")} | texts | own
        case Part():
            return {name: as_source(getattr(part, name)) for name in _written(part)}
        case Mapping():
            return {key: as_source(value) for key, value in part.items()}
        case tuple():
            return [as_source(item) for item in part]
        case enum.Enum():
            return part.value
        case None | bool() | int() | str():
            return part
        case _:
            return str(part)


def _written(part: Part) -> list[str]:
    written = part.model_fields_set
    if isinstance(part, Question) and part.scale is not None:
        written = written - {"options"}
    return [name for name in type(part).model_fields if name in written]


def canonical_json(document: Questionnaire) -> str:
    """The document as one line of JSON with sorted keys: what is stored and hashed."""
    return json.dumps(
        as_source(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def content_hash(document: Questionnaire) -> str:
    """SHA-256 of `canonical_json`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def from_json(text: str) -> Questionnaire:
    """The document back from `canonical_json`."""
    return Questionnaire.model_validate(json.loads(text))


def first_difference(a: Questionnaire, b: Questionnaire) -> str | None:
    """Where two documents first differ, in words, or None if they do not.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import load
    >>> document = load(Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml"))
    >>> first_difference(document, document.model_copy(update={"owner": "staden"}))
    'owner: "äldreförvaltningen" became "staden"'
    """
    return _difference(as_source(a), as_source(b), "")


def _difference(a: Any, b: Any, path: str) -> str | None:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            inner = f"{path}.{key}" if path else key
            if key not in a or key not in b:
                return f"{inner} was {'removed' if key in a else 'added'}"
            if found := _difference(a[key], b[key], inner):
                return found
        return None
    if isinstance(a, list) and isinstance(b, list):
        names_a, names_b = _names(a), _names(b)
        for name in [*names_a, *(name for name in names_b if name not in names_a)]:
            if name not in names_a or name not in names_b:
                return f"{path}[{name}] was {'removed' if name in names_a else 'added'}"
            pair = a[names_a.index(name)], b[names_b.index(name)]
            if found := _difference(*pair, f"{path}[{name}]"):
                return found
        return f"{path}: the order changed" if names_a != names_b else None
    if a == b:
        return None
    was, became = (json.dumps(value, ensure_ascii=False) for value in (a, b))
    return f"{path}: {was} became {became}"


def _names(items: list[Any]) -> list[Any]:
    """How the items of a list are told apart: by id or code, else by number."""
    names = [
        item.get("id") or item.get("code") if isinstance(item, dict) else None for item in items
    ]
    return names if all(names) and len(set(names)) == len(names) else list(range(len(items)))
