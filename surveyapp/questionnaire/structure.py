"""Questions, options, scales and languages of a questionnaire that is being written.

Every function gives a source of its own and leaves the one it was given as it was. What is
named may have been taken away by somebody else meanwhile: then it is refused in words.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, get_args

from pydantic.types import StringConstraints

from surveyapp.errors import N_, DraftError
from surveyapp.questionnaire import document as models
from surveyapp.questionnaire.canonical import as_source
from surveyapp.questionnaire.document import ChangeType, ComparabilityKind, Questionnaire
from surveyapp.questionnaire.editing import Source, codes_of, in_model_order, text_rows

DONT_KNOW = "dont_know"
LONGEST_TEXT = 1000  # characters of an answer in words, until the author says otherwise


def next_version(published: Questionnaire) -> Source:
    """The source of a draft of the version after a published one: the same, nothing decided."""
    source: Source = as_source(published)
    for name in ("reason", "changes"):
        source.pop(name, None)
    source |= {"version": published.version + 1, "based_on": published.version}
    return in_model_order(source)


def add_question(source: Source, id: str, area: str, kind: str, after: str = "") -> Source:
    """A question without words, after the one named, or first."""
    source = deepcopy(source)
    _check_new_id(source, id)
    question: Source = {"id": id, "nr": 1, "area": area, "type": kind, "text": {}}
    question |= {"max_chars": LONGEST_TEXT} if kind == "text" else {"positive": None}
    place = _place_of(source, after) + 1 if after else 0
    source["questions"].insert(place, question)
    return _finished(source)


def remove_question(source: Source, id: str) -> Source:
    """Take a question away, with what is said of it elsewhere."""
    source = deepcopy(source)
    question = source["questions"].pop(_place_of(source, id))
    recall = source.get("recall", {})
    recall["only_in"] = [each for each in recall.get("only_in", ()) if each != id]
    if not recall["only_in"]:
        source.pop("recall", None)
    labels = source.get("indicator_labels", {})
    for code in {question.get("indicator"), question.get("derived", {}).get("id")} & {*labels}:
        if code not in _indicators(source):
            del labels[code]
    _without_changes(source, lambda change: id in (change.get("new"), change.get("id")))
    return _finished(source)


def replace_question(source: Source, old: str, new: str) -> Source:
    """A question of a new meaning in the place of an old one, beginning as a copy of it.

    The pair is written down as a break: answers before and after cannot be compared.
    """
    source = deepcopy(source)
    _check_new_id(source, new)
    question = source["questions"][_place_of(source, old)]
    question["id"] = new
    recall = source.get("recall", {})
    if old in recall.get("only_in", ()):
        recall["only_in"] = [new if each == old else each for each in recall["only_in"]]
    _point_at(source, old, new)
    _without_changes(source, lambda change: old in (change.get("new"), change.get("id")))
    source.setdefault("changes", []).append(
        {
            "type": ChangeType.REPLACE.value,
            "old": old,
            "new": new,
            "comparability": ComparabilityKind.BREAK.value,
        }
    )
    return _finished(source)


def rename_question(source: Source, old: str, new: str) -> Source:
    """Another id for a question that no published version has."""
    source = deepcopy(source)
    _check_new_id(source, new)
    source["questions"][_place_of(source, old)]["id"] = new
    _point_at(source, old, new)
    for change in source.get("changes", ()):
        for name in ("id", "new"):
            if change.get(name) == old:
                change[name] = new
    only_in = source.get("recall", {}).get("only_in", [])
    only_in[:] = [new if each == old else each for each in only_in]
    return _finished(source)


def move_question(source: Source, id: str, step: int) -> Source:
    """One step earlier (-1) or later (+1); at the end it stays."""
    source = deepcopy(source)
    _move(source["questions"], _place_of(source, id), step)
    return _finished(source)


def add_option(source: Source, owner: str, code: str) -> Source:
    """An option without words, last among the answers; `owner` is a question or a scale.

    Owners are written ``questions/til_vag`` and ``scales/frekvens5``. A question with a scale
    gets it as its extra option.
    """
    source = deepcopy(source)
    held = _owner(source, owner)
    _check(code, models.Code, N_("An option code has small letters, digits and _: %(name)s"))
    if code in (codes_of(source, held) if owner.startswith("questions/") else _codes(held)):
        raise DraftError(N_("There already is an option %(code)s here."), code=code)
    if "scale" in held:
        if "extra_option" in held:
            raise DraftError(
                N_("A question with a scale has one extra option. Give it options of its own.")
            )
        held["extra_option"] = {"code": code}
    else:
        options = held.setdefault("options", [])
        n_answers = sum(option.get("kind") != DONT_KNOW for option in options)
        options.insert(n_answers, {"code": code})
    return _finished(source)


def remove_option(source: Source, owner: str, code: str) -> Source:
    """Take an option away; it no longer counts as positive either."""
    source = deepcopy(source)
    held = _owner(source, owner)
    if held.get("extra_option", {}).get("code") == code:
        del held["extra_option"]
    else:
        del held["options"][_place_of_option(held, code)]
    for question in source["questions"]:
        if question is held or f"scales/{question.get('scale')}" == owner:
            left = [each for each in question.get("positive") or () if each != code]
            if "positive" in question:
                question["positive"] = left or None
    return _finished(source)


def move_option(source: Source, owner: str, code: str, step: int) -> Source:
    """One step earlier (-1) or later (+1); at the end it stays."""
    source = deepcopy(source)
    held = _owner(source, owner)
    _move(held.get("options", []), _place_of_option(held, code), step)
    return _finished(source)


def own_options(source: Source, id: str) -> Source:
    """The scale's options written out as the question's own, to be changed there."""
    source = deepcopy(source)
    question = source["questions"][_place_of(source, id)]
    scale = source.get("scales", {}).get(question.get("scale"))
    if scale is None:
        raise DraftError(N_("The question %(id)s has no scale."), id=id)
    by_code = {option["code"]: option for option in scale["options"]}
    if extra := question.get("extra_option"):
        by_code[extra["code"]] = extra
    options = [deepcopy(by_code[code]) for code in codes_of(source, question)]
    for name in ("scale", "extra_option"):
        question.pop(name, None)
    question["options"] = options
    return _finished(source)


def use_scale(source: Source, id: str, scale: str) -> Source:
    """The options of a scale instead of the question's own."""
    source = deepcopy(source)
    question = source["questions"][_place_of(source, id)]
    _owner(source, f"scales/{scale}")
    question.pop("options", None)
    question["scale"] = scale
    codes = codes_of(source, question)
    question["positive"] = [c for c in question.get("positive") or () if c in codes] or None
    return _finished(source)


