"""Everything that can be wrong in a file: each fault with its line and what to do."""

from pathlib import Path

import pytest

from surveyapp.errors import QuestionnaireError
from surveyapp.questionnaire import parse

RULES = Path("tests/samples/rules.yaml").read_text(encoding="utf-8")

FRIEND = '{code: van, sv: "En vän", en: "A friend"}'
NEXT = 'next: {sv: "Nästa", en: "Next"}'
WHO = 'sv: "Vem är det?"'

# A name, what is written instead of what, and what is said. The fault is on the line that ends
# in "# here", otherwise on the line of the last replacement.
FAULTS = [
    # the text as YAML
    (
        "repeated key",
        {"owner: ": 'owner: "a"\nowner:  # here\n  '},
        'the key "owner" is given twice; keep one',
    ),
    (
        "anchor",
        {"owner: ": "owner: &a "},
        "anchors and aliases are not allowed; write the text out",
    ),
    ("alias", {"nr: 6": "nr: *a"}, "anchors and aliases are not allowed; write the text out"),
    ("tag", {"nr: 6": "nr: !!int 6"}, 'the tag "tag:yaml.org,2002:int" is not allowed'),
    (
        "no YAML",
        {"areas: [prov]\n": "areas: [prov\n", "minutes: ": "minutes: "},
        "not YAML: did not find expected",
    ),
    ("raw control character", {WHO: 'sv: "Vem\x07 är det?"'}, "not YAML: control characters"),
    ("letter of two signs", {WHO: 'sv: "Vem a\u0308r det?"'}, "two signs (not NFC)"),
    (
        "control character",
        {WHO: r'sv: "Vem\a är det?"'},
        "the invisible sign U+0007 is not allowed; remove it",
    ),
    (
        "zero-width space",
        {WHO: 'sv: "Vem\u200b är det?"'},
        "the invisible sign U+200B is not allowed; remove it",
    ),
    ("space at the end", {WHO: 'sv: "Vem är det? "'}, "remove the space or line at the end"),
    ("line at the end", {WHO: r'sv: "Vem är det?\n"'}, "remove the space or line at the end"),
    # the shape
    (
        "unknown key",
        {"minutes: {": "minuts: {"},
        "minuts: unknown key. Known: key, version, based_on, reason, changes, owner",
    ),
    (
        "unknown key in a question",
        {"max_chars: 40": "max_chars: 40\n    optional: true  # here"},
        "questions[mer].optional: unknown key. Known: id, nr, area, type",
    ),
    (
        "missing screen text",
        {"texts:\n": "texts:  # here\n", 'officer_done: {sv: "Klart"}': ""},
        "texts.officer_done: is missing; add it",
    ),
    (
        "missing button",
        {"buttons:\n": "buttons:  # here\n", NEXT: ""},
        "texts.buttons.next: is missing; add it",
    ),
    (
        "empty text",
        {WHO: 'sv: ""'},
        "questions[vem_annan].text.sv: is empty; write a text or leave the key out",
    ),
    (
        "empty text of an option over several lines",
        {'en: "We have not spoken"': 'en: ""'},
        "questions[lyssnar].extra_option.text.en: is empty; write a text or leave",
    ),
    (
        "text where keys are expected",
        {NEXT: "next: Nästa"},
        'texts.buttons.next: keys with values are expected here, not "Nästa"',
    ),
    (
        "no number",
        {"max_chars: 40": "max_chars: fyrtio"},
        'questions[mer].max_chars: "fyrtio" is not a whole number',
    ),
    (
        "code with other letters",
        {"code: van": "code: vän"},
        'questions[vem_annan].options[vän].code: "vän" has a form that is not allowed',
    ),
    (
        "flag that is neither true nor false",
        {"short_form: true": "short_form: yes"},
        'questions[vem].short_form: write "true" or "false"',
    ),
    (
        "unknown kind",
        {"kind: not_applicable": "kind: not_relevant"},
        'questions[lyssnar].extra_option.kind: unknown value "not_relevant". Known: ',
    ),
    (
        "scale and options",
        {
            "- id: lyssnar": "- id: lyssnar  # here",
            "scale: tre": 'scale: tre\n    options: [{code: ja, sv: "Ja", en: "Yes"}]',
        },
        "questions[lyssnar]: give either a scale or options, not both",
    ),
    (
        "extra option without a scale",
        {"- id: lyssnar": "- id: lyssnar  # here", "scale: tre\n    ": ""},
        "questions[lyssnar]: extra_option adds to a scale; write it among the options",
    ),
    # languages
    (
        "missing translation of a question",
        {WHO + ', en: "Who is it?"': WHO},
        'questions[vem_annan].text: the text in "en" is missing; add it',
    ),
    (
        "missing translation of an option",
        {FRIEND: '{code: van, sv: "En vän"}'},
        'questions[vem_annan].options[van].text: the text in "en" is missing; add it',
    ),
    (
        "missing translation of a button",
        {NEXT: 'next: {sv: "Nästa"}'},
        'texts.buttons.next: the text in "en" is missing; add it',
    ),
    (
        "missing translation in a scale",
        {'{code: ibland, sv: "Ibland", en: "Sometimes"}': '{code: ibland, sv: "Ibland"}'},
        'scales.tre.options[ibland].text: the text in "en" is missing; add it',
    ),
    (
        "language that is not listed",
        {NEXT: 'next: {sv: "Nästa", en: "Next", fi: "Seuraava"}'},
        'texts.buttons.next.fi: "fi" is not a language here. Languages: sv, en',
    ),
    (
        "text for staff in a second language",
        {'officer_done: {sv: "Klart"}': 'officer_done: {sv: "Klart", en: "Done"}'},
        'texts.officer_done.en: "en" is not a language here. Languages: sv',
    ),
    (
        "language given twice",
        {"languages: [sv, en]": "languages: [sv, en, sv]"},
        'languages[3]: "sv" is given twice',
    ),
    # places for numbers
    (
        "missing place",
        {'sv: "Fråga {n} av {total}"': 'sv: "Fråga {n}"'},
        "texts.progress.sv: the place {total} is missing; write it where the number goes",
    ),
    (
        "missing place inside a text",
        {"svara på {n} korta": "svara på flera korta"},
        "texts.few_more.sv.q.other: the place {n} is missing; write it where the number goes",
    ),
    (
        "missing place in the promise",
        {
            "{min_n} svar": "tio svar",
            "sv: >-\n      Det är frivilligt": "sv: >-  # here\n      Det är frivilligt",
        },
        "texts.intro_2_promise.sv: the place {min_n} is missing",
    ),
    (
        "broken place",
        {'en: "Question {n} of {total}"': 'en: "Question {n} of {total} {"'},
        "texts.progress.en: a brace is left over; a place is written like {n}",
    ),
    (
        "place without a number",
        {WHO: 'sv: "Vem är {n}?"'},
        "questions[vem_annan].text.sv: there is no number for the place {n} here; remove it",
    ),
    # questions
    (
        "unknown scale",
        {"scale: tre": "scale: fyra"},
        'questions[lyssnar].scale: unknown scale "fyra". Known: tre',
    ),
    (
        "unknown question type",
        {"type: text": "type: tetx"},
        'questions[mer].type: unknown question type "tetx". Known: single, text',
    ),
    (
        "unknown area",
        {"areas: [prov]": "areas: [annat]", "    area: prov": "    area: prov  # here"},
        'questions[vem].area: unknown area "prov". Known: annat',
    ),
    (
        "duplicate question id",
        {"id: antal\n": "id: vem  # here\n"},
        'questions[vem].id: the id "vem" is given twice',
    ),
    (
        "numbers out of order",
        {"nr: 6": "nr: 7"},
        "questions[namn].nr: is 7 but the question is number 6 in order",
    ),
    (
        "recall of an unknown question",
        {"only_in: [antal]": "only_in: [antalet]"},
        'recall.only_in: there is no question "antalet"',
    ),
    (
        "no length for words",
        {"- id: mer": "- id: mer  # here", "    max_chars: 40\n": ""},
        'questions[mer]: "max_chars" is missing; say how long the text may be',
    ),
    (
        "length for a choice",
        {"positive: [ja]": "max_chars: 9\n    positive: [ja]"},
        "questions[tolk].max_chars: belongs to questions answered in words; remove it",
    ),
    (
        "scale for words",
        {"max_chars: 40": "max_chars: 40\n    scale: tre  # here"},
        'questions[mer].scale: type "text" has no scale; remove it',
    ),
    # routing
    (
        "routing on a later question",
        {"vem == annan": "namn == nej"},
        'questions[vem_annan].show_if: there is no question "namn" before this one',
    ),
    (
        "routing on an unknown question",
        {"vem == annan": "wem == annan"},
        'questions[vem_annan].show_if: there is no question "wem" before this one',
    ),
    (
        "routing on an unknown code",
        {"vem == annan": "vem == andra"},
        'questions[vem_annan].show_if: "vem" has no option "andra". Options: sjalv, annan',
    ),
    (
        "routing that cannot be read",
        {"vem == annan": "vem != sjalv"},
        'questions[vem_annan].show_if: cannot read the condition "vem != sjalv". Write "',
    ),
    (
        "short form without its filter",
        {"- id: tolk\n": "- id: tolk\n    short_form: true  # here\n"},
        'questions[tolk].short_form: the short form needs "vem_annan" too',
    ),
    # options and shares
    (
        "too few options",
        {
            '\n      - {code: annan, sv: "Någon annan", en: "Someone else"}': "",
            'show_if: "vem == annan"': 'show_if: "vem == sjalv"',
            "options:\n      - {code: sjalv": "options:  # here\n      - {code: sjalv",
        },
        "questions[vem].options: give a scale or at least two options",
    ),
    (
        "duplicate option code",
        {"{code: tolk, ": "{code: van, "},
        'questions[vem_annan].options[van]: the code "van" is given twice',
    ),
    (
        "duplicate option code in a scale",
        {"{code: aldrig, ": "{code: alltid, "},
        'scales.tre.options[alltid]: the code "alltid" is given twice',
    ),
    (
        "extra option that the scale has",
        {"code: ej_aktuellt": "code: ibland", "extra_option:": "extra_option:  # here"},
        'questions[lyssnar].extra_option: the scale already has the code "ibland"',
    ),
    (
        "don't know before an answer",
        {
            "{code: aldrig, ": "{code: vet_ej, ",
            'en: "No, never"}': 'en: "No, never", kind: dont_know}',
            '{code: vet_ej, sv: "Vet inte", en: "Don\'t know", kind: dont_know}': (
                '{code: aldrig, sv: "Nej", en: "No"}'
            ),
            "  tre:\n    options:": "  tre:\n    options:  # here",
        },
        'scales.tre.options: "dont_know" options stand last; move them',
    ),
    (
        "visibility that cannot be read",
        {"unit.named_officers_per_client >= 2": "unit.clients >= 2"},
        'options[ja_nagon].visible_if: cannot read "unit.clients >= 2". Write "unit.named_',
    ),
    (
        "positive code that is no option",
        {"positive: [alltid]": "positive: [jamt]"},
        'questions[lyssnar].positive: there is no option "jamt". Options: alltid, ibland, ',
    ),
    (
        "positive don't know",
        {"positive: [alltid]": "positive: [alltid, vet_ej]"},
        'questions[lyssnar].positive: "vet_ej" is of kind "dont_know", outside the denominator',
    ),
    (
        "nothing positive",
        {"positive: [alltid]": "positive: []"},
        "questions[lyssnar].positive: no code is positive; write null for no share",
    ),
    (
        "no word about positive",
        {"- id: tolk": "- id: tolk  # here", "    positive: [ja]\n": ""},
        'questions[tolk]: "positive" is missing; list the codes or write null for no share',
    ),
    (
        "share that cannot be read",
        {"answers <= max(1, unit.named_officers_per_client)": "answers > 1"},
        'questions[antal].derived.share: cannot read the share "answers > 1". Write "answers',
    ),
    (
        "share over a code that is no number",
        {'{code: "2plus", ': "{code: flera, ", "derived: {": "derived: {"},
        'questions[antal].derived: the code "flera" does not begin with a number',
    ),
    (
        "duplicate indicator",
        {"{id: IND_ANTAL, ": "{id: IND_LYSSNAR, "},
        'questions[antal].derived.id: the indicator "IND_LYSSNAR" is given twice',
    ),
    (
        "indicator without label",
        {'  IND_LYSSNAR: "Andel som blir lyssnade på"\n': "", "indicator: ": "indicator: "},
        'questions[lyssnar].indicator: "IND_LYSSNAR" has no label; add it to',
    ),
    (
        "label without indicator",
        {"  IND_ANTAL: ": '  IND_ALLT: "Andel av allt"\n  IND_ANTAL: '},
        "indicator_labels.IND_ALLT: no question has this indicator",
    ),
    (
        "indicator without positive codes",
        {"positive: [alltid]": "positive: null", "indicator: ": "indicator: "},
        'questions[lyssnar].indicator: an indicator needs "positive" codes',
    ),
    # versions
    (
        "second version of nothing",
        {"version: 1": "version: 2"},
        'version: a version after the first says which one it is based on; add "based_on"',
    ),
    (
        "based on itself",
        {"version: 1": "version: 1\nbased_on: 1  # here"},
        "based_on: must be lower than the version, 1",
    ),
]


def changed(replacements):
    """The sample with the replacements, and the line where the fault then is."""
    text = RULES
    for old, new in replacements.items():
        assert old in text, old
        place = text.index(old)
        text = text.replace(old, new, 1)
    place = text.index("# here") if "# here" in text else place
    return text, text[:place].count("\n") + 1


@pytest.mark.parametrize(
    ("replacements", "message"), [pytest.param(*case[1:], id=case[0]) for case in FAULTS]
)
def test_fault_is_told_with_its_line_and_what_to_do(replacements, message):
    text, line = changed(replacements)

    with pytest.raises(QuestionnaireError) as caught:
        parse(text, "prov.yaml")

    told = str(caught.value).split("\n")
    assert any(f.startswith(f"prov.yaml:{line}: ") and message in f for f in told), (line, told)
