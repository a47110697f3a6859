"""What a measurement is, and how it is printed.

Input: rows, as they are measured. Output: lines of text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Row:
    """A figure beside its baseline, both of one run."""

    what: str
    figure: float
    unit: str
    """Of the figure and of the baseline."""
    baseline: float
    beside: str
    """What the baseline measures."""

    @property
    def ratio(self) -> float:
        """The figure in baselines; infinite where the baseline is nothing."""
        return self.figure / self.baseline if self.baseline else float("inf")


class Measurement(Protocol):
    """What a module of this package has."""

    @property
    def TITLE(self) -> str:  # noqa: N802  a module's constant
        """What is measured."""
        ...

    def measure(self) -> Iterable[Row]:
        """The rows, each as soon as it is measured."""
        ...


def print_table(measurement: Measurement) -> None:
    """Print the title, and every row as it comes."""
    print(f"\n{measurement.TITLE}", flush=True)
    for row in measurement.measure():
        figures = f"{_number(row.figure):>10} {row.unit:<5} {_number(row.baseline):>10} {row.unit:<5}"
        print(f"  {row.what:<62} {figures} {row.ratio:>8.2f} x  {row.beside}", flush=True)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:.2f}"  # noqa: PLR2004  3 digits
