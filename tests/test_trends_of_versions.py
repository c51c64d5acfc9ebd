"""Every class of change over time, for units that become one while the form changes."""

from datetime import date

import pytest

from surveyapp.reporting import ChangeKind, Role, Status
from tests.merged import OPENED, answers_through_a_merger
from tests.over_time import history, line, told
from tests.released import answered, mix, release


@pytest.fixture
def units(session, make):
    return answers_through_a_merger(session, make)


def segments(found, role, code=None):
    """Of each segment of a line: its question, its periods with answers or why there are none,
    and which of its points are joined to the one before."""
    return [
        (
            segment.measure.question.id,
            [
                (str(p.period), p.figure.n if p.figure.is_shown else p.figure.status)
                for p in segment.points
            ],
            [segment.joins(index) for index, _ in enumerate(segment.points)],
        )
        for segment in line(found, role, code).segments
    ]


def changes(found):
    return [(c.kind, str(c.period), c.version) for c in found.changes]


@pytest.mark.parametrize("question", ["hel_nojd", "bem_respekt"])  # identical, equivalent
def test_same_question_is_one_line_with_nothing_said(session, units, question):
    found = history(session, units[2], question)

    assert segments(found, Role.BEFORE, "norrmalm") == [
        (question, [("2023-T1", 40), ("2023-T2", 90)], [False, True])
    ]
    assert segments(found, Role.OWN) == [
        (question, [("2023-T2", 60), ("2023-T3", 70)], [False, True])
    ]
    assert segments(found, Role.POOLED) == [
        (question, [("2023-T1", 80), ("2023-T2", 240)], [False, True])
    ]
    assert changes(found) == []


def test_noted_question_is_one_line_with_its_note(session, units):
    for unit in (units[0], units[2], None):
        found = history(session, unit, "til_latt_kontakt")

        assert changes(found) == [(ChangeKind.NOTED, "2023-T2", 2)]
        assert "Äldre direkt" in found.changes[0].note
        assert all(
            each == ("til_latt_kontakt", *each[1:]) for each in segments(found, Role.OWN)
        )
    assert segments(found, Role.OWN) == [
        (
            "til_latt_kontakt",
            [("2023-T1", 80), ("2023-T2", 240), ("2023-T3", 70)],
            [False, True, True],
        )
    ]


def test_broken_question_is_two_lines_and_each_holds_its_own_answers(session, units):
    old, _, new = units
    of_new, of_old = history(session, new, "hel_trygg_4"), history(session, old, "hel_trygg")

    both = [
        ("hel_trygg", [("2023-T1", 40), ("2023-T2", 40)], [False, True]),
        ("hel_trygg_4", [("2023-T2", 50)], [False]),
    ]
    own = [("hel_trygg_4", [("2023-T2", 60), ("2023-T3", 70)], [False, True])]
    assert segments(of_new, Role.BEFORE, "norrmalm") == segments(of_old, Role.OWN) == both
    assert segments(of_new, Role.OWN) == segments(of_old, Role.AFTER) == own
    assert segments(of_new, Role.POOLED) == [
        ("hel_trygg", [("2023-T1", 80)], [False]),
        ("hel_trygg_4", [("2023-T2", 160)], [False]),  # none of those to the old question
    ]
    for found in (of_new, of_old):
        assert changes(found) == [(ChangeKind.BREAK, "2023-T2", 2)]
        assert found.changes[0].opened_on == OPENED
        assert "mellansteg" in found.changes[0].note
    assert segments(history(session, None, "hel_trygg"), Role.OWN) == [
        ("hel_trygg", [("2023-T1", 80), ("2023-T2", 80)], [False, True]),
        ("hel_trygg_4", [("2023-T2", 160), ("2023-T3", 70)], [False, True]),
    ]


def test_new_question_was_not_asked_before(session, units):
    found = history(session, units[2], "bem_sprak")

    for code in ("norrmalm", "ostermalm"):
        assert segments(found, Role.BEFORE, code) == [
            ("bem_sprak", [("2023-T1", Status.NOT_ASKED), ("2023-T2", 50)], [False, False])
        ]
    assert segments(found, Role.POOLED) == [("bem_sprak", [("2023-T2", 160)], [False])]
    assert changes(found) == [(ChangeKind.NEW, "2023-T2", 2)]


def test_ended_question_is_not_asked_after(session, units):
    found = history(session, units[0], "kon_byte")

    assert segments(found, Role.OWN) == [
        ("kon_byte", [("2023-T1", 40), ("2023-T2", 40)], [False, True])
    ]
    assert segments(found, Role.AFTER) == [
        (
            "kon_byte",
            [("2023-T2", Status.NOT_ASKED), ("2023-T3", Status.NOT_ASKED)],
            [False, False],
        )
    ]
    assert changes(found) == [(ChangeKind.ENDED, "2023-T3", 1)]
    own = history(session, units[2], "kon_byte")
    assert told(line(own, Role.OWN)) == [
        ("2023-T2", Status.NOT_ASKED),
        ("2023-T3", Status.NOT_ASKED),
    ]
    assert segments(own, Role.POOLED) == [("kon_byte", [("2023-T1", 80)], [False])]


def test_forms_begun_on_the_old_version_break_the_line_once(session, make):
    make.published(version=2, valid_from=date(2023, 6, 1))
    units = make.unit(), make.unit()
    old = mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
    new = mix(40, "hel_trygg_4", ("mycket_trygg", 30), ("mycket_otrygg", 10))
    for unit in units:
        for month, forms in ((5, old), (6, new), (9, new)):
            answered(session, unit, date(2023, month, 1), forms)
        answered(session, unit, date(2023, 10, 1), old, version=1)
    release(session, "2023-T2", "2023-T3")

    found = history(session, units[0], "hel_trygg")

    assert changes(found) == [(ChangeKind.BREAK, "2023-T2", 2)]
    assert segments(found, Role.OWN) == [
        ("hel_trygg", [("2023-T2", 40), ("2023-T3", 40)], [False, True]),
        ("hel_trygg_4", [("2023-T2", 40), ("2023-T3", 40)], [False, True]),
    ]


def test_note_stands_where_both_versions_are_in_the_first_period(session, make):
    make.published(version=2, valid_from=date(2023, 6, 1))
    units = make.unit(), make.unit()
    easy = mix(40, "til_latt_kontakt", ("mycket_latt", 30), ("mycket_svart", 10))
    for unit in units:
        for month in (5, 6):
            answered(session, unit, date(2023, month, 1), easy)
    release(session, "2023-T2")

    found = history(session, units[0], "til_latt_kontakt")

    assert changes(found) == [(ChangeKind.NOTED, "2023-T2", 2)]
    assert segments(found, Role.OWN) == [("til_latt_kontakt", [("2023-T2", 80)], [False])]
