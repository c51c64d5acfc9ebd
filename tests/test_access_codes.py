"""Codes in letters: the check character, how they are typed, and that each works once."""

from datetime import date

import pytest
from sqlalchemy import func, select

from surveyapp import access_codes
from surveyapp.access_codes import ALPHABET
from surveyapp.db import writing
from surveyapp.errors import CollectingError
from surveyapp.models import AccessCode, Channel, OfferTally, Outcome

SECRET = "a secret that only the tests know"
MARCH = date(2024, 3, 1)
# A code, and each of its characters replaced by every other one: none of them is a code.
CODE = "K7Q2M45"


def test_alphabet_holds_no_signs_that_are_taken_for_one_another():
    assert len(ALPHABET) == len(set(ALPHABET)) == 28
    assert not set("01BILOSZ") & set(ALPHABET)


def test_every_single_mistake_is_caught():
    wrong = [
        CODE[:place] + other + CODE[place + 1 :]
        for place in range(len(CODE))
        for other in ALPHABET
        if other != CODE[place]
    ]

    assert access_codes.read(CODE) == CODE
    assert [each for each in wrong if access_codes.read(each)] == []


def test_nearly_every_swap_of_neighbours_is_caught():
    codes = [access_codes.new_characters() for _ in range(400)]
    swapped = [
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for code in codes
        for place in range(len(code) - 1)
        if code[place] != code[place + 1]
    ]
    missed = [each for each in swapped if access_codes.read(each)]

    assert len(missed) < len(swapped) / 100


@pytest.mark.parametrize(
    "typed",
    [
        "K7Q2M4-5",
        "k7q2m45",
        " K7Q 2M4-5 ",
        "k7q2m4\N{EN DASH}5",  # a telephone makes one out of two hyphens
        "K702M4-5",  # no code holds a zero: it was read for a Q
        "K.7.Q.2.M.4.5",
        "k7o2m45",  # the same for the letter O
    ],
)
def test_code_is_read_however_it_is_typed(typed):
    assert access_codes.read(typed) == CODE


@pytest.mark.parametrize("typed", ["", "K7Q2M4", "K7Q2M45D", "K7Q2M4-1", "å" * 7])
def test_what_cannot_be_a_code_is_none(typed):
    assert access_codes.read(typed) is None


@pytest.fixture
def created(session, make):
    """Three codes for a unit."""
    unit = make.unit(code="farsta")
    with writing(session):
        return access_codes.create(session, unit, MARCH, 3, secret=SECRET)


def test_codes_are_stored_as_keyed_hashes_only(session, created):
    stored = session.scalars(select(AccessCode.code_hmac)).all()

    assert len(set(created)) == len(stored) == 3
    assert all(len(each) == 64 for each in stored)
    assert access_codes.find(session, created[0], secret="another secret " * 3) is None


def test_codes_count_as_handed_out(session, created):
    rows = session.execute(
        select(OfferTally.channel, OfferTally.outcome, OfferTally.month, OfferTally.n)
    ).all()

    assert rows == [(Channel.OWN_DEVICE, Outcome.HANDED_OUT, MARCH, len(created))]


def test_code_leads_to_its_unit_and_month_until_it_is_used_up(session, created):
    letter = access_codes.find(session, created[0].lower(), secret=SECRET)
    other = access_codes.find(session, created[1], secret=SECRET)
    with writing(session):
        access_codes.use_up(session, letter.code_hmac)

    assert letter.month == MARCH
    assert letter.receipt != other.receipt
    assert access_codes.find(session, created[0], secret=SECRET) is None
    assert session.scalar(select(func.count()).select_from(AccessCode)) == 2


def test_receipt_follows_from_the_code(session, created):
    first, again = (access_codes.find(session, created[0], secret=SECRET) for _ in range(2))

    assert first.receipt == again.receipt


@pytest.mark.parametrize("n", [0, 501])
def test_number_of_codes_has_limits(session, make, n):
    unit = make.unit()

    with pytest.raises(CollectingError, match="1 to 500"), writing(session):
        access_codes.create(session, unit, MARCH, n, secret=SECRET)


def test_codes_are_not_made_for_a_month_without_the_unit(session, make):
    unit = make.unit(valid_from=date(2024, 4, 1))

    with pytest.raises(CollectingError, match="did not exist in 2024-03"), writing(session):
        access_codes.create(session, unit, MARCH, 1, secret=SECRET)
