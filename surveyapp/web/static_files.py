"""Style sheets, scripts and the chart library, at addresses that change with their content."""

import atexit
import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from wsgiref.headers import Headers
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import rjsmin
from flask import Flask
from werkzeug.wrappers import Request, Response
from whitenoise import WhiteNoise

from surveyapp.web.headers import ALWAYS, HSTS

STATIC = Path(__file__).parent.parent / "static"
PLOTLY_PATH = f"/s/plotly-{version('plotly')}/plotly.min.js"
FOREVER = 365 * 24 * 3600  # seconds
COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".webmanifest"}


@cache
def fingerprint() -> str:
    """Of the whole tree: an address inside a style sheet or module then inherits it."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static(path: str) -> str:
    """The address of a file in `static/`."""
    if not (STATIC / path).is_file():
        raise FileNotFoundError(f"no such file in static/: {path}")
    return f"/s/{fingerprint()}/{path}"


def content(path: str) -> bytes:
    """A file in `static/` as it is served."""
    return (_compressed_copy() / path).read_bytes()


@cache
def _compressed_copy() -> Path:
    """A copy of `static/` without comments in its scripts, and with a compressed file beside
    each; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="surveyapp-static-"))
    atexit.register(_remove, folder, os.getpid())
    shutil.copytree(STATIC, folder, dirs_exist_ok=True)
    for path in list(folder.rglob("*")):
        if path.suffix == ".js":
            path.write_text(rjsmin.jsmin(path.read_text(encoding="utf-8")), encoding="utf-8")
        if path.suffix in COMPRESSIBLE:
            path.with_name(path.name + ".gz").write_bytes(
                gzip.compress(path.read_bytes(), mtime=0)
            )
    return folder


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not a worker that was forked from it
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _plotly_compressed() -> bytes:
    return gzip.compress(_plotly_file().read_bytes(), 6, mtime=0)


def _plotly_file() -> Path:
    package = find_spec("plotly")  # found, not imported: that would take half a second
    if package is None or package.origin is None:
        raise FileNotFoundError("the package plotly is not installed")
    return Path(package.origin).parent / "package_data" / "plotly.min.js"


def _plotly(environ: WSGIEnvironment) -> Response:
    """The chart library out of the installed package, so both sides are of one version."""
    response = Response(mimetype="text/javascript", headers=dict(ALWAYS))
    response.vary.add("Accept-Encoding")
    if Request(environ).accept_encodings["gzip"]:
        response.headers["Content-Encoding"] = "gzip"
        response.data = _plotly_compressed()
    else:
        response.data = _plotly_file().read_bytes()
    response.cache_control.public = True
    response.cache_control.max_age = FOREVER
    response.cache_control.immutable = True
    return response


def _with_plotly(application: WSGIApplication) -> WSGIApplication:
    """Ahead of the application: a response that varied with the cookie would not be kept."""

    def serve(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PLOTLY_PATH:
            return _plotly(environ)(environ, start)
        return application(environ, start)

    return serve


def install(app: Flask) -> None:
    """Serve the files ahead of the application, to be kept by browsers for good."""

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        for name, value in ALWAYS.items():
            headers[name] = value
        if app.config["SETTINGS"].production:
            headers["Strict-Transport-Security"] = HSTS

    app.jinja_env.globals.update(static=static, plotly_script=PLOTLY_PATH)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        _with_plotly(app.wsgi_app),
        root=str(_compressed_copy()),
        prefix=f"s/{fingerprint()}/",
        max_age=FOREVER,
        allow_all_origins=False,
        add_headers_function=add_headers,
        immutable_file_test=lambda _path, _url: True,
    )
