"""The interface in Swedish: nothing is left in English, no placeholder is broken."""

import pytest
from babel.messages.pofile import read_po

from surveyapp.config import shipped_folder


@pytest.fixture(scope="module")
def swedish():
    with (shipped_folder("translations") / "sv/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="sv")


def test_every_text_has_its_swedish(swedish):
    texts = [message for message in swedish if message.id]
    empty = [
        m.id for m in texts if not all([m.string] if isinstance(m.string, str) else m.string)
    ]

    assert len(texts) > 400
    assert empty == []


def test_no_plural_or_placeholder_is_broken(swedish):
    assert [(m.id, list(m.check(swedish))) for m in swedish if list(m.check(swedish))] == []
