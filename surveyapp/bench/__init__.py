"""How fast it is, on this machine: collecting, releasing, and the pages of results."""

import click

from surveyapp.bench.collect import collect
from surveyapp.bench.release import release
from surveyapp.bench.results import results


@click.group()
def bench() -> None:
    """Measure speed, in databases of its own that are thrown away.

    Every figure is the median of several runs and their range. Other work on the machine makes
    wall times longer; CPU time hardly notices it, so that is the figure to compare.
    """


for command in (collect, release, results):
    bench.add_command(command)
