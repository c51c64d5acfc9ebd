"""What the buttons of the editor do to the draft's parts."""

from collections.abc import Callable, Mapping

from flask import url_for

from surveyapp.errors import N_, DraftError
from surveyapp.questionnaire import Source, structure
from surveyapp.web.questionnaires.fields import Fields

Act = Callable[[Source], Source]
Form = Mapping[str, str]


def act_of(form: Form, key: str) -> tuple[Act, str | None]:
    """What the pressed button does, and where to go then; None: to the same page.

    A button's value is the name of a function of `structure` and its arguments, with bars
    between; what has to be typed first stands in fields of the form.

    Raises
    ------
    DraftError
        If there is no such button.
    """
    name, *given = form["act"].split("|")
    if name not in _KNOWN or len(given) != _KNOWN[name]:
        raise DraftError(N_("There is no such button."))
    typed = form.get(f"n:{form['act']}", "").strip()
    match name, given:
        case "add_question", []:
            chosen = form.get("new_area", ""), form.get("new_kind", ""), form.get("after", "")
            return (
                lambda source: structure.add_question(source, typed, *chosen),
                url_for("editor.question", key=key, id=typed),
            )
        case "replace_question", [id]:
            return (
                lambda source: structure.replace_question(source, id, typed),
                url_for("editor.question", key=key, id=typed),
            )
        case "remove_question", [id]:
            return lambda source: structure.remove_question(source, id), _index(key)
        case "move_question", [id, step]:
            return (
                lambda source: structure.move_question(source, id, _step(step)),
                _index(key, f"questions/{id}"),
            )
        case "move_option", [owner, code, step]:
            return lambda source: structure.move_option(source, owner, code, _step(step)), None
        case "remove_option", [owner, code]:
            return lambda source: structure.remove_option(source, owner, code), None
        case "add_option", [owner]:
            return lambda source: structure.add_option(source, owner, typed), None
        case "use_scale", [id]:
            scale = form.get("new_scale", "")
            return lambda source: structure.use_scale(source, id, scale), None
        case "remove_scale", [scale]:
            return (
                lambda source: structure.remove_scale(source, scale),
                url_for("editor.scales", key=key),
            )
        case "add_scale", []:
            return (
                lambda source: structure.add_scale(source, typed),
                url_for("editor.scale", key=key, name=typed),
            )
        case "add_language" | "add_area", []:
            return lambda source: getattr(structure, name)(source, typed), None
    return lambda source: getattr(structure, name)(source, *given), None


# The buttons, and how many arguments each has in its value.
_KNOWN = {
    "add_question": 0,
    "remove_question": 1,
    "replace_question": 1,
    "move_question": 2,
    "add_option": 1,
    "remove_option": 2,
    "move_option": 3,
    "own_options": 1,
    "use_scale": 1,
    "add_scale": 0,
    "remove_scale": 1,
    "add_language": 0,
    "remove_language": 1,
    "add_area": 0,
    "remove_area": 1,
}


def _step(text: str) -> int:
    return -1 if text == "-1" else 1


def _index(key: str, place: str = "") -> str:
    return url_for("editor.index", key=key, _anchor=Fields.anchor(place) if place else None)
