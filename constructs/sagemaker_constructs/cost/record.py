"""Records what a job costs, so that a review, a guardrail and a person read the same.

Input: amounts. Output: a `JobCost`, to JSON (`model_dump_json`) and back (`model_validate_json`). All amounts are US
dollars, rounded up to a hundredth of a cent, without taxes and discounts.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

_EXACT = Decimal("0.0001")
_CENT = Decimal("0.01")
_HOUR = Decimal(3600)


class _Record(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class CostRow(_Record):
    """What one component costs."""

    component: Literal["compute", "storage", "keep-alive compute", "keep-alive storage"]
    subject: str
    """What is paid for: `2 x ml.m5.large`, or `2 x 10 GB`."""
    seconds: int
    """For how long at most."""
    hourly: Decimal | None
    """US dollars an hour, all instances together; None where the price is not known."""
    sku: str = ""
    effective: date | None = None
    """Since when the price holds."""
    note: str = ""

    @property
    def usd(self) -> Decimal | None:
        """The amount; None where the price is not known."""
        return None if self.hourly is None else rounded(self.hourly * self.seconds / _HOUR)


class LikelyCost(_Record):
    """What the job will probably cost, by its earlier runs."""

    usd: Decimal
    billable_seconds: int
    """The median of the earlier runs."""
    runs: int
    """How many there were."""


class JobCost(_Record):
    """What a job costs at most, if it starts."""

    region: str
    maximum: Decimal | None
    """US dollars; None where that is not known."""
    rows: tuple[CostRow, ...] = ()
    unknown: tuple[str, ...] = ()
    """Why the maximum is not known, a clause each."""
    undecided: tuple[str, ...] = ()
    """Paths of the members because of which it is not known in this preview, and will be in `up`."""
    likely: LikelyCost | None = None
    notes: tuple[str, ...] = ()
    """What the maximum does not say."""
    prices_from: date | None = None
    """When the prices were fetched."""
    stale: bool = False
    """Whether the prices are old, and could not be fetched again."""

    def __str__(self) -> str:
        """`at most $1.25`, or why that is not known."""
        if self.maximum is None:
            return f"maximum cost unknown: {'; '.join(self.unknown)}"
        likely = (
            f", probably {dollars(self.likely.usd)} (median of {_counted(self.likely.runs)})" if self.likely else ""
        )
        stale = f" (prices of {self.prices_from})" if self.stale else ""
        return f"at most {dollars(self.maximum)}{likely}{stale}"


def rounded(usd: Decimal) -> Decimal:
    """Up to a hundredth of a cent, for a maximum must not be less than the bill."""
    return usd.quantize(_EXACT, ROUND_CEILING)


def dollars(usd: Decimal) -> str:
    """`$1,234.57`; up to a cent."""
    return f"${usd.quantize(_CENT, ROUND_CEILING):,}"


def _counted(runs: int) -> str:
    return f"{runs} run{'' if runs == 1 else 's'}"
