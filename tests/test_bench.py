"""The benchmarks work and clean up after themselves. How fast anything is, no test says."""

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from surveyapp.bench import bench
from surveyapp.bench.databases import FOLDER, database
from surveyapp.bench.processes import cpu_seconds
from surveyapp.bench.results import PAGES
from surveyapp.bench.visitors import quantile
from surveyapp.bench.volumes import sizes
from surveyapp.bench.weights import weight


def left_behind():
    """The folders of this process: another may measure at the same time."""
    return set(Path(FOLDER).glob(f"surveyapp-bench-{os.getpid()}-*"))


def printed(*arguments):
    """What a benchmark prints, when it ends well and leaves nothing behind."""
    before = left_behind()
    result = CliRunner().invoke(bench, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert left_behind() <= before
    return result.output


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_collecting_stores_every_response_and_prints_what_it_cost(kind):
    said = printed("collect", "--quick", "--database", kind)

    assert "surveyapp" in said
    assert "bare form" in said
    assert "failed 0" in said
    assert "first page:" in said


def test_releasing_is_measured_for_each_size():
    said = printed("release", "--quick")

    assert "500" in said
    assert "1,000" in said


def test_releasing_is_measured_on_postgresql():
    said = printed("release", "--sizes", "1000", "--runs", "1", "--database", "postgresql")

    assert "1,000" in said
    assert "postgresql" in said


def test_pages_of_results_are_measured_for_each_size():
    said = printed("results", "--quick")

    assert "1,000 city" in said
    assert "400 units unit" in said
    assert said.count("+0 queries with 400 units (good)") == len(PAGES)


def test_weight_of_a_page_is_that_of_all_it_loads():
    files = {
        "/s/1/css/a.css": b"a" * 100,
        "/s/1/js/main.js": b"main",
        "/s/1/js/chart.js": b'import { x } from "./library.js";',
        "/s/1/js/library.js": b"export const x = 1;",
    }
    asked = []

    def fetch(path):
        asked.append(path)
        return files[path]

    links = b'<link href="/s/1/css/a.css"><script src="/s/1/js/main.js"></script>'
    bare = weight(links, fetch)
    with_charts = weight(links + 2 * b'<div data-module="chart"></div>', fetch)

    assert asked[:2] == ["/s/1/css/a.css", "/s/1/js/main.js"]
    assert sorted(asked[2:]) == sorted(files)
    assert bare < with_charts


def test_statistics_are_measured_beside_a_plain_loop():
    said = printed("statistics", "--quick")

    assert "1,566 exact" in said
    assert "280 units against the rest" in said
    assert "times the loop" in said


def test_coverage_is_counted_for_each_size_and_population():
    said = printed("coverage", "--quick")

    assert "n = 10" in said
    assert "0.952 / 0.989 / 42.8" in said
    assert "exact enumeration" in said


def test_database_of_a_measurement_goes_when_it_fails():
    with pytest.raises(RuntimeError), database("sqlite") as where:
        raise RuntimeError

    assert not where.folder.exists()


def test_cpu_time_of_children_counts():
    before = cpu_seconds(os.getpid())
    child = os.fork()
    if child == 0:
        until = time.process_time() + 0.1
        while time.process_time() < until:
            pass
        os._exit(0)
    os.waitpid(child, 0)

    assert cpu_seconds(os.getpid()) - before >= 0.05


def test_sizes_are_sorted_and_bounded():
    assert sizes("10000,1000", full=False, quick=False) == [1000, 10000]
    assert sizes("", full=True, quick=False)[-1] == 1_000_000


@pytest.mark.parametrize("chosen", ["many", "0", "1000001"])
def test_size_that_is_none_is_bad_usage(chosen):
    result = CliRunner().invoke(bench, ["release", "--sizes", chosen])

    assert result.exit_code == 2


def test_quantile_is_a_value_that_was_met():
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0
    assert quantile([1.0], 1.0) == 1.0
    assert quantile([], 0.95) == 0.0


@pytest.mark.browser
def test_tablet_is_weighed_and_everything_sent_is_stored():
    said = printed("tablet", "--quick")

    assert "first screen usable, without network" in said
    assert "without network, one language:" in said
    assert "5 tablets send 1 answers each at once" in said
    assert "stored 6 of 6 sent, 0 in quarantine" in said
