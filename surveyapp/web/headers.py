"""What every response says to the browser: what may run, what may be kept, who may frame it."""

from flask import Flask, Response, g

# Plotly makes one empty <style>; the hash of nothing lets that in and no other.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # without a referrer no form could be sent over HTTPS
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SELF = {True: "'self'", False: "'none'"}
HSTS = "max-age=31536000; includeSubDomains"


def content_security_policy(
    *, charts: bool = False, frames: bool = False, framed: bool = False
) -> str:
    """Only our own files; `charts` adds what drawing and saving a chart needs, `frames` lets
    the page show others of ours, and `framed` be shown in them."""
    images = "'self' data: blob:" if charts else "'self'"
    styles = f"'self' {EMPTY_STYLE}" if charts else "'self'"
    return (
        "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; "
        f"form-action 'self'; frame-ancestors {SELF[framed]}; "
        f"frame-src {SELF[frames]}; manifest-src 'self'; "
        f"script-src 'self'; worker-src 'self'; img-src {images}; style-src {styles}"
    )


def install(app: Flask) -> None:
    """Add the headers to every page. A view that shows charts sets `g.has_charts = True`, one
    with a page of ours in a frame `g.shows_frames`, and that page `g.may_be_framed`."""
    production = app.config["SETTINGS"].production

    @app.after_request
    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = content_security_policy(
            charts=bool(g.get("has_charts")),
            frames=bool(g.get("shows_frames")),
            framed=bool(g.get("may_be_framed")),
        )
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if production:
            response.headers["Strict-Transport-Security"] = HSTS
        if not response.cache_control.immutable:
            response.headers["Cache-Control"] = "no-store"
        return response
