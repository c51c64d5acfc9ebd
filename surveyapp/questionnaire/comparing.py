"""What changed between two versions, and which questions can be followed across them."""

from collections.abc import Iterator
from dataclasses import dataclass

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire.document import (
    Change,
    ChangeType,
    ComparabilityKind,
    Question,
    Questionnaire,
)

# What people see or what makes the figure. Number, area, reasons and indicator code are not it.
_CONTENT = (
    "type",
    "text",
    "help",
    "options",
    "max_chars",
    "show_if",
    "positive",
    "derived",
)
# The parts a change of each type may touch.
_MAY_TOUCH = {
    ChangeType.REWORD: frozenset({"text", "help", "options"}),
    ChangeType.HELP_TEXT: frozenset({"help"}),
    ChangeType.OPTION_ADDED: frozenset({"options", "positive"}),
}


@dataclass(frozen=True)
class Comparison:
    """One question of the old version, the new one or both, and whether they compare.

    `note` is shown beside figures; `decided_by` is who classed a declared change, where said.
    """

    question_old: str | None
    question_new: str | None
    kind: ComparabilityKind
    note: str | None = None
    decided_by: str | None = None


def comparability(old: Questionnaire, new: Questionnaire) -> list[Comparison]:
    """One row for every question of two versions, in the new version's order.

    What the new version's `changes` do not mention must be the same to the letter, in every
    language. An ended question stands where it was.

    Parameters
    ----------
    old, new : Questionnaire
        Two versions of one questionnaire, the new one based on the old.

    Raises
    ------
    QuestionnaireError
        If a difference is not declared, a declared one is not there, or it touches more than
        its type says; one line per fault.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import find_all
    >>> v1, v2 = find_all(Path("questionnaires"))
    >>> row = next(row for row in comparability(v1, v2) if row.question_old == "hel_trygg")
    >>> row.question_new, str(row.kind)
    ('hel_trygg_4', 'break')
    """
    source = f"{new.key}/v{new.version}.yaml"
    if (new.key, new.based_on) != (old.key, old.version):
        raise QuestionnaireError(
            f"{source}: based on {new.key} version {new.based_on}, "
            f"so it cannot be compared with {old.key} version {old.version}"
        )
    if faults := list(_faults(old, new)):
        raise QuestionnaireError("\n".join(f"{source}: {fault}" for fault in faults))

    declared = {change.question_new: change for change in new.changes if change.question_new}
    rows = [
        _declared(declared[id])
        if id in declared
        else Comparison(id, id, ComparabilityKind.IDENTICAL)
        for id in new.question_ids
    ]
    removed = {c.question_old: c for c in new.changes if c.type is ChangeType.REMOVE}
    for position, id in enumerate(old.question_ids):
        if id in removed:
            before = old.question_ids[position - 1] if position else None
            place = [None, *(row.question_old for row in rows)].index(before)
            rows.insert(place, _declared(removed[id]))
    return rows


def _declared(change: Change) -> Comparison:
    return Comparison(
        change.question_old,
        change.question_new,
        change.comparability,
        change.note,
        change.decided_by,
    )


def _faults(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    before = {question.id: question for question in old.questions}
    after = {question.id: question for question in new.questions}
    mentioned_old = {change.question_old for change in new.changes}
    mentioned_new = {change.question_new for change in new.changes}

    for id in [id for id in before if id not in after and id not in mentioned_old]:
        yield f'question "{id}" is gone; add a change of type "remove" or "replace"'
    for id in [id for id in after if id not in before and id not in mentioned_new]:
        yield f'question "{id}" is new; add a change of type "add" or "replace"'
    for id in [id for id in after if id in before and id not in mentioned_new]:
        if changed := _changed(before[id], after[id]):
            yield (
                f'question "{id}" differs in {", ".join(changed)}; '
                'add it to "changes" or take the difference back'
            )
    for change in new.changes:
        yield from _change_faults(change, before, after)


def _counts_as_before(before: Question, after: Question) -> bool:
    """Whether every answer to the question of before counts in the share as it did."""
    if before.positive is None or after.positive is None:
        return before.positive == after.positive
    added = {o.code for o in after.options} - {o.code for o in before.options}
    return set(after.positive) - added == set(before.positive)


def _change_faults(
    change: Change, before: dict[str, Question], after: dict[str, Question]
) -> Iterator[str]:
    was, becomes = change.question_old, change.question_new
    if was is not None and was not in before:
        yield f'a change names "{was}", which the version before does not have'
        return
    if change.type in {ChangeType.ADD, ChangeType.REPLACE}:
        if becomes in before:
            yield f'"{becomes}" is called new but the version before has it; choose a new id'
        return
    if was is None or becomes is None:
        return
    changed = _changed(before[was], after[becomes])
    if not changed:
        yield f'question "{was}" is in "changes" but is the same; remove it from there'
    allowed = _MAY_TOUCH.get(change.type, frozenset())
    if touched := [part for part in changed if part.partition(".")[0] not in allowed]:
        yield f'question "{was}": a "{change.type}" cannot change {", ".join(touched)}'
    if change.type is ChangeType.OPTION_ADDED and not _counts_as_before(
        before[was], after[becomes]
    ):
        yield f'question "{was}": what counts as positive of the options of before must stay'
    if change.type is ChangeType.OPTION_ADDED:
        options = before[was].options
        codes = {option.code for option in options}
        if tuple(o for o in after[becomes].options if o.code in codes) != options:
            yield f'question "{was}": the options of before must all stay as they were'


def _changed(before: Question, after: Question) -> list[str]:
    """The parts that differ, texts with their language: ``text.sv``."""
    found = []
    for name in _CONTENT:
        a, b = getattr(before, name), getattr(after, name)
        if a == b:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            found += [f"{name}.{key}" for key in a | b if a.get(key) != b.get(key)]
        else:
            found.append(name)
    return found
