"""Judges a declared job by the guardrails of its environment, and says what it costs.

Input: a declaration, its validated members, and the runs that the stack has had. Output: a `JobCost`, and `Findings`.
The environment is the stack's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.deferred import UNKNOWN, is_deferred
from sagemaker_constructs.api.instances import candidates
from sagemaker_constructs.api.mistakes import Mistake
from sagemaker_constructs.cost.formula import job_cost
from sagemaker_constructs.cost.network import NETWORK_USAGES
from sagemaker_constructs.cost.prices import PriceList
from sagemaker_constructs.cost.record import JobCost
from sagemaker_constructs.guardrails.document import GuardrailsError
from sagemaker_constructs.guardrails.judge import Findings, judged
from sagemaker_constructs.guardrails.rule import Job
from sagemaker_constructs.guardrails.rules import COST_PER_JOB
from sagemaker_constructs.reconcile.decision_record import GUARDRAIL
from sagemaker_constructs.reconcile.fingerprint import LONGEST_PREFIX, fit_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.guardrails.document import Guardrails
    from sagemaker_constructs.reconcile.bag import Properties

Runs = Callable[[], Iterable["ExistingJob"]]
"""Looks up the runs that a stack has had."""


def _no_guardrails() -> None:
    return None


def _no_prices(region: str, _settings: str | None) -> PriceList:
    return PriceList(region=region, problem="no price list was read")


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Examined:
    """What is found about one job."""

    refused: tuple[Mistake, ...] = ()
    told: tuple[str, ...] = ()
    """What is not refused, and still to be told."""
    cost: JobCost | None = None
    """What the job costs; None where no guardrail limits that."""
    findings: Findings = field(default_factory=Findings)

    @property
    def codes(self) -> list[str]:
        """The code of each that is refused, as a review has it: the rule, or that the file cannot be read."""
        rules = [each.rule for each in self.findings.violations] or ["file"] * len(self.refused)
        return [f"{GUARDRAIL}{rule}" for rule in rules]


class Compliance:
    """The guardrails and the prices of one stack, in one process.

    Args:
        guardrails: reads the project's; None where it has none. May raise GuardrailsError.
        prices: reads the price list of a Region by the settings that a resource stores.
        today: the day.
    """

    def __init__(
        self,
        guardrails: Callable[[], Guardrails | None] = _no_guardrails,
        prices: Callable[[str, str | None], PriceList] = _no_prices,
        today: Callable[[], date] = _today,
    ) -> None:
        self._guardrails = guardrails
        self._prices = prices
        self._today = today

    def cost(self, declared: Properties, members: Mapping[str, Any], runs: Runs = tuple) -> JobCost:
        """What the job costs, if it starts; what it will probably cost, by its earlier runs among those of the stack.

        Args:
            declared: the properties.
            members: the validated members.
            runs: looks up the runs that the stack has had.
        """
        if unknown := _not_known(declared):
            reason = f"{' and '.join(unknown)} not known yet"
            return JobCost(region="", maximum=None, unknown=(reason,), undecided=unknown)
        prices = self._prices(declared.region, declared.options.aws_settings)
        seconds = _billable_seconds(declared, members, runs())
        return job_cost(members, prices, today=self._today(), billable_seconds=seconds)

    def network_prices(self, declared: Properties) -> PriceList | None:
        """What the network of the job costs by the hour; None while the job's Region or its settings are not known."""
        if _not_known(declared):
            return None
        return self._prices(declared.region, declared.options.aws_settings).only(NETWORK_USAGES)

    def limits_cost(self, declared: Properties) -> bool:
        """Whether a guardrail limits what the job may cost, and is not waived for it."""
        guardrails, environment = self._guardrails(), _environment(declared)
        if guardrails is None or COST_PER_JOB not in guardrails.limits(environment):
            return False
        waivers = guardrails.waivers_of(COST_PER_JOB, _name(declared), environment)
        return not any(self._today() <= each.until for each in waivers)

    def examined(self, declared: Properties, members: Mapping[str, Any], runs: Runs = tuple) -> Examined:
        """How the job stands to the guardrails of the stack, and what it costs where one of them limits that.

        A file that cannot be read refuses every job.
        """
        try:
            guardrails = self._guardrails()
        except GuardrailsError as error:
            problem = f"cannot be applied: {error.file}: {'; '.join(error.mistakes)}"
            return Examined((Mistake(("guardrails",), problem=problem),))
        if guardrails is None:
            return Examined()
        environment = _environment(declared)
        cost = self.cost(declared, members, runs) if COST_PER_JOB in guardrails.limits(environment) else None
        job = Job(_name(declared), members, _tags(declared, members), cost)
        found = judged(job, guardrails, environment, self._today())
        return Examined(
            tuple(each.mistake for each in found.violations),
            tuple(str(each) for each in (*found.waived, *found.undecided)),
            cost,
            found,
        )


def _not_known(declared: Properties) -> tuple[str, ...]:
    """What a price list is read by, and is not known yet."""
    return tuple(name for name in ("region", "aws_settings") if is_deferred(declared.bag.get(name)))


def _environment(declared: Properties) -> str:
    """The name of the stack."""
    return declared.options.owner.rpartition("/")[2]


def _name(declared: Properties) -> str:
    """The job's name without its fingerprint."""
    if declared.named_by_hand:
        return str(declared.bag.get("training_job_name"))
    return fit_name(declared.bag["name_prefix"], LONGEST_PREFIX)


def _tags(declared: Properties, members: Mapping[str, Any]) -> Any:
    """The tags that the program gives the job; unknown where a key of them is."""
    given, defaults = members.get("tags") or [], declared.options.default_tags or {}
    if is_deferred(given) or is_deferred(defaults) or any(is_deferred(each) for each in given):
        return UNKNOWN
    tags = {each["key"]: each["value"] for each in given if not is_deferred(each["key"])}
    return {**defaults, **tags} if len(tags) == len(given) else UNKNOWN


def _billable_seconds(declared: Properties, members: Mapping[str, Any], runs: Iterable[ExistingJob]) -> list[int]:
    """BillableTimeInSeconds of the job's completed runs on the same number of the same instances."""
    name = re.escape(_name(declared))
    is_run = re.compile(name if declared.named_by_hand else rf"{name}-[0-9a-f]{{12}}(-\d+)?")
    same = {(next(iter(each)) if len(each) == 1 else "", sum(each.values())) for each in candidates(members)}
    return [
        run.billable_seconds
        for run in runs
        if run.status == "Completed"
        and run.billable_seconds
        and is_run.fullmatch(run.name)
        and (run.instance_type, run.instance_count) in same
    ]
