"""Versions made out of the shipped ones, as an author makes them."""

from pathlib import Path

from surveyapp.questionnaire import Edit, examined, find_all, structure
from surveyapp.questionnaire.editing import apply, read

V1, V2 = find_all(Path("questionnaires"))


def change(place, text):
    """An act that writes one field."""
    return lambda source: apply(source, [Edit(place, read(source, place), text)])[0]


def with_answer(question, code):
    """An act that adds an answer, with the same word in every language."""

    def act(source):
        source = structure.add_option(source, f"questions/{question}", code)
        for language in source["languages"]:
            place = f"questions/{question}/options/{code}/{language}"
            source = change(place, code.capitalize())(source)
        return source

    return act


def with_question(id):
    """An act that adds a question before the last one."""

    def act(source):
        source = structure.add_question(source, id, "avslutning", "single", "bak_kon")
        for language in source["languages"]:
            source = change(f"questions/{id}/text/{language}", f"Fråga om {id}?")(source)
        return structure.use_scale(source, id, "frekvens5")

    return act


def decided(type, comparability, id=None, **more):
    """An act that says what became of a question."""
    entry = {"type": type, "id": id, "comparability": comparability} | more
    return lambda source: structure.decide(source, entry)


def source_after(old, *acts):
    """The source of the next version with these acts done on it."""
    source = structure.next_version(old)
    for act in acts:
        source = act(source)
    return source


def after(old, *acts):
    """The next version with these acts done; it must not have faults."""
    found = examined(source_after(old, *acts))
    assert [(fault.place, str(fault)) for fault in found.faults] == []
    return found.document