def add_scale(source: Source, name: str) -> Source:
    """A scale without options."""
    source = deepcopy(source)
    _check(name, models.Id, N_("A scale's name has small letters, digits and _: %(name)s"))
    if name in source.get("scales", {}):
        raise DraftError(N_("There already is a scale %(name)s."), name=name)
    source.setdefault("scales", {})[name] = {"options": []}
    return _finished(source)


def remove_scale(source: Source, name: str) -> Source:
    """Take away a scale that no question has."""
    source = deepcopy(source)
    _owner(source, f"scales/{name}")
    users = [each["id"] for each in source["questions"] if each.get("scale") == name]
    if users:
        raise DraftError(
            N_("The scale %(name)s is used by %(questions)s."),
            name=name,
            questions=", ".join(users),
        )
    del source["scales"][name]
    if not source["scales"]:
        del source["scales"]
    return _finished(source)


def add_language(source: Source, language: str) -> Source:
    """One more language form, without words yet."""
    source = deepcopy(source)
    _check(
        language, models.Language, N_("A language is written like sv, sv-LL or ar: %(name)s")
    )
    if language in source["languages"]:
        raise DraftError(N_("The language %(name)s is there already."), name=language)
    source["languages"].append(language)
    return _finished(source)


def remove_language(source: Source, language: str) -> Source:
    """Take a language form away with all its texts; one language is left at least."""
    source = deepcopy(source)
    if language not in source["languages"] or len(source["languages"]) == 1:
        raise DraftError(N_("The language %(name)s cannot be taken away."), name=language)
    source["languages"].remove(language)
    for part in _by_language(source):
        part.pop(language, None)
    return _finished(source)


def add_area(source: Source, area: str) -> Source:
    """One more area, last."""
    source = deepcopy(source)
    _check(area, models.Id, N_("An area's name has small letters, digits and _: %(name)s"))
    if area in source["areas"]:
        raise DraftError(N_("There already is an area %(name)s."), name=area)
    source["areas"].append(area)
    return _finished(source)


