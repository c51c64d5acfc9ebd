"""What a voice that reads aloud would stumble over: signs it spells out, and abbreviations."""

import re
import unicodedata
from collections.abc import Mapping

_PLACE = re.compile(r"\{[a-z_]+\}")
# Read as a pause or not at all; every other sign is spelled out or left out without a word.
_QUIET = frozenset(".,:;!?()-–—…'’‘\"”“«»„/\n؟،؛")
_TOGETHER = re.compile(r"\w+/\w+|\b[^\W\d_]{4,}\b")
# By language. Each letter or word may have its full stop: "t.ex.", "t. ex." and "t ex".
_ABBREVIATIONS: Mapping[str, str] = {
    "sv": "bl.a ca d.v.s dvs e.d etc f.d fr.o.m kl m.fl m.m nr o.d osv o.s.v resp s.k t.ex "
    "t.o.m tel tfn",
    "en": "approx e.g etc i.e nr tel vs",
    "fi": "esim jne klo ks mm ns nro puh tms ym yms",
}


def unreadable(text: str, language: str) -> list[str]:
    """What of the text a voice cannot read out so that it is understood.

    Numbers are read, and so are a dash, quotes and a slash between spaces, as a pause.

    Examples
    --------
    >>> unreadable("Vet inte / ingen åsikt – eller (kanske) båda?", "sv")
    []
    >>> unreadable("Är du t.ex. 50 % nöjd & glad?", "sv")
    ['%', '&', 't.ex.']
    >>> unreadable("Ring och/eller skriv NU GENAST", "sv")
    ['och/eller', 'GENAST']
    """
    plain = _PLACE.sub("1", text)
    found = [sign for sign in plain if not _is_read(sign)]
    found += [word for word in _TOGETHER.findall(plain) if "/" in word or word.isupper()]
    for words in _ABBREVIATIONS.get(language.partition("-")[0], "").split():
        pattern = r"(?:\. ?| )".join(map(re.escape, words.split(".")))
        found += re.findall(rf"(?<!\w){pattern}\b\.?", plain, re.IGNORECASE)
    return list(dict.fromkeys(found))


def _is_read(sign: str) -> bool:
    return sign in _QUIET or unicodedata.category(sign)[0] in "LMNCZ"
