"""Two units that answer to version 1, then to version 2, and become one in the middle of it."""

from datetime import date

from tests.over_time import MERGED, succeed
from tests.released import answered, release

OPENED = date(2023, 6, 1)  # the day of version 2
MARCH, MAY, JUNE, JULY, SEPTEMBER = (date(2023, month, 1) for month in (3, 5, 6, 7, 9))
# Question to an answer that counts and one that does not, in each version.
ASKED = {
    1: {
        "bem_respekt": ("alltid", "aldrig"),
        "til_latt_kontakt": ("mycket_latt", "mycket_svart"),
        "hel_trygg": ("mycket_trygg", "varken"),
        "kon_byte": ("nej", "ja_flera"),
        "hel_nojd": ("mycket_nojd", "mycket_missnojd"),
    },
    2: {
        "bem_respekt": ("alltid", "aldrig"),
        "til_latt_kontakt": ("mycket_latt", "mycket_svart"),
        "hel_trygg_4": ("mycket_trygg", "mycket_otrygg"),
        "bem_sprak": ("alltid", "aldrig"),
        "hel_nojd": ("mycket_nojd", "mycket_missnojd"),
    },
}


def forms(version, favourable, of):
    """Forms that answer every question the same way: so many favourable."""
    return [
        {question: pair[number >= favourable] for question, pair in ASKED[version].items()}
        for number in range(of)
    ]


def answers_through_a_merger(session, make):
    """Norrmalm and Östermalm answer to version 1 through May and to version 2 in June; Norra
    innerstaden goes on with it from July. All of 2023 is released."""
    make.published(version=2, valid_from=OPENED)
    last = date(2023, 6, 30)
    old = [
        make.unit(code=code, name=name, valid_to=last)
        for code, name in (("norrmalm", "Norrmalm"), ("ostermalm", "Östermalm"))
    ]
    new = make.unit(code="norra-innerstaden", name="Norra innerstaden", valid_from=MERGED)
    succeed(make, new, *old)
    for unit in old:
        answered(session, unit, MARCH, forms(1, 30, of=40))
        answered(session, unit, MAY, forms(1, 24, of=40))
        answered(session, unit, JUNE, forms(2, 30, of=50))
    answered(session, new, JULY, forms(2, 48, of=60))
    answered(session, new, SEPTEMBER, forms(2, 63, of=70))
    release(session, "2023-T1", "2023-T2", "2023-T3", "2023")
    return *old, new
