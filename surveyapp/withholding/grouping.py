"""The groups that breakdowns are shown in, and what of a question's codes counts as what."""

from collections.abc import Mapping

from surveyapp.models import Channel
from surveyapp.questionnaire import OptionKind, Question

REST = "rest"  # the group of what is in no other


def who_groups(counts: Mapping[str, int]) -> dict[str, int]:
    """Forms by who answered, in the groups that are shown of a unit.

    Those that did not state it and those with the officer's help are few nearly everywhere:
    apart they would hide the whole breakdown.
    """
    return _grouped(counts, ("sjalv", "med_hjalp", "annan"))


def gender_groups(counts: Mapping[str, int]) -> dict[str, int]:
    """Answers by gender; other genders and those that did not state it are the rest."""
    return _grouped(counts, ("kvinna", "man"))


def channel_groups(counts: Mapping[str, int], n_forms: int) -> dict[str, int]:
    """Forms by channel. With the officer's help they are in no channel's count, so the rest
    is what is missing to all forms."""
    groups = {channel.value: counts.get(channel.value, 0) for channel in Channel}
    return groups | {REST: n_forms - sum(groups.values())}


def _grouped(counts: Mapping[str, int], named: tuple[str, ...]) -> dict[str, int]:
    groups = dict.fromkeys((*named, REST), 0)
    for category, n in counts.items():
        groups[category if category in groups else REST] += n
    return groups


def has_share(question: Question) -> bool:
    """Whether the question has a share of favourable answers."""
    return question.positive is not None or question.derived is not None


def totals(question: Question, codes: Mapping[str, int]) -> tuple[int, int, int]:
    """Valid answers, favourable ones, and all who answered anything or were routed past."""
    valid = sum(codes.get(code, 0) for code in question.valid_codes)
    other = sum(
        codes.get(option.code, 0)
        for option in question.options
        if option.kind is not OptionKind.SUBSTANTIVE
    )
    if question.derived is not None:
        favourable = codes.get(question.derived.id, 0)
    else:
        favourable = sum(codes.get(code, 0) for code in question.positive or ())
    return valid, favourable, valid + other + codes.get("not_shown", 0)
