"""What the fields of a questionnaire are called on a page."""

from collections.abc import Iterator

from surveyapp.errors import N_
from surveyapp.i18n import gettext
from surveyapp.questionnaire import text_rows

# The texts around the questions, in groups; a test sees that none is missing.
GROUPS = {
    N_("Before the questions"): {
        "title": N_("Heading"),
        "intro_1_who": N_("What the questions are about"),
        "intro_2_promise": N_("The promise: {min_n} is where the limit goes"),
        "choose_language": N_("Choose language"),
        "language_name": N_("What the language calls itself"),
        "practice.q": N_("Practice question"),
        "practice.a.1": N_("Practice question, first answer"),
        "practice.a.2": N_("Practice question, the right answer"),
        "practice.done": N_("Practice question, afterwards"),
    },
    N_("On every question"): {
        "progress": N_("How far: {n} of {total}"),
        "proxy_banner": N_("Reminder for whoever answers for another person"),
        "choose_one": N_("If nothing is chosen"),
        "long_form_hint": N_("At questions that depend on an earlier answer"),
        "too_long": N_("If a text is too long: {n} is the limit"),
        "text_size_label": N_("Text size"),
        "text_size.1": N_("Text size, normal"),
        "text_size.2": N_("Text size, larger"),
        "text_size.3": N_("Text size, largest"),
    },
    N_("Buttons"): {
        "buttons.start": N_("Start"),
        "buttons.next": N_("Next"),
        "buttons.back": N_("Back"),
        "buttons.skip": N_("Skip"),
        "buttons.listen": N_("Listen"),
        "buttons.listen_stop": N_("Stop reading"),
        "buttons.stop": N_("Stop now"),
        "buttons.send": N_("Send"),
        "buttons.try_again": N_("Send again"),
        "someone_else": N_("Somebody else answers"),
    },
    N_("Stopping and the tablet in other hands"): {
        "stop_choice.q": N_("Stop: the question"),
        "stop_choice.keep": N_("Stop: keep the answers"),
        "stop_choice.drop": N_("Stop: remove the answers"),
        "stop_choice.resume": N_("Stop: go on"),
        "few_more.q.one": N_("One more question?"),
        "few_more.q.other": N_("More questions? {n} is how many"),
        "few_more.yes": N_("More questions: yes"),
        "few_more.no": N_("More questions: no"),
        "hidden.text": N_("The questions are hidden"),
        "hidden.go": N_("Hidden: go on"),
        "hidden.end": N_("Hidden: end"),
    },
    N_("The end"): {
        "review": N_("How many were answered: {n} of {total}"),
        "not_saved_yet": N_("While the answers are saved"),
        "sent_already": N_("If the answers were sent already"),
        "tell_officer": N_("If the tablet needs help"),
        "thanks": N_("Thanks, on a tablet"),
        "thanks_own_device": N_("Thanks, on their own screen"),
        "officer_done": N_("The officer's button at the end"),
    },
    N_("The code from the letter"): {
        "code_entry.q": N_("Enter the code"),
        "code_entry.help": N_("What the code looks like"),
        "code_entry.go": N_("Code: go on"),
        "code_entry.unknown": N_("If the code cannot be used"),
    },
}
OPTION_KINDS = {
    "": N_("an answer that counts"),
    "substantive": N_("an answer that counts (written out)"),
    "dont_know": N_("don't know"),
    "not_applicable": N_("does not apply"),
}
QUESTION_KINDS = {"single": N_("one of several answers"), "text": N_("own words")}


# What the fields of a question, an option and the head are called.
FIELDS = {
    "text": N_("Question"),
    "help": N_("Help under the question"),
    "options": N_("Answers"),
    "extra_option": N_("Extra answer"),
    "positive": N_("Counts as positive"),
    "show_if": N_("When it is asked"),
    "short_form": N_("In the short form"),
    "area": N_("Area"),
    "type": N_("Answered with"),
    "scale": N_("Scale"),
    "max_chars": N_("Longest text, in characters"),
    "indicator": N_("Indicator"),
    "derived": N_("Derived indicator"),
    "kind": N_("How it counts"),
    "visible_if": N_("Shown only if"),
    "owner": N_("Owner"),
    "reason": N_("Why there is a new version"),
    "minutes": N_("Minutes"),
    "recall": N_("How far back some questions ask"),
    "areas": N_("Areas"),
    "languages": N_("Languages"),
    "indicator_labels": N_("Words of the indicators"),
    "changes": N_("Decision"),
}


def place_name(place: str) -> str:
    """What a place is called on a page: ``bem_respekt, Question, sv``."""
    kind, *steps = place.split("/")
    if kind == "texts":
        by_place = {row.partition("/{}")[0]: name for name, row in _named_rows()}
        for depth in range(len(steps), 0, -1):
            if name := by_place.get("/".join(("texts", *steps[:depth]))):
                return ", ".join([gettext(name), *steps[depth:]])
    if kind not in ("questions", "scales", "texts"):
        steps = [kind, *steps]
    return ", ".join(gettext(FIELDS[step]) if step in FIELDS else step for step in steps)


def _named_rows() -> Iterator[tuple[str, str]]:
    for _group, rows in groups():
        yield from rows


def groups() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each group with its texts: name and place, in the order in which people meet them."""
    places = dict(text_rows())
    for group, names in GROUPS.items():
        yield group, [(name, places[row]) for row, name in names.items()]
