"""The table that a measurement prints, with the machine it was made on."""

import os
import platform
from collections.abc import Mapping, Sequence
from statistics import median

import click
from rich.console import Console
from rich.table import Table

Runs = Sequence[float]


def machine(database: str) -> str:
    """The line under every table: what the figures were made with."""
    versions = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores (load now {load}), {versions}, {database}"


def print_table(
    title: str, columns: Sequence[str], rows: Mapping[str, Sequence[str]], notes: Sequence[str]
) -> None:
    """A table with a name before each row, and the notes that belong to it."""
    table = Table("")
    for column in columns:
        table.add_column(column, justify="right")
    for name, cells in rows.items():
        table.add_row(name, *cells)
    click.echo(title)
    # In a pipe nothing says how wide a line may be.
    Console(width=None if os.isatty(1) else 110).print(table)
    for note in notes:
        click.echo(f"  {note}")


def spread(values: Runs, unit: str = "", digits: int = 1) -> str:
    """Median, and least to most where there are several."""
    if not values:
        return "-"
    text = f"{median(values):.{digits}f}{unit}"
    if len(values) > 1:
        text += f" ({min(values):.{digits}f}-{max(values):.{digits}f})"
    return text
