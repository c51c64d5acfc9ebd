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
HSTS = "max-age=31536000; includeSubDomains"


def content_security_policy(*, charts: bool = False) -> str:
    """Only our own files; `charts` adds what drawing and saving a chart needs."""
    images = "'self' data: blob:" if charts else "'self'"
    styles = f"'self' {EMPTY_STYLE}" if charts else "'self'"
    return (
        "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; manifest-src 'self'; "
        f"script-src 'self'; worker-src 'self'; img-src {images}; style-src {styles}"
    )


def install(app: Flask) -> None:
    """Add the headers to every page. A view that shows charts sets `g.has_charts = True`."""
    production = app.config["SETTINGS"].production

    @app.after_request
    def add(response: Response) -> Response:
        charts = bool(g.get("has_charts"))
        response.headers["Content-Security-Policy"] = content_security_policy(charts=charts)
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if production:
            response.headers["Strict-Transport-Security"] = HSTS
        if not response.cache_control.immutable:
            response.headers["Cache-Control"] = "no-store"
        return response
