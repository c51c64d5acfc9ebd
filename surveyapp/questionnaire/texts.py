"""The texts around the questions: every screen text and button, in every language.

They belong to the version, because what people saw is part of what they answered. A text with
a number has its place for it, such as ``{n}``; `PLACES` lists them all.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1)]
Words = Mapping[str, Text]  # language to text


class Part(BaseModel):
    """A frozen piece of a questionnaire: an unknown or missing key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Buttons(Part):
    """What the buttons say."""

    start: Words
    next: Words
    back: Words
    skip: Words
    listen: Words
    listen_stop: Words
    stop: Words
    send: Words
    try_again: Words


class StopChoice(Part):
    """The choice after "Stop now": keep, drop or go on."""

    q: Text
    keep: Text
    drop: Text
    resume: Text


class Practice(Part):
    """The practice question; the last answer is the right one."""

    q: Text
    a: tuple[Text, Text]
    done: Text


class Hidden(Part):
    """The page that covers the questions after some minutes of rest."""

    text: Text
    go: Text
    end: Text


class OneOrMore(Part):
    """A sentence for the number one and one for other numbers."""

    one: Text
    other: Text


class FewMore(Part):
    """The offer, once, to answer the short form's questions that remain."""

    q: OneOrMore
    yes: Text
    no: Text


class CodeEntry(Part):
    """The page where the code from the letter is written."""

    q: Text
    help: Text
    go: Text
    unknown: Text


class Texts(Part):
    """Every text of the respondent's pages beside the questions themselves."""

    title: Words
    intro_1_who: Words
    intro_2_promise: Words
    proxy_banner: Words
    buttons: Buttons
    stop_choice: Mapping[str, StopChoice]
    thanks: Words
    practice: Mapping[str, Practice]
    progress: Words
    text_size_label: Words
    text_size: Mapping[str, tuple[Text, Text, Text]]
    choose_language: Words
    language_name: Words
    choose_one: Words
    long_form_hint: Words
    too_long: Words
    hidden: Mapping[str, Hidden]
    someone_else: Words
    few_more: Mapping[str, FewMore]
    review: Words
    not_saved_yet: Words
    sent_already: Words
    tell_officer: Words
    code_entry: Mapping[str, CodeEntry]
    thanks_own_device: Words
    officer_done: Words  # read by staff: in the questionnaire's first language only


FIRST_LANGUAGE_ONLY = frozenset({"officer_done"})

# The places each text must hold; a text not named here holds none. The path leaves out the
# language.
PLACES: Mapping[str, frozenset[str]] = {
    "intro_2_promise": frozenset({"min_n"}),
    "progress": frozenset({"n", "total"}),
    "review": frozenset({"n", "total"}),
    "few_more.q.other": frozenset({"n"}),
    "too_long": frozenset({"n"}),
}
OPTIONAL_IN_EASY_READ = frozenset({"min_n"})  # an easy-read text may promise without a number


def is_easy_read(language: str) -> bool:
    """Whether the language form is an easy-read one.

    Examples
    --------
    >>> is_easy_read("sv-LL"), is_easy_read("sv")
    (True, False)
    """
    return language.endswith("-LL")


RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def html_language(language: str) -> str:
    """What browsers and voices know the language form as: easy-read Swedish is Swedish.

    Examples
    --------
    >>> html_language("sv-LL"), html_language("fa")
    ('sv', 'fa')
    """
    return language.partition("-")[0]


def direction(language: str) -> str:
    """The direction in which the language is written: `ltr` or `rtl`.

    Examples
    --------
    >>> direction("ar"), direction("sv-LL")
    ('rtl', 'ltr')
    """
    return "rtl" if html_language(language) in RIGHT_TO_LEFT else "ltr"
