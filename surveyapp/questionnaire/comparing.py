"""What changed between two versions, and which questions can be followed across them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire.differences import Part, common_languages, compared
from surveyapp.questionnaire.document import (
    Change,
    ChangeType,
    ComparabilityKind,
    Question,
    Questionnaire,
)
from surveyapp.questionnaire.proposing import breaking

# The parts a change of each type may touch, as far as the question stays the same one.
_ADDS = frozenset({Part.OPTION_ADDED, Part.POSITIVE})
_MAY_TOUCH = {
    ChangeType.REWORD: _ADDS | {Part.TEXT, Part.HELP, Part.OPTION_TEXT, Part.MAX_CHARS},
    ChangeType.HELP_TEXT: frozenset({Part.HELP}),
    ChangeType.OPTION_ADDED: _ADDS,
}
_OF_BEFORE = frozenset(part for part in Part if part.startswith("option_")) - _ADDS


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
    language that both have. An ended question stands where it was.

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
    languages = common_languages(old, new)
    mentioned_old = {change.question_old for change in new.changes}
    mentioned_new = {change.question_new for change in new.changes}

    for id in [id for id in before if id not in after and id not in mentioned_old]:
        yield f'question "{id}" is gone; add a change of type "remove" or "replace"'
    for id in [id for id in after if id not in before and id not in mentioned_new]:
        yield f'question "{id}" is new; add a change of type "add" or "replace"'
    for id in [id for id in after if id in before and id not in mentioned_new]:
        if changed := compared(before[id], after[id], languages).changed_parts:
            yield (
                f'question "{id}" differs in {", ".join(changed)}; '
                'add it to "changes" or take the difference back'
            )
    for change in new.changes:
        yield from _change_faults(change, before, after, languages)


def _change_faults(
    change: Change,
    before: dict[str, Question],
    after: dict[str, Question],
    languages: Collection[str],
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
    pair = compared(before[was], after[becomes], languages)
    if not pair.changed_parts:
        yield f'question "{was}" is in "changes" but is the same; remove it from there'
    allowed, breaks = _MAY_TOUCH[change.type], breaking(pair.differences)
    touched = [d for d in pair.differences if d in breaks or d.part not in allowed]
    if any(each.part in _OF_BEFORE for each in touched):
        yield f'question "{was}": the options of before must all stay as they were'
    others = replace(pair, differences=tuple(d for d in touched if d.part not in _OF_BEFORE))
    if names := others.changed_parts:
        yield f'question "{was}": a "{change.type}" cannot change {", ".join(names)}'
