"""How version 2 of the shipped questionnaire is made out of version 1, step by step.

The words come from the shipped file of version 2; the steps are an author's.
"""

from dataclasses import dataclass
from typing import Any

from surveyapp.questionnaire.editing import Source

REPLACED = {"hel_trygg": "hel_trygg_4", "kon_antal": "kon_antal_uppf"}


@dataclass(frozen=True)
class Step:
    """One thing that an author does: `what` names it, `given` is what they type or choose."""

    what: str
    given: tuple[Any, ...]


def question(version: Source, id: str) -> Source:
    """A question of a source."""
    return next(each for each in version["questions"] if each["id"] == id)


def option(question: Source, code: str) -> Source:
    """An option of a question of a source."""
    return next(each for each in question["options"] if each["code"] == code)


def change(version: Source, id: str) -> Source:
    """What the version says became of a question."""
    return next(each for each in version["changes"] if id in (each.get("id"), each.get("new")))


def steps(v2: Source) -> list[Step]:
    """Everything that an author does, in an order in which it can be done."""
    done: list[Step] = []

    def do(what: str, *given: Any) -> None:
        done.append(Step(what, given))

    def write(place: str, text: Any) -> None:
        do("write", place, "true" if text is True else text)

    def words(id: str, *parts: str) -> None:
        for part in parts:
            for language, text in question(v2, id)[part].items():
                write(f"questions/{id}/{part}/{language}", text)

    def options(owner: str, listed: list[Source]) -> None:
        for option in listed:
            do("add_option", owner, option["code"])
            for name, text in option.items():
                if name != "code":
                    write(f"{owner}/options/{option['code']}/{name}", text)

    def decide(id: str) -> None:
        do("decide", change(v2, id))

    write("reason", v2["reason"])
    words("bem_respekt", "text")
    decide("bem_respekt")
    words("til_latt_kontakt", "help")
    decide("til_latt_kontakt")
    do("add_question", "kon_betydelse", "kontinuitet", "single", "kon_byte")
    words("kon_betydelse", "text")
    options("questions/kon_betydelse", question(v2, "kon_betydelse")["options"])
    write("questions/kon_betydelse/rationale", question(v2, "kon_betydelse")["rationale"])
    decide("kon_betydelse")
    do("add_question", "bem_sprak", "bemotande", "single", "bem_lyssnar")
    words("bem_sprak", "text")
    do("use_scale", "bem_sprak", "frekvens5")
    for code in question(v2, "bem_sprak")["positive"]:
        write(f"questions/bem_sprak/positive/{code}", True)
    decide("bem_sprak")
    do("remove_question", "kon_byte")
    decide("kon_byte")
    do("replace_question", "hel_trygg", "hel_trygg_4")
    do("own_options", "hel_trygg_4")
    do("remove_option", "questions/hel_trygg_4", "varken")
    do("remove_scale", "trygg5")
    decide("hel_trygg_4")
    do("replace_question", "kon_antal", "kon_antal_uppf")
    words("kon_antal_uppf", "text")
    write("recall/only_in/kon_antal_uppf", "")
    write("recall/months", "")
    decide("kon_antal_uppf")
    options("questions/til_vag", [option(question(v2, "til_vag"), "videosamtal")])
    for _ in range(2):  # past "somebody else did it" and "I made no contact"
        do("move_option", "questions/til_vag", "videosamtal", -1)
    decide("til_vag")
    return done
