"""What a voice that reads aloud would stumble over: signs it spells out, and abbreviations."""

import re
import unicodedata

_PLACE = re.compile(r"\{[a-z_]+\}")
# Read as a pause or not at all; every other sign is spelled out or left out without a word.
_QUIET = frozenset(".,:;!?()-–—…'’‘\"”“«»„/\n \N{NO-BREAK SPACE}؟،؛")
_ABBREVIATIONS = {
    "sv": ("bl.a.", "ca", "d.v.s.", "dvs", "e.d.", "etc", "f.d.", "fr.o.m.", "kl.", "m.fl.",
           "m.m.", "nr", "o.d.", "osv", "resp.", "s.k.", "t.ex.", "t.o.m.", "tel.", "tfn"),
    "en": ("approx.", "e.g.", "etc", "i.e.", "no.", "nr", "tel.", "vs"),
    "fi": ("eli.", "esim", "jne", "klo.", "ks", "mm.", "nro", "n.", "ns", "puh", "tms", "ym"),
}  # fmt: skip


def unreadable(text: str, language: str) -> list[str]:
    """What of the text a voice cannot read out so that it is understood.

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
    found = [sign for sign in dict.fromkeys(plain) if not _is_read(sign)]
    found += re.findall(r"\w+/\w+", _PLACE.sub(" ", text))
    words = _ABBREVIATIONS.get(language.partition("-")[0], ())
    found += [
        word
        for word in words
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain, re.IGNORECASE)
    ]
    found += [
        word for word in re.findall(r"\w{4,}", plain) if word.isupper() and word.isalpha()
    ]
    return found


def _is_read(sign: str) -> bool:
    return sign in _QUIET or unicodedata.category(sign)[0] in "LMNC"
