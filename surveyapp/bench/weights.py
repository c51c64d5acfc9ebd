"""What a page costs to fetch the first time, compressed: itself, its styles and its scripts."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath

from surveyapp.bench.visitors import Connection

LOADED = re.compile(rb'(?:href|src)="(/s/[^"]+)"')
MODULE = re.compile(rb'data-module="([a-z-]+)"')
ONE_LANGUAGE = "sv"
IMPORTED = re.compile(rb'from "(\./[a-z-]+\.js)"')


def weight(page: bytes, fetch: Callable[[str], bytes]) -> int:
    """Bytes of the page and all that it loads by itself; not the chart library, which waits
    until a chart is looked at."""
    files = {path: fetch(path) for path in _loaded(page)}
    waiting = list(files)
    while waiting:
        path = waiting.pop()
        for name in IMPORTED.findall(files[path]) if path.endswith(".js") else ():
            imported = normpath(join(dirname(path), name.decode()))
            if imported not in files:
                files[imported] = fetch(imported)
                waiting.append(imported)
    return sum(len(gzip.compress(each, 6)) for each in (page, *files.values()))


def fetched(port: int, path: str) -> tuple[bytes, int]:
    """The content, and how many bytes it is as it comes, gzipped where that is worth it."""
    connection = Connection(port)
    connection.http.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.http.getresponse()
    body = response.read()
    connection.http.close()
    if response.headers.get("Content-Encoding") == "gzip":
        return gzip.decompress(body), len(body)
    return body, len(body)


def offline(fetch: Callable[[str], tuple[bytes, int]]) -> list[str]:
    """What the tablet keeps to do without network, in one language and in all."""
    script = fetch("/service-worker.js")[0].decode()
    listed = json.JSONDecoder().raw_decode(script.removeprefix("const LIST = "))[0]["files"]
    sizes = {each["url"]: fetch(each["url"])[1] / 1000 for each in listed}
    pages = [url for url in sizes if url.startswith("/platta/")]
    newest = max(int(url.split("/")[-2]) for url in pages)
    others = {url for url in pages if not url.endswith(f"/{newest}/{ONE_LANGUAGE}")}
    one = sum(size for url, size in sizes.items() if url not in others)
    scripts = [url for url in sizes if url.endswith(".js")]
    ours = sum(sizes[url] for url in scripts)
    return [
        f"without network, one language: {one:.1f} kB gzip (goal 60), of it {ours:.1f} kB in "
        f"{len(scripts)} scripts (goal 20); all languages {sum(sizes.values()):.1f} kB",
    ]


def _loaded(page: bytes) -> Iterator[str]:
    paths = dict.fromkeys(path.decode() for path in LOADED.findall(page))
    yield from paths
    for main in [path for path in paths if path.endswith("/main.js")]:
        for name in dict.fromkeys(MODULE.findall(page)):
            yield join(dirname(main), f"{name.decode()}.js")
