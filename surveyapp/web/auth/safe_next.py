"""Where to go after signing in or changing language: only to a page of our own."""

from urllib.parse import urlsplit

START = "/"


def safe_next(address: str) -> str:
    """The address if it is a path here, else the start page.

    >>> safe_next("/papper?sida=2"), safe_next("https://example.org/"), safe_next("//x.se")
    ('/papper?sida=2', '/', '/')
    """
    if not address.startswith("/") or address.startswith("//"):
        return START
    if any(ord(sign) < 32 or sign == "\\" for sign in address):
        return START  # browsers take these out, or read them as slashes
    try:
        parts = urlsplit(address)
    except ValueError:
        return START
    return START if parts.scheme or parts.netloc else address
