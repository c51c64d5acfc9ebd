"""How fast it is, on this machine, and how often its intervals hold what they should."""

import click

from surveyapp.bench.collect import collect
from surveyapp.bench.coverage import coverage
from surveyapp.bench.estimates import statistics
from surveyapp.bench.faults import faults
from surveyapp.bench.release import release
from surveyapp.bench.results import results
from surveyapp.bench.tablet import tablet


@click.group()
def bench() -> None:
    """Measure speed, in databases of its own that are thrown away, and intervals.

    Every figure is the median of several runs and their range. Other work on the machine makes
    wall times longer; CPU time hardly notices it, so that is the figure to compare.
    """


for command in (collect, tablet, faults, release, results, statistics, coverage):
    bench.add_command(command)