def remove_area(source: Source, area: str) -> Source:
    """Take away an area that no question is in."""
    source = deepcopy(source)
    if area not in source["areas"] or len(source["areas"]) == 1:
        raise DraftError(N_("There is no area %(name)s to take away."), name=area)
    users = [each["id"] for each in source["questions"] if each["area"] == area]
    if users:
        raise DraftError(
            N_("The area %(name)s is used by %(questions)s."),
            name=area,
            questions=", ".join(users),
        )
    source["areas"].remove(area)
    return _finished(source)


def decide(source: Source, change: Source) -> Source:
    """Write down what became of a question, in the place of what was written of it before.

    `change` is an entry of the document's ``changes``; empty texts are left out.
    """
    source = deepcopy(source)
    entry = {name: value for name, value in change.items() if value}
    changes = source.setdefault("changes", [])
    for position, other in enumerate(changes):
        if change_key(other) == change_key(entry):
            changes[position] = entry
            break
    else:
        changes.append(entry)
    return _finished(source)


def undecide(source: Source, key: str) -> Source:
    """Take back what was decided of a question."""
    source = deepcopy(source)
    _without_changes(source, lambda change: change_key(change) == key)
    return _finished(source)


def change_key(change: Source) -> str:
    """How a change is called: the question's id, or the two ids of a replacement."""
    return change.get("id") or f"{change.get('old')}>{change.get('new')}"


def _finished(source: Source) -> Source:
    for number, question in enumerate(source["questions"]):
        question["nr"] = number + 1
    return in_model_order(source)


def _check_new_id(source: Source, id: str) -> None:
    _check(
        id,
        models.Id,
        N_("An id begins with a letter and has small letters, digits and _: %(name)s"),
    )
    if any(question["id"] == id for question in source["questions"]):
        raise DraftError(N_("There already is a question %(id)s."), id=id)


def _check(name: str, kind: Any, message: str) -> None:
    rule = next(each for each in get_args(kind) if isinstance(each, StringConstraints))
    too_long = rule.max_length is not None and len(name) > rule.max_length
    if too_long or not re.fullmatch(str(rule.pattern), name):
        raise DraftError(message, name=name)


def _place_of(source: Source, id: str) -> int:
    for place, question in enumerate(source["questions"]):
        if question["id"] == id:
            return place
    raise DraftError(N_("There is no question %(id)s any more."), id=id)


def _owner(source: Source, owner: str) -> Source:
    kind, _, name = owner.partition("/")
    if kind == "questions":
        question: Source = source["questions"][_place_of(source, name)]
        return question
    scale: Source | None = source.get("scales", {}).get(name)
    if kind != "scales" or scale is None:
        raise DraftError(N_("There is no scale %(name)s any more."), name=name)
    return scale


def _codes(held: Source) -> list[str]:
    return [option["code"] for option in held.get("options", ())]


def _place_of_option(held: Source, code: str) -> int:
    codes = _codes(held)
    if code not in codes:
        raise DraftError(N_("There is no option %(code)s any more."), code=code)
    return codes.index(code)


def _move(items: list[Any], place: int, step: int) -> None:
    to = max(0, min(len(items) - 1, place + step))
    items.insert(to, items.pop(place))


def _indicators(source: Source) -> set[str | None]:
    questions = source["questions"]
    return {q.get("indicator") for q in questions} | {
        q.get("derived", {}).get("id") for q in questions
    }


def _point_at(source: Source, old: str, new: str) -> None:
    """Conditions on the old question become conditions on the new one."""
    for question in source["questions"]:
        if re.match(rf"{old}\b", question.get("show_if", "")):
            question["show_if"] = new + question["show_if"][len(old) :]


def _without_changes(source: Source, is_gone: Any) -> None:
    left = [change for change in source.get("changes", ()) if not is_gone(change)]
    source["changes"] = left
    if not left:
        del source["changes"]


def _by_language(source: Source) -> Iterator[Source]:
    """Every mapping from language to text, and every option, which holds its texts itself."""
    for owner in dict.fromkeys(row.partition("/{}")[0] for _, row in text_rows()):
        held: Any = source
        for step in owner.split("/"):
            held = held.get(step, {})
        yield held
    for scale in source.get("scales", {}).values():
        yield from scale["options"]
    for question in source["questions"]:
        yield question["text"]
        yield question.get("help", {})
        yield question.get("extra_option", {})
        yield from question.get("options", ())
