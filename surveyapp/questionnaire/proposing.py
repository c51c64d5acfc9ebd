"""What became of a changed question, proposed by rule; a person decides."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from surveyapp.errors import N_
from surveyapp.questionnaire.differences import Difference, Pair, Part, pairs
from surveyapp.questionnaire.document import (
    Change,
    ChangeType,
    ComparabilityKind,
    Questionnaire,
)

# What makes another question of it, whatever it is called.
BREAKS: Mapping[Part, str] = {
    Part.OPTION_REMOVED: N_("An answer is gone: who would have chosen it chooses another."),
    Part.OPTION_KIND: N_("An answer counts in another way, so the share is another share."),
    Part.OPTION_SHOWN: N_("An answer is shown in other units than before."),
    Part.OPTION_ORDER: N_("The answers stand in another order, which is another scale."),
    Part.POSITIVE: N_("Other answers count as positive, so the share is another share."),
    Part.ROUTING: N_("The question is put to others than before."),
    Part.TYPE: N_("The question is answered in another way."),
    Part.DERIVED: N_("The indicator is worked out in another way."),
}


@dataclass(frozen=True)
class Proposal:
    """The type that follows from what differs, and a class with its reason.

    A break of a question that has kept its id can only be declared as a replacement by a
    question of a new id: then `needs_new_id`.
    """

    type: ChangeType
    kind: ComparabilityKind
    reason: str
    needs_new_id: bool = False


@dataclass(frozen=True)
class Due:
    """A changed question, what is proposed, and what the document says of it so far."""

    pair: Pair
    proposal: Proposal
    declared: Change | None = None

    @property
    def is_decided(self) -> bool:
        """Whether somebody has decided, and about what differs now."""
        return self.fits and not self.proposal.needs_new_id

    @property
    def fits(self) -> bool:
        """Whether what was decided is about what differs: "reworded" holds a new help text or
        a new answer too."""
        if self.declared is None:
            return False
        kept = {ChangeType.REWORD, ChangeType.HELP_TEXT, ChangeType.OPTION_ADDED}
        said, due = self.declared.type, self.proposal.type
        return said is due or (said is ChangeType.REWORD and due in kept)


def due(old: Questionnaire, new: Questionnaire) -> list[Due]:
    """Every question that a change must be declared of, in the order of the new version.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import find_all
    >>> v1, v2 = find_all(Path("questionnaires"))
    >>> found = {each.pair.key: each.proposal for each in due(v1, v2)}
    >>> str(found["til_vag"].type), str(found["til_vag"].kind)
    ('option_added', 'equivalent_with_note')
    """
    declared: dict[str | None, Change] = {}
    for change in new.changes:
        key = f"{change.old}>{change.new}" if change.type is ChangeType.REPLACE else change.id
        declared[key] = change
    return [
        Due(pair, propose(pair), declared.get(pair.key))
        for pair in pairs(old, new)
        if pair.old is None or pair.new is None or pair.changed_parts or ">" in pair.key
    ]


def propose(pair: Pair) -> Proposal:
    """What a rule makes of a question that is new, gone, replaced or changed."""
    if pair.old is None:
        return Proposal(
            ChangeType.ADD, ComparabilityKind.NEW, N_("The question was not asked before.")
        )
    if pair.new is None:
        return Proposal(
            ChangeType.REMOVE,
            ComparabilityKind.ENDED,
            N_("The question is not asked any more."),
        )
    if pair.old.id != pair.new.id:
        return Proposal(
            ChangeType.REPLACE,
            ComparabilityKind.BREAK,
            N_("It is a new question in the place of the old one."),
        )
    return _of_kept(pair.differences)


def breaking(found: Collection[Difference]) -> list[Difference]:
    """What makes another question of one that has kept its id.

    That an answer which is new counts as positive is no more of a change than that it is new.
    """
    added = {each.name for each in found if each.part is Part.OPTION_ADDED}
    return [
        each
        for each in found
        if each.part in BREAKS and not (each.part is Part.POSITIVE and _only_adds(each, added))
    ]


def _of_kept(found: Collection[Difference]) -> Proposal:
    parts = {each.part for each in found}
    if breaks := breaking(found):
        return Proposal(
            ChangeType.REPLACE,
            ComparabilityKind.BREAK,
            BREAKS[breaks[0].part],
            needs_new_id=True,
        )
    if not parts & {Part.TEXT, Part.OPTION_TEXT, Part.OPTION_ADDED, Part.MAX_CHARS}:
        return Proposal(
            ChangeType.HELP_TEXT,
            ComparabilityKind.EQUIVALENT_WITH_NOTE,
            N_("The question is the same, but what helps people to answer it is another text."),
        )
    if Part.MAX_CHARS in parts:
        return Proposal(
            ChangeType.REWORD,
            ComparabilityKind.EQUIVALENT_WITH_NOTE,
            N_("There is another room for the answer."),
        )
    if Part.OPTION_ADDED in parts:
        is_only = parts & {Part.TEXT, Part.HELP, Part.OPTION_TEXT} == set()
        return Proposal(
            ChangeType.OPTION_ADDED if is_only else ChangeType.REWORD,
            ComparabilityKind.EQUIVALENT_WITH_NOTE,
            N_("There is one more answer to choose, which may take from the others."),
        )
    if all(_is_spelling(each) for each in found if each.part in (Part.TEXT, Part.OPTION_TEXT)):
        return Proposal(
            ChangeType.REWORD,
            ComparabilityKind.EQUIVALENT,
            N_("Only spelling or punctuation is changed."),
        )
    if Part.OPTION_TEXT in parts:
        return Proposal(
            ChangeType.REWORD,
            ComparabilityKind.EQUIVALENT_WITH_NOTE,
            N_("The words of an answer are changed, which may move who chooses it."),
        )
    return Proposal(
        ChangeType.REWORD,
        ComparabilityKind.EQUIVALENT,
        N_("The question is put in other words, with the same answers."),
    )


def _only_adds(positive: Difference, added: set[str]) -> bool:
    """Whether only answers that are new have come to count as positive."""
    was, becomes = ({*each.split(", ")} - {""} for each in (positive.was, positive.becomes))
    return bool(was) and was <= becomes and becomes - was <= added


def _is_spelling(text: Difference) -> bool:
    plain = [re.sub(r"\W+", " ", each).casefold().split() for each in (text.was, text.becomes)]
    return plain[0] == plain[1]
