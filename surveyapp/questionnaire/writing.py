"""The one written form of a questionnaire: YAML with fixed order, quotes and line breaks."""

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from surveyapp.questionnaire.canonical import as_source
from surveyapp.questionnaire.document import Questionnaire

WIDTH = 110

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# What other YAML readers would take for something else than text.
_AMBIGUOUS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# Signs nobody can see; they are written by their number.
_INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\ufeff]")
# Keys under which strings are names and codes; every other string is words, and quoted.
_NAMES = frozenset(
    {
        *("key", "languages", "areas", "only_in", "id", "type", "area", "scale", "show_if"),
        *("code", "kind", "visible_if", "positive", "indicator"),
        *("comparability", "old", "new", "decided_by"),
    }
)


def write(document: Questionnaire) -> str:
    """The document as YAML, always the same for the same document.

    Reading it gives the document back, and a shipped file is exactly its own written form.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import load
    >>> path = Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml")
    >>> write(load(path)) == path.read_text(encoding="utf-8")
    True
    """
    source = _in_language_order(as_source(document), document.languages)
    lines: list[str] = []
    for key, value in source.items():
        if key in {"changes", "texts", "scales", "questions"} or (
            key == "owner" and "changes" in source
        ):
            lines.append("")
        if key == "questions":
            lines.append("questions:")
            for question in value:
                lines += [*_item(question, 2), ""]
        else:
            by_name = key in {"indicator_labels", "scales"}
            lines += _entry(key, dict(sorted(value.items())) if by_name else value, 0)
    return "\n".join(lines).rstrip("\n") + "\n"


def _in_language_order(value: Any, languages: tuple[str, ...]) -> Any:
    """The value with every language's text in the order of the questionnaire's languages."""
    if isinstance(value, list):
        return [_in_language_order(item, languages) for item in value]
    if not isinstance(value, dict):
        return value
    ordered = iter([language for language in languages if language in value])
    keys = [next(ordered) if key in languages else key for key in value]
    return {key: _in_language_order(value[key], languages) for key in keys}


def _entry(key: str, value: Any, indent: int) -> list[str]:
    """The lines of one key and its value."""
    start = " " * indent + _name(key) + ":"
    one_line = f"{start} {_flow(value, key)}"
    if _is_small(value) and (
        len(one_line) <= WIDTH or not isinstance(value, str | list | dict)
    ):
        return [one_line]
    if isinstance(value, str):
        return _block(start, value, indent, one_line)
    if isinstance(value, dict):
        return [start, *_entries(value, indent + 2)]
    return [start, *(line for item in value for line in _item(item, indent + 2, key))]


def _entries(value: dict[str, Any], indent: int) -> Iterator[str]:
    for key, inner in value.items():
        yield from _entry(key, inner, indent)


def _item(value: Any, indent: int, key: str = "") -> list[str]:
    """The lines of one item of a list, the first with its dash."""
    one_line = f"{' ' * indent}- {_flow(value, key)}"
    if not isinstance(value, dict) or (_is_small(value) and len(one_line) <= WIDTH):
        return [one_line]
    first, *rest = _entries(value, indent + 2)
    return [f"{' ' * indent}- {first.lstrip()}", *rest]


def _is_small(value: Any) -> bool:
    """Whether it may stand on one line: text without line breaks, or a list or map of such."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return all(not isinstance(each, dict | list) and _is_small(each) for each in inner)
    return not isinstance(value, str) or "\n" not in value


def _block(start: str, text: str, indent: int, quoted: str) -> list[str]:
    """Text over several lines: its own line breaks kept, or one long line folded."""
    pad = " " * (indent + 2)
    trimmed = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    if text != trimmed or _INVISIBLE.search(text):
        return [quoted]
    if "\n" in text:
        return [f"{start} |-", *(pad + line if line else "" for line in text.split("\n"))]
    folded = textwrap.wrap(
        text, WIDTH - len(pad), break_long_words=False, break_on_hyphens=False
    )
    if " ".join(folded) != text:
        return [quoted]
    return [f"{start} >-", *(pad + line for line in folded)]


def _flow(value: Any, key: str) -> str:
    """The value on one line; `key` is what it stands under."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _name(value) if key in _NAMES else _quoted(value)
        case list():
            return "[" + ", ".join(_flow(item, key) for item in value) + "]"
        case _:
            inner = (f"{_name(name)}: {_flow(item, name)}" for name, item in value.items())
            return "{" + ", ".join(inner) + "}"


def _name(text: str) -> str:
    """A name or code, quoted only where YAML readers could mistake it."""
    if _PLAIN.fullmatch(text) and text.lower() not in _AMBIGUOUS:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    return _INVISIBLE.sub(
        lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False)
    )
