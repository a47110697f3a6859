"""Judges a job by the guardrails of its environment.

Input: what is known of the job, the guardrails, the environment and the day. Output: `Findings`, which can be stored as
JSON: violations, what is waived, and what is decided when all values are known.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.mistakes import Mistake
from sagemaker_constructs.cost.record import dollars
from sagemaker_constructs.guardrails.document import Waiver
from sagemaker_constructs.guardrails.rules import BY_NAME, COST_PER_JOB, COST_PER_STACK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sagemaker_constructs.cost.record import JobCost
    from sagemaker_constructs.guardrails.document import Guardrails
    from sagemaker_constructs.guardrails.rule import Guardrail, Job


class _Record(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Violation(_Record):
    """A rule that a job breaks."""

    rule: str
    path: tuple[str | int, ...]
    """The member; empty for the stack as a whole."""
    got: str
    expected: str
    environment: str
    owners: str
    """Who may change the rule, or waive it."""
    job: str = ""
    """The name under which it can be waived."""
    expired: Waiver | None = None
    """The waiver that held until some day."""

    @property
    def mistake(self) -> Mistake:
        """The same as a mistake in the request."""
        waiver = f"; its waiver has expired on {self.expired.until}" if self.expired else ""
        who = f"{self.owners} may change it" + (f", or waive it for {self.job}" if self.job else "")
        rule = f"guardrail {self.rule} of {self.environment}{waiver}; {who}"
        return Mistake(self.path, self.got, f"{self.expected} ({rule})")

    def __str__(self) -> str:
        """Path, value, what is expected, and who may change that."""
        return str(self.mistake)


class Waived(_Record):
    """A rule that a job breaks, and may break for now."""

    rule: str
    waiver: Waiver

    def __str__(self) -> str:
        """The rule, for which job, until when, and why."""
        waiver = self.waiver
        return f"guardrail {self.rule} is waived for {waiver.job} until {waiver.until}: {waiver.reason}"


class Undecided(_Record):
    """A rule that reads members whose values a preview does not know; `up` knows them and decides."""

    rule: str
    job: str
    """The job's name without its fingerprint."""
    paths: tuple[str, ...]

    def __str__(self) -> str:
        """The rule, for which job, and the members."""
        return f"guardrail {self.rule} is decided in `up` for {self.job}: {', '.join(self.paths)} not known yet"


class Findings(_Record):
    """How a job stands to its environment's guardrails."""

    violations: tuple[Violation, ...] = ()
    waived: tuple[Waived, ...] = ()
    undecided: tuple[Undecided, ...] = ()


def judged(job: Job, guardrails: Guardrails, environment: str, today: date) -> Findings:
    """What the guardrails say of a job, in the order of their table."""
    violations: list[Violation] = []
    waived: list[Waived] = []
    undecided: list[Undecided] = []
    for name, limit in guardrails.limits(environment).items():
        rule = BY_NAME[name]
        broken = list(rule.broken(job, limit))
        waivers = guardrails.waivers_of(name, job.name, environment)
        holding = next((each for each in waivers if today <= each.until), None)
        if broken and holding:
            waived.append(Waived(rule=name, waiver=holding))
            continue
        expired = max(waivers, key=lambda waiver: waiver.until, default=None)
        violations += [
            Violation(
                rule=name,
                path=each.path,
                got=each.got,
                expected=each.expected,
                environment=environment,
                owners=guardrails.owners,
                job=job.name,
                expired=expired,
            )
            for each in broken
        ]
        unknown = _unknown(job, rule)
        if unknown and not broken and not holding:
            undecided.append(Undecided(rule=name, job=job.name, paths=unknown))
    return Findings(violations=tuple(violations), waived=tuple(waived), undecided=tuple(undecided))


def stack_violations(costs: Iterable[JobCost], guardrails: Guardrails, environment: str) -> tuple[Violation, ...]:
    """Whether all jobs that one update starts may cost more than the stack may.

    Args:
        costs: of the jobs that start; one that is not known exceeds every limit.
        guardrails: the rules.
        environment: the stack's name.
    """
    limit = guardrails.limits(environment).get(COST_PER_STACK)
    amounts = [each.maximum for each in costs]
    known = sum((each for each in amounts if each is not None), Decimal(0))
    unknown = amounts.count(None)
    if limit is None or (known <= limit and not unknown):
        return ()
    more = f", and {unknown} whose cost is not known" if unknown else ""
    return (
        Violation(
            rule=COST_PER_STACK,
            path=(),
            got=f"jobs for {dollars(known)} at most{more}",
            expected=f"at most {dollars(limit)}",
            environment=environment,
            owners=guardrails.owners,
        ),
    )


def _unknown(job: Job, rule: Guardrail) -> tuple[str, ...]:
    """The members that the rule reads and that are not known yet."""
    if rule.name == COST_PER_JOB and job.cost:
        return job.cost.undecided
    return tuple(path for path in rule.reads if (is_deferred(job.tags) if path == "tags" else job.is_unknown(path)))
