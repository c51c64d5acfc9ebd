"""The interface in Swedish and English: nothing is left out, no plural or placeholder broken.

The texts in the code are the English ones; the Swedish are in the catalogue.
"""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from surveyapp.config import shipped_folder

PLACE = re.compile(r"%\((\w+)\)s")
COUNTS = {"n", "num"}  # one need not be said in figures
# A per cent sign that begins no place, or one of another kind than `%(name)s`.
LOOSE = re.compile(r"%(?!\(\w+\)s|%)")


@pytest.fixture(scope="module")
def swedish():
    with (shipped_folder("translations") / "sv/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="sv")


def forms(text):
    """A text, or its forms for one and for many."""
    return [text] if isinstance(text, str) else list(text)


def faults(catalog):
    """What would break where a text is shown, in either language."""
    found = [(m.id, str(error)) for m in catalog for error in m.check(catalog)]
    for message in catalog:
        if not message.id:
            continue
        english, other = forms(message.id), forms(message.string)
        if len(english) > 1 and len(other) != catalog.num_plurals:
            found.append((message.id, f"{len(other)} forms"))
        if not message.python_format:
            continue
        places = {place for text in english for place in PLACE.findall(text)}
        for text in (*english, *other):
            lost = places - set(PLACE.findall(text)) - (COUNTS if len(english) > 1 else set())
            strange = set(PLACE.findall(text)) - places
            if text and (lost or strange or LOOSE.search(text)):
                found.append((message.id, text))
    return found


def test_every_text_has_its_swedish(swedish):
    texts = [message for message in swedish if message.id]
    empty = [message.id for message in texts if not all(forms(message.string))]

    assert len(texts) > 400
    assert empty == []


def test_every_text_of_the_code_is_in_the_catalogue(swedish):
    with Path("babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file)
    texts = extract_from_dir(
        ".", mapping, options, keywords=DEFAULT_KEYWORDS | {"N_": None}, strip_comment_tags=True
    )
    unknown = [
        (path, line, text)
        for path, line, text, _comments, context in texts
        if swedish.get(forms(text)[0] if context is None else text, context) is None
    ]

    assert unknown == [], "run make translations"


def test_no_plural_or_placeholder_is_broken(swedish):
    assert faults(swedish) == []


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("%(n)s of %(all)s", "%(n)s av alla"),  # one is lost
        ("%(n)s answers", "%(n)s av %(all)s svar"),  # one is strange
        ("%(n)s answers", "%(n)d svar"),  # of another kind
        ("%(n)s answers", "%(n) svar"),  # half of one
        ("%(n)s per cent", "%(n)s % svar"),  # a sign that begins another
        (("%(n)s answer", "%(n)s answers"), ("%(n)s svar",)),  # no form for many
        (("%(n)s of %(all)s", "%(n)s"), ("%(n)s av %(all)s", "%(n)s av %(all)s")),  # English
    ],
)
def test_broken_text_is_found(english, other):
    catalog = Catalog(locale="sv")
    catalog.add(english, other, flags=["python-format"])

    assert faults(catalog)


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("%(n)s of %(all)s", "%(n)s av %(all)s"),
        (("one answer", "%(n)s answers"), ("ett svar", "%(n)s svar")),
    ],
)
def test_whole_text_is_not_taken_for_broken(english, other):
    catalog = Catalog(locale="sv")
    catalog.add(english, other, flags=["python-format"])

    assert faults(catalog) == []
