"""What the fields of a questionnaire are called on a page."""

from collections.abc import Iterator

from surveyapp.errors import N_
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


def groups() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each group with its texts: name and place, in the order in which people meet them."""
    places = dict(text_rows())
    for group, names in GROUPS.items():
        yield group, [(name, places[row]) for row, name in names.items()]
