"""What a page costs to fetch the first time, compressed: itself, its styles and its scripts."""

import gzip
import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath

LOADED = re.compile(rb'(?:href|src)="(/s/[^"]+)"')
MODULE = re.compile(rb'data-module="([a-z-]+)"')
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


def _loaded(page: bytes) -> Iterator[str]:
    paths = dict.fromkeys(path.decode() for path in LOADED.findall(page))
    yield from paths
    for main in [path for path in paths if path.endswith("/main.js")]:
        for name in dict.fromkeys(MODULE.findall(page)):
            yield join(dirname(main), f"{name.decode()}.js")
