"""The whole list of faults, in a browser too, again and again: does it hold each time?"""

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import click

from surveyapp.config import PACKAGE

ROOT = PACKAGE.parent
LONGEST = 30 * 60  # seconds for one run of the list


@dataclass(frozen=True)
class Run:
    """One run of every test that is marked `faults`: how many, and those that did not hold."""

    n: int
    failed: tuple[str, ...]
    seconds: float


def runs(times: int) -> Iterator[Run]:
    """Run them so many times, each time from nothing."""
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("The list of faults is run from a checkout of the source.")
    with tempfile.TemporaryDirectory(prefix="surveyapp-bench-") as folder:
        for _ in range(times):
            yield _run(Path(folder) / "result.xml")


def _run(result: Path) -> Run:
    result.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-m", "faults", "-n", "2", "-q"]
    command += ["-p", "no:cacheprovider", f"--junitxml={result}"]
    began = time.perf_counter()
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise click.ClickException(f"The list took more than {LONGEST} s.") from error
    if not result.exists():
        last = (ended.stdout + ended.stderr).strip().splitlines()[-1:]
        raise click.ClickException(f"The list could not be run: {' '.join(last)}")
    cases = list(ElementTree.parse(result).iter("testcase"))  # noqa: S314 - we wrote it
    failed = [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
    return Run(len(cases), tuple(failed), time.perf_counter() - began)


def flaky(made: list[Run]) -> list[str]:
    """Each test that did not hold, and how often."""
    counted = Counter(name for run in made for name in run.failed)
    return [f"{name}: {n} of {len(made)} times" for name, n in counted.most_common()]
