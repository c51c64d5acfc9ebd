"""A browser without a screen that checks every page it fetches."""

import time

import html5lib
from flask.testing import FlaskClient

from surveyapp.web.auth import sessions

LABELLED = ("input", "select", "textarea")
WITHOUT_LABEL = ("hidden", "submit", "button", "image", "reset")


class HouseClient(FlaskClient):
    """Signs in, finds the proof that a form is ours, and fails on a faulty page."""

    def log_in(self, account):
        """Be this account from now on, as after the sign-in page but quicker."""
        with self.session_transaction() as stored:
            stored.update(_user_id=str(account.id), _fresh=True)
            stored.update(sessions.marks(account, time.time()))
        return account

    def log_out(self):
        with self.session_transaction() as stored:
            stored.clear()

    def open(self, *args, **kwargs):
        response = super().open(*args, **{"buffered": True} | kwargs)
        if response.mimetype == "text/html" and response.data and not response.location:
            faults = page_faults(response.text)
            assert not faults, f"{response.request.path}: {faults}"
        return response

    def post(self, *args, data=None, with_token=True, **kwargs):
        """Post a form with the token of its own page, or of any page that has one."""
        if with_token and (data is None or isinstance(data, dict)) and "json" not in kwargs:
            data = {"csrf_token": self.token(args[0])} | (data or {})
        return super().post(*args, data=data, **kwargs)

    def token(self, path):
        """The token that a person who has the page open would send."""
        for address in (path, "/tillganglighet"):
            page = self.get(address)
            if page.mimetype == "text/html" and (token := hidden_value(page, "csrf_token")):
                return token
        raise AssertionError(f"no page has a token, not even for {path}")


def tree(text):
    """The page as a tree; a fault in its HTML raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def hidden_value(page, name):
    """What a hidden field of the page holds, or None."""
    found = tree(page.text).find(f".//input[@name='{name}']")
    return None if found is None else found.get("value")


def words(page):
    """What a person reads in the main part of the page, with single spaces."""
    main = tree(page.text).find(".//main")
    return " ".join(" ".join(main.itertext()).split())


def page_faults(text):
    """What is wrong with a page, in words."""
    try:
        page = tree(text)
    except html5lib.html5parser.ParseError as error:
        return [f"faulty HTML: {error}"]
    elements = list(page.iter())
    ids = [e.get("id") for e in elements if e.get("id") is not None]
    return [
        *_frame_faults(page),
        *[f"id {each!r} twice" for each in sorted({i for i in ids if ids.count(i) > 1})],
        *[f"empty id on <{e.tag}>" for e in elements if e.get("id") == ""],
        *[f"<{e.tag} {name}> is inline" for e in elements for name in e.attrib
          if name == "style" or name.startswith("on")],
        *[f"inline <{e.tag}>" for e in elements if _is_inline(e)],
        *_label_faults(page, set(ids)),
        *_reference_faults(elements, set(ids)),
    ]  # fmt: skip


def _frame_faults(page):
    if not page.get("lang"):
        yield "no language"
    if len(page.findall(".//h1")) != 1:
        yield f"{len(page.findall('.//h1'))} h1"
    if len(page.findall(".//main")) != 1:
        yield "no single main"
    title = page.find(".//title")
    if title is None or not (title.text or "").strip():
        yield "no title"
    if page.find(".//meta[@name='viewport']") is None:
        yield "no viewport"


def _is_inline(element):
    if element.tag == "style":
        return True
    is_data = element.get("type") in ("application/json", "application/ld+json")
    return element.tag == "script" and element.get("src") is None and not is_data


def _label_faults(page, ids):
    labelled = {label.get("for") for label in page.iter("label")}
    wrapped = {id(e) for label in page.iter("label") for e in label.iter()}
    for control in (e for e in page.iter() if e.tag in LABELLED):
        if control.tag == "input" and control.get("type", "text") in WITHOUT_LABEL:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") in ids
        if not (named or control.get("id") in labelled or id(control) in wrapped):
            yield f"no label on <{control.tag} name={control.get('name')!r}>"
    for button in page.iter("button"):
        if not ("".join(button.itertext()).strip() or button.get("aria-label")):
            yield "a button without words"


def _reference_faults(elements, ids):
    for element in elements:
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for target in (element.get(name) or "").split():
                if target not in ids:
                    yield f"{name}={target!r} points at nothing"
