"""Defines a line of the decision file: what becomes of one job, and why (docs/review.md).

Input: what a provider decided, or a line of the file. Output: a `DecisionRecord`. Nothing in it allows a secret to be
read or guessed: values of secret members are left out of the digest, and every other text is masked.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from sagemaker_constructs.cost.prices import PriceList
from sagemaker_constructs.cost.record import rounded

if TYPE_CHECKING:
    from sagemaker_constructs.cost.record import CostRow, JobCost

VERSION = 1
"""Of the schema. A field may be added; whatever else changes is another version."""


class Decision(StrEnum):
    """What becomes of a job."""

    START = "start"
    """A job starts for a resource that has none."""
    RESTART = "restart"
    """A job starts in the place of the resource's present one."""
    ADOPT = "adopt"
    """A job that exists has this configuration: it is used, and none starts."""
    UPDATE = "update"
    """The job is changed in place."""
    RECORD = "record"
    """The job stays as it is; what is declared is recorded, for the next run."""
    UNCHANGED = "unchanged"
    """Nothing happens."""
    STOP = "stop"
    """The resource goes, and its job is stopped if it still runs, which a preview does not look up."""
    DELETE = "delete"
    """The resource goes, and its job with it."""
    KEEP = "keep"
    """The resource goes, and its job stays as it is."""
    REFUSED = "refused"
    """The declaration is refused; the findings say why."""


GUARDRAIL = "guardrail."
"""How the code of a finding starts that a guardrail, or a policy, has."""

STARTS = frozenset({Decision.START, Decision.RESTART})
"""Decisions that cost money."""


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="ignore", frozen=True)


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Nothing is deployed."""
    WARNING = "warning"
    INFO = "info"


class Finding(_Model):
    """A sentence about a job."""

    code: str
    """What it is about: `request`, `advice`, `approval`, or the name of a guardrail."""
    severity: Severity
    text: str
    """For people, without a secret."""


class MemberChange(_Model):
    """A member of the request, or an option of the resource, that differs."""

    path: str
    """`hyper_parameters.max_depth`."""
    effect: str
    """`defines`, `operates`, `live`, or `option`."""
    old: str | None
    """As Python writes it; `a value that is not shown`; null where it was absent."""
    new: str | None
    """The same; `a value that is not known yet` in a preview; null where it is absent now."""


class Machines(_Model):
    """Instances of one type."""

    instance_type: str
    """Empty while it is not known."""
    instance_count: int | None
    """Null while it is not known."""


def _is_amount(amount: str | None) -> str | None:
    if amount is not None and not Decimal(amount).is_finite():
        raise ValueError("not a finite amount")
    return amount


class CostComponent(_Model):
    """A row of what a job costs at most."""

    component: str
    """`compute`, `storage`, `keep-alive compute`, or `keep-alive storage`."""
    subject: str
    """What is paid for: `2 x ml.m5.large`, or `2 x 10 GB`."""
    seconds: int
    """For how long at most."""
    hourly_usd: str | None
    """US dollars an hour, all instances together; null where the price is not known."""
    usd: str | None
    """US dollars at most."""
    sku: str = ""
    """AWS's number of what is priced."""
    effective: str | None = None
    """Since when the price holds, `2026-11-26`."""
    note: str = ""

    @classmethod
    def of(cls, row: CostRow) -> CostComponent:
        """A row of a cost."""
        return cls(
            component=row.component,
            subject=row.subject,
            seconds=row.seconds,
            hourly_usd=None if row.hourly is None else str(rounded(row.hourly)),
            usd=None if row.usd is None else str(row.usd),
            sku=row.sku,
            effective=row.effective.isoformat() if row.effective else None,
            note=row.note,
        )


class MaximumCost(_Model):
    """What a job costs at most."""

    usd: Annotated[str | None, AfterValidator(_is_amount)] = None
    """US dollars as a decimal number; null where it is not known, which exceeds every amount."""
    reason: str = ""
    """Why it is not known."""
    likely_usd: str | None = None
    """US dollars that it will probably cost, by the median of its earlier runs; null where there are none."""
    prices_from: str | None = None
    """The day on which the prices were fetched, `2026-11-26`."""
    undecided: tuple[str, ...] = ()
    """Members because of which it is not known in the preview, and will be in `up`."""
    rows: tuple[CostComponent, ...] = ()
    """What it consists of; left out where a secret could be computed from it."""

    @classmethod
    def of(cls, cost: JobCost, *, rows: bool = True) -> MaximumCost:
        """What a review and an approval need of a cost, with or without the rows that it consists of."""
        return cls(
            usd=None if cost.maximum is None else str(cost.maximum),
            reason="; ".join(cost.unknown),
            likely_usd=str(cost.likely.usd) if cost.likely else None,
            prices_from=cost.prices_from.isoformat() if cost.prices_from else None,
            undecided=cost.undecided,
            rows=tuple(map(CostComponent.of, cost.rows)) if rows else (),
        )


class Inputs(_Model):
    """What a job is started from, to be compared and not to be read."""

    digest: str
    """SHA-256 of the members that are known and no secret, without the tags."""
    not_known: tuple[str, ...] = ()
    """Paths of the members that were not known yet, and are not in the digest."""


class DecisionRecord(_Model):
    """One line of the decision file. Of the lines of one resource, the last counts."""

    version: Literal[1] = VERSION
    """Of this schema."""
    urn: str
    """URN of the resource."""
    decision: Decision
    """What becomes of the job."""
    reason: str = ""
    """Why, in one or more sentences."""
    training_job_name: str | None = None
    """Name of the job that starts, is adopted, or stays; null while it is not known."""
    present_job: str | None = None
    """Name of the job that the resource has, if another takes its place or the resource goes."""
    after: str | None = None
    """Of a fallback: the run that has to end for lack of capacity before this one starts."""
    machines: tuple[tuple[Machines, ...], ...] = ()
    """The job's instances: `instance_type` (empty while it is not known) and `instance_count` (null while it is not
    known); several where it has instance preferences. Empty for a serverless job."""
    spot: bool = False
    """Whether the job runs on spot capacity."""
    max_runtime_in_seconds: int | None = None
    """Longest training time; null while it is not known."""
    maximum_cost: MaximumCost = MaximumCost()
    """What the job costs at most: `usd` as a decimal number, or null and a `reason`; the members that are `undecided`
    until `up`. Zero where none starts. `rows` has compute, storage and keep-alive apart: `component`, `subject`,
    `seconds`, `hourly_usd`, `usd`, `sku`, `effective`, `note`."""
    network_prices: PriceList | None = None
    """What an hour of an interface endpoint in one zone, and of a NAT gateway, costs where the job is: `region`,
    `fetched`, `prices` with SKU and date, and `problem`."""
    changes: tuple[MemberChange, ...] = ()
    """Members and options that differ: `path`, `effect` (or `option`), `old`, `new`."""
    findings: tuple[Finding, ...] = ()
    """What a reviewer should know: `code`, `severity` (`error`, `warning`, `info`), `text`. The code of a guardrail
    begins with `guardrail.`."""
    inputs: Inputs | None = None
    """Of a job that starts or is adopted: `digest`, and the paths that were `not_known` and are not in it."""

    @property
    def starts(self) -> bool:
        """Whether a job starts, which costs money."""
        return self.decision in STARTS
