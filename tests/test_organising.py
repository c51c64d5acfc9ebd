"""Units, successions and attributes: what a file may say, and what is asked of it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from surveyapp import organising
from surveyapp.db import writing
from surveyapp.errors import ImportRefused
from surveyapp.models import (
    Channel,
    CityYear,
    OfferTally,
    Outcome,
    Unit,
    UnitAttribute,
    UnitSuccession,
    UnitYear,
)

UNITS = "kind;code;name;district;valid_from;valid_to;successor;attribute;value"
SOUTH = "unit;soder;Söder;Söder;2007-01-01;;;;"
OLD = "unit;gamla;Gamla;Gamla;2007-01-01;2023-06-30;;;"
NEW = "unit;nya;Nya;Nya;2023-07-01;;;;"
BECAME = "succession;gamla;;;2023-07-01;;nya;;"
TEAM = "attribute;soder;;;2017-01-01;2019-12-31;;organisation_form;team"


def store(session, *lines, head=UNITS):
    with writing(session):
        return organising.import_units(session, "\n".join((head, *lines)))


def faults(session, *lines):
    with pytest.raises(ImportRefused) as refused:
        store(session, *lines)
    return refused.value.faults


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_file_of_units_is_stored(session):
    done = store(session, SOUTH, OLD, NEW, BECAME, TEAM)

    unit = organising.unit_by_code(session, "gamla")
    assert (unit.name, unit.valid_to) == ("Gamla", date(2023, 6, 30))
    assert [u.code for u in organising.units_on(session, date(2023, 7, 1))] == ["nya", "soder"]
    assert session.scalars(select(UnitAttribute.value)).all() == ["team"]
    assert done == organising.Imported(n_added=5)


def test_lines_may_come_in_any_order(session):
    store(session, BECAME, TEAM, NEW, OLD, SOUTH)

    assert count(session, UnitSuccession) == 1


def test_same_file_again_changes_nothing(session):
    store(session, SOUTH, OLD, NEW, BECAME, TEAM)

    assert store(session, SOUTH, OLD, NEW, BECAME, TEAM) == organising.Imported(n_unchanged=5)


def test_changed_last_day_is_an_update(session):
    store(session, SOUTH)

    done = store(session, SOUTH.replace("2007-01-01;;", "2007-01-01;2026-12-31;"))

    assert done == organising.Imported(n_changed=1)
    assert organising.unit_by_code(session, "soder").valid_to == date(2026, 12, 31)


def test_attribute_that_ends_makes_room_for_the_next(session):
    store(session, SOUTH, TEAM.replace("2019-12-31", ""))

    done = store(session, TEAM, TEAM.replace("2017-01-01;2019-12-31", "2020-01-01;"))

    assert done == organising.Imported(n_added=1, n_changed=1)


def test_real_value_takes_the_place_of_an_invented_one(session):
    store(session, SOUTH, TEAM)
    with writing(session):
        session.scalars(select(UnitAttribute)).one().is_invented = True

    assert store(session, TEAM).n_changed == 1
    assert not session.scalars(select(UnitAttribute)).one().is_invented


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_mark_separator_and_line_ends_are_tolerated(session, mark, separator, end):
    text = end.join((UNITS, SOUTH, ";;;;;;;;", "", SOUTH.replace("soder", "norr")))
    content = (mark + text.replace(";", separator)).encode()

    with writing(session):
        organising.import_units(session, organising.decoded(content))

    assert count(session, Unit) == 2


def test_names_are_stored_in_one_form(session):
    store(session, SOUTH.replace("ö", "o\N{COMBINING DIAERESIS}"))

    assert session.scalar(select(Unit.name)) == "Söder"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("flat;soder;;;;;;;", 'kind: write unit, succession or attribute, not "flat"'),
        (";soder;;;;;;;", "kind is missing"),
        ("unit;Söder;S;S;2007-01-01;;;;", "code: write small letters a to z"),
        (f"unit;{'x' * 61};S;S;2007-01-01;;;;", "code: write small letters a to z"),
        ("unit;;S;S;2007-01-01;;;;", "code is missing"),
        ("unit;s;;S;2007-01-01;;;;", "name is missing"),
        ("unit;s;S;;2007-01-01;;;;", "district is missing"),
        ("unit;s;S;S;;;;;", "valid_from is missing"),
        ("unit;s;S;S;20070101;;;;", 'valid_from: write the day as 2023-07-01, not "20070101"'),
        ("unit;s;S;S;2007-02-29;;;;", "valid_from: there is no such day as 2007-02-29"),
        ("unit;s;S;S;2007-01-01;x;;;", "valid_to: write the day as 2023-07-01"),
        ("unit;s;S;S;2007-01-01;2006-12-31;;;", "valid_to: 2006-12-31 is before valid_from"),
        ("unit;s;S;S;2007-01-01;;nya;;", "successor must be empty on a line of kind unit"),
        ("unit;gamla;G;G;2007-01-01;;;;", "the unit gamla is already on line 2"),
        ("unit;s;S;S;2007-01-01", "5 cells, but the first line has 9 columns"),
        ("unit;s;S;S;2007-01-01;;;;;;more", "11 cells, but the first line has 9 columns"),
        ('unit;s;"S\nS";S;2007-01-01;;;;', "a line break or an invisible sign"),
        ("unit;s;S\x00S;S;2007-01-01;;;;", "a line break or an invisible sign"),
        ("succession;okand;;;2023-07-01;;nya;;", 'unknown unit "okand"'),
        ("succession;gamla;;;2023-07-01;;okand;;", 'unknown unit "okand"'),
        ("succession;gamla;;;2023-07-01;;;;", "successor is missing"),
        ("succession;nya;;;2023-07-01;;nya;;", "successor: a unit cannot succeed itself"),
        ("succession;gamla;;;2023-06-30;;nya;;", "but the last day of gamla is 2023-06-30"),
        ("succession;gamla;;;2023-08-01;;nya;;", "but the last day of gamla is 2023-06-30"),
        ("succession;nya;;;2023-07-01;;gamla;;", "valid_to of nya is missing"),
        (
            "succession;gamla;;;2023-07-01;2024-01-01;nya;;",
            "valid_to must be empty on a line of kind succession",
        ),
        ("attribute;okand;;;2023-07-01;;;organisation_form;team", 'unknown unit "okand"'),
        ("attribute;nya;;;2023-07-01;;;size;big", 'attribute: unknown "size". Known: '),
        ("attribute;nya;;;2023-07-01;;;clients;90", "use surveyapp units figures"),
        ("attribute;nya;;;2023-07-01;;;has_followup_officer;ja", 'is yes or no, not "ja"'),
        (
            "attribute;nya;;;2023-07-01;;;named_officers_per_client;0",
            'is a whole number from 1 to 20, not "0"',
        ),
        ("attribute;nya;;;2023-07-01;;;organisation_form;", "value is missing"),
        ("attribute;nya;Nya;;2023-07-01;;;organisation_form;team", "name must be empty"),
        (
            "attribute;nya;;;2023-06-30;;;organisation_form;team",
            "nya exists from 2023-07-01 only",
        ),
        (
            "attribute;gamla;;;2023-07-01;;;organisation_form;team",
            "gamla exists from 2007-01-01 to 2023-06-30 only",
        ),
        (
            "attribute;gamla;;;2023-01-01;2023-12-31;;organisation_form;team",
            "gamla exists from 2007-01-01 to 2023-06-30 only",
        ),
    ],
)
def test_faulty_line_is_named_and_nothing_stored(session, line, reason):
    found = faults(session, OLD, NEW, line)

    assert len(found) == 1
    assert found[0].startswith("line 4: ")
    assert reason in found[0]
    assert count(session, Unit) == 0


def test_every_faulty_line_is_named_in_order(session):
    found = faults(session, BECAME, SOUTH, "", "flat;s;;;;;;;", "unit;s;S;S;x;;;;")

    assert [fault.partition(":")[0] for fault in found] == ["line 2", "line 5", "line 6"]


def test_faulty_unit_is_not_unknown_on_other_lines(session):
    found = faults(session, SOUTH.replace("2007-01-01", "x"), TEAM)

    assert [fault.partition(":")[0] for fault in found] == ["line 2"]


def test_line_break_in_quotes_does_not_shift_the_numbers(session):
    found = faults(session, 'unit;s;"S\nS";S;2007-01-01;;;;', "flat;s;;;;;;;")

    assert [fault.partition(":")[0] for fault in found] == ["line 2", "line 4"]


def test_overlapping_values_are_refused(session):
    assert "overlaps the value from 2017-01-01 to 2019-12-31" in "".join(
        faults(session, SOUTH, TEAM, TEAM.replace("2017-01-01;2019-12-31", "2019-12-31;"))
    )


def test_value_that_overlaps_a_stored_one_is_refused(session):
    store(session, SOUTH, TEAM.replace("2019-12-31", ""))

    assert faults(session, TEAM.replace("2017-01-01;2019-12-31", "2020-01-01;")) == [
        "line 2: organisation_form of soder from 2020-01-01 overlaps the value from "
        "2017-01-01 without an end"
    ]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (("Söder;Söder", "Norr;Söder"), "name"),
        (("Söder;Söder", "Söder;Norr"), "district"),
        (("2007-01-01", "2008-01-01"), "valid_from"),
    ],
)
def test_stored_unit_is_not_renamed_in_place(session, change, column):
    store(session, SOUTH)

    assert faults(session, SOUTH.replace(*change))[0].startswith(f"line 2: {column}: soder is")


def test_unit_cannot_end_before_what_was_collected_for_it(session):
    store(session, SOUTH)
    with writing(session):
        unit = session.scalars(select(Unit)).one()
        session.add(
            OfferTally(
                unit_id=unit.id,
                month=date(2026, 5, 1),
                channel=Channel.TABLET,
                outcome=Outcome.ANSWERED,
                reason="",
                n=1,
            )
        )

    ended = SOUTH.replace("2007-01-01;;", "2007-01-01;2026-04-30;")
    assert faults(session, ended) == [
        "line 2: valid_to: soder has answers or offers in 2026-05, after 2026-04-30"
    ]
    assert store(session, ended.replace("04-30", "05-15")).n_changed == 1


def test_last_day_that_no_longer_fits_a_stored_succession_is_refused(session):
    store(session, OLD, NEW, BECAME)

    assert "but the last day of gamla is 2023-12-31" in "".join(
        faults(session, OLD.replace("2023-06-30", "2023-12-31"))
    )


def test_day_of_a_merger_can_be_corrected(session):
    store(session, OLD, NEW, BECAME)
    old = organising.unit_by_code(session, "gamla")
    with writing(session):
        session.add(
            OfferTally(
                unit_id=old.id,
                month=date(2023, 6, 1),
                channel=Channel.TABLET,
                outcome=Outcome.ANSWERED,
                reason="",
                n=1,
            )
        )

    moved = [
        line.replace("2023-06-30", "2023-04-30").replace("2023-07-01", "2023-05-01")
        for line in (OLD, NEW, BECAME)
    ]

    assert store(session, *moved).n_changed == 3
    session.expire_all()
    new = organising.unit_by_code(session, "nya")
    assert (old.valid_to, new.valid_from) == (date(2023, 4, 30), date(2023, 5, 1))
    assert session.scalars(select(UnitSuccession.takes_effect_on)).one() == date(2023, 5, 1)
    assert store(session, OLD, NEW, BECAME).n_changed == 3  # and back again


def test_successor_must_exist_when_it_succeeds(session):
    assert "nya does not exist on 2023-07-01" in "".join(
        faults(session, OLD, NEW.replace("2023-07-01", "2023-08-01"), BECAME)
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: the file is empty; its first line names the columns"),
        (UNITS.replace("kind;", ""), "line 1: the column kind is missing"),
        (f"{UNITS};size", 'line 1: unknown column "size". Known: kind, code, name'),
        (f"{UNITS};kind", "line 1: the column kind is there twice"),
        (f'{UNITS}\nunit;"s;S', "line 2: the quotes do not match"),
    ],
)
def test_file_that_is_no_table_of_units_is_refused(session, text, fault):
    with pytest.raises(ImportRefused) as refused, writing(session):
        organising.import_units(session, text)

    assert refused.value.faults[0].startswith(fault)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_file_in_another_encoding_is_refused(encoding):
    with pytest.raises(ImportRefused, match=r"line \d: this is not UTF-8"):
        organising.decoded(f"{UNITS}\n{SOUTH}".encode(encoding))


def test_source_note_is_accepted_and_not_stored(session):
    assert store(session, f"{SOUTH};beslut", head=f"{UNITS};source_note").n_added == 1


def test_stockholm_ships_with_its_mergers(session):
    with writing(session):
        organising.load_shipped(session)

    assert count(session, Unit) == 17
    days = [(2020, 6, 30), (2020, 7, 1), (2023, 6, 30), (2023, 7, 1)]
    n = [len(organising.units_on(session, date(*day))) for day in days]
    assert n == [14, 13, 13, 11]
    jarva = organising.unit_by_code(session, "jarva")
    assert [u.name for u in organising.predecessors(session, jarva.id)] == [
        "Rinkeby-Kista",
        "Spånga-Tensta",
    ]
    clients = session.scalars(select(UnitYear.clients).where(UnitYear.year == 2017))
    assert sum(clients) == 27_023
    assert session.get(CityYear, 2017).turnover_left_city_pct == Decimal("10.7")
    assert count(session, CityYear) == 7


def test_shipped_units_do_not_undo_what_an_installation_changed(session):
    store(session, SOUTH)

    with writing(session):
        assert organising.load_shipped(session) == organising.Imported()
    assert count(session, Unit) == 1


def test_predecessors_go_all_the_way_back(session):
    newest = "unit;nyast;Nyast;Nyast;2025-01-01;;;;"
    store(
        session,
        OLD,
        NEW.replace(";;;;", ";2024-12-31;;;"),
        newest,
        BECAME,
        "succession;nya;;;2025-01-01;;nyast;;",
    )

    unit = organising.unit_by_code(session, "nyast")
    assert [u.code for u in organising.predecessors(session, unit.id)] == ["gamla", "nya"]


def test_names_stand_in_swedish_order():
    in_order = ["Bromma", "Zinken", "Årsta", "Älvsjö", "Östermalm"]
    units = [Unit(name=name) for name in reversed(in_order)]

    assert [unit.name for unit in organising.by_name(units)] == in_order


def test_named_officers_are_one_until_something_else_is_known(session):
    line = "attribute;soder;;;2017-01-01;2019-12-31;;named_officers_per_client;3"
    store(session, SOUTH, line)
    unit = organising.unit_by_code(session, "soder")

    days = [date(2016, 12, 31), date(2017, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    assert [organising.named_officers(session, unit.id, day) for day in days] == [1, 3, 3, 1]
