"""What a voice can read aloud: numbers and pauses; no signs, abbreviations or capitals."""

import pytest

from surveyapp.questionnaire import unreadable
from surveyapp.questionnaire.checking import wording
from tests.questionnaire.edited import V1, V2


@pytest.mark.parametrize("document", [V1, V2], ids=["v1", "v2"])
def test_every_text_of_the_shipped_versions_is_readable(document):
    texts = list(wording(document))

    assert len(texts) > 400
    assert [path for path, language, text in texts if unreadable(text, language)] == [
        ("texts", "progress", "fi")  # a sign on the screen, which no voice reads
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Är du 100 % nöjd?", ["%"]),
        ("Du & jag", ["&"]),
        ("Enligt § 4", ["§"]),
        ("Skriv till oss@staden.se eller #stad_1", ["@", "#", "_"]),
        ("1 + 1 = 2", ["+", "="]),
        ("<b> | \\ ^ ~ *", ["<", ">", "|", "\\", "^", "~", "*"]),
        ("Svara → 10 €", ["→", "€"]),
        ("Tack 😀 👍🏽", ["😀", "👍", "🏽"]),
        ("° och ½ ✓", ["°", "✓"]),
        ("och/eller", ["och/eller"]),
        ("Fråga {n}/{total}", ["1/1"]),
        ("Svara NU GENAST, ÄLDRE", ["GENAST", "ÄLDRE"]),
        ("WHO, SMS och IT", []),
        ("Ring 08-80 65 65 – mellan 8 och 16, måndag (helgfri)!", []),
        ("”Du” betyder ’den äldre’ … eller “you” ‘here’ «là» „da“", []),
        ("Vet inte / ingen åsikt", []),
        ("Hur många {n} av {total}?", []),
        ("Rad ett.\nRad två;\N{NO-BREAK SPACE}tre: fyra", []),
    ],
)
def test_signs_that_are_spelled_out_are_found_in_every_language(text, found):
    for language in ("sv", "sv-LL", "fi", "en", "ar"):
        assert unreadable(text, language) == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("sv", "Hjälp, t.ex. städning, bl.a. fönster m.m.", ["bl.a.", "m.m.", "t.ex."]),
        ("sv", "T.ex städning, t ex fönster, bl. a. golv", ["bl. a.", "t ex", "T.ex"]),
        ("sv-LL", "Det är dvs. så, osv.", ["dvs.", "osv."]),
        ("sv", "Ca kl. 8, tel. och nr 3", ["Ca", "kl.", "nr", "tel."]),
        ("sv", "Caféet, klockan, numret och telefonen. Teten exakt.", []),
        ("en", "Help, e.g. cleaning, i.e. floors, etc.", ["e.g.", "etc.", "i.e."]),
        ("en", "Yes or no. The egg is ideal.", []),
        ("fi", "Apua, esim. siivous, jne. klo 8, mm. ikkunat", ["esim.", "jne.", "klo", "mm."]),
        ("fi", "Kyllä eli juuri niin. Esimerkki.", []),
        ("en", "t.ex.", []),  # each language has its own
    ],
)
def test_abbreviations_of_the_language_are_found_however_they_are_written(
    language, text, found
):
    assert sorted(unreadable(text, language), key=str.casefold) == found
