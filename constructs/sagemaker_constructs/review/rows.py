"""Writes what a review says of environments and jobs: rows of tables, and items of lists.

Input: the environments. Output: Markdown, a text for each row. `comment.py` puts them in their places.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.guardrails.rules import COST_PER_STACK
from sagemaker_constructs.reconcile.decision_record import Decision, DecisionRecord, Machines, MaximumCost, Severity
from sagemaker_constructs.review.environment import Cost, resource_name
from sagemaker_constructs.review.markdown import NAMED, code, lines, listed, table_row, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sagemaker_constructs.cost.network import NetworkCost
    from sagemaker_constructs.review.environment import Environment

_WORDS: Mapping[Decision, str] = {
    Decision.REFUSED: "is refused",
    Decision.START: "starts",
    Decision.RESTART: "starts again",
    Decision.ADOPT: "is adopted, nothing starts",
    Decision.UPDATE: "is changed in place",
    Decision.RECORD: "stays; recorded for the next run",
    Decision.STOP: "is stopped if it still runs",
    Decision.DELETE: "is deleted",
    Decision.KEEP: "is no longer declared; stays as it is",
}
"""What becomes of a job, in the order of the rows."""
_SIGNS = {Severity.ERROR: "⛔", Severity.WARNING: "⚠️", Severity.INFO: "💡"}
_ORDER = tuple(_WORDS)
_LAST_LINES, _LONGEST_LINE = 10, 190
"""So much of a log is shown."""


def failures(environments: Iterable[Environment]) -> Iterator[str]:
    """Each preview that failed, with its errors; nothing of it is counted."""
    for each in environments:
        if each.failed:
            name = text(each.name, 60)
            what = (
                f"Guardrails forbid what is declared for {name}" if each.violates else f"The preview of {name} failed"
            )
            yield f"⛔ **{what}.** What would happen there is not known.\n\n"
            errors = [found for found in each.findings if found[1].severity is Severity.ERROR]
            for resource, finding in errors:
                yield f"- {f'{code(resource)}: ' if resource else ''}{lines(finding.text)}\n"
            yield "\n" if errors else f"- It ended without a message{_last_lines(each.preview.log)}\n\n"


def _last_lines(log: str) -> str:
    """The end of what a preview has said on stderr, where an option, a configuration or a backend is refused."""
    last = [line[:_LONGEST_LINE] for line in masked(log).splitlines() if line.strip()][-_LAST_LINES:]
    said = lines("\n".join(last))
    return f" in its events; it said:<br>{said}" if said else ", and said nothing."


def budgets(environments: Iterable[Environment]) -> Iterator[str]:
    """Each environment that is over its budget."""
    for each in environments:
        if each.over_budget and each.budget is not None:
            usd, rule = each.budget
            what = text(f"{each.name} is over {COST_PER_STACK if rule else 'its budget'}", 90)
            why = f" ({text(rule)})" if rule else ""
            yield f"⛔ **{what}**: at most {each.cost}, allowed {Cost(usd, 0)}{why}.\n\n"


def _changed(environments: Iterable[Environment]) -> Iterator[tuple[Environment, DecisionRecord]]:
    for each in environments:
        for job in sorted(each.changed, key=lambda job: (_ORDER.index(job.decision), job.urn)):
            yield each, job


def job_rows(environments: Iterable[Environment]) -> Iterator[str]:
    """What happens to each job, and why."""
    return (_job_row(each, job) for each, job in _changed(environments))


def _job_row(environment: Environment, job: DecisionRecord) -> str:
    changes = "; ".join(
        f"{each.path} {_value(each.old)} → {_value(each.new)}"
        for each in job.changes
        if f"{each.path} changed ({_value(each.old)} → {_value(each.new)})" not in job.reason
    )
    usd = job.maximum_cost.usd
    cost = "unknown" if usd is None else str(Cost(Decimal(usd), 0))
    why = "; ".join(filter(None, [job.reason, changes]))
    return table_row(
        [
            text(environment.name, 40),
            code(resource_name(job.urn)),
            f"**{_WORDS[job.decision]}**" if job.starts else _WORDS[job.decision],
            text(why, 300),
            code(_machines(job)),
            cost if job.starts else "",
        ]
    )


def cost_rows(environments: Iterable[Environment]) -> Iterator[str]:
    """The names, the limits and the cost of each job."""
    return (_cost_row(each, job) for each, job in _changed(environments))


def _cost_row(environment: Environment, job: DecisionRecord) -> str:
    longest = f"{job.max_runtime_in_seconds} s" if job.max_runtime_in_seconds is not None else "not known"
    cost = "; ".join(_cost_parts(job.maximum_cost))
    return table_row(
        [
            text(environment.name, 40),
            code(resource_name(job.urn)),
            code(job.training_job_name or "not known yet"),
            code(job.present_job or ""),
            longest,
            "yes" if job.spot else "no",
            text(cost if job.starts else ""),
        ]
    )


def _cost_parts(cost: MaximumCost) -> Iterator[str]:
    """What is known of a job's cost."""
    yield f"not known: {cost.reason}" if cost.usd is None else f"at most {cost.usd} USD"
    if cost.likely_usd is not None:
        yield f"probably {cost.likely_usd} USD, by its earlier runs"
    if cost.prices_from is not None:
        yield f"prices of {cost.prices_from}"


def component_rows(environments: Iterable[Environment]) -> Iterator[str]:
    """What the cost of each job that starts consists of, each component with its price."""
    for environment, job in _changed(environments):
        for each in job.maximum_cost.rows if job.starts else ():
            since = f" since {each.effective}" if each.effective else ""
            yield table_row(
                [
                    text(environment.name, 40),
                    code(resource_name(job.urn)),
                    f"{text(each.component, 40)}: {code(each.subject)}",
                    f"{each.seconds} s",
                    _usd(each.usd),
                    _usd(each.hourly_usd),
                    text("; ".join(filter(None, [f"{each.sku}{since}", each.note]))),
                ]
            )


def _usd(amount: str | None) -> str:
    return "unknown" if amount is None else f"{text(amount, 20)} USD"


def networks(environments: Iterable[Environment]) -> Iterator[str]:
    """Each network that will cost something else, with what it costs now and then."""
    for each in environments:
        if each.network.changes:
            yield f"Network of {text(each.name, 60)}: {each.network.before} → {_network_cost(each.network.after)}.\n\n"


def network_rows(environments: Iterable[Environment]) -> Iterator[str]:
    """What each network costs while it stands, whether it changes or not."""
    for each in environments:
        sides = (each.network.before, each.network.after) if each.network.changes else (each.network.after,)
        if any(side.endpoints or side.nat_gateways for side in sides):
            yield table_row(
                [
                    text(each.name, 40),
                    " → ".join(str(side.endpoints) for side in sides),
                    " → ".join(str(side.nat_gateways) for side in sides),
                    " → ".join(map(_network_cost, sides)),
                    str(each.network.prices_from or ""),
                ]
            )


def _network_cost(cost: NetworkCost) -> str:
    """With the reasons where it is not known."""
    return f"{cost} ({text('; '.join(cost.unknown))})" if cost.unknown else str(cost)


def member_rows(environments: Iterable[Environment]) -> Iterator[str]:
    """Each member that differs, with its old and its new value."""
    for environment, job in _changed(environments):
        for each in job.changes:
            yield table_row(
                [
                    text(environment.name, 40),
                    code(resource_name(job.urn)),
                    code(each.path),
                    code(_value(each.old), 200),
                    code(_value(each.new), 200),
                    text(each.effect),
                ]
            )


def _value(shown: str | None) -> str:
    return "nothing" if shown is None else shown


def _machines(job: DecisionRecord) -> str:
    groups = (" + ".join(map(_instances, group)) for group in job.machines)
    without = "" if job.decision in {Decision.STOP, Decision.DELETE, Decision.KEEP} else "serverless"
    return f"{' or '.join(groups) or without}{' (spot)' if job.spot else ''}"


def _instances(machines: Machines) -> str:
    """`2 x ml.m5.large`, with what is not known yet as such."""
    kind, count = machines.instance_type, machines.instance_count
    if not kind:
        return "not known yet" if count is None else f"{count} x not known yet"
    return f"{'not known yet' if count is None else count} x {kind}"


def others(environments: Iterable[Environment]) -> str:
    """What happens to the resources that are no jobs."""
    return "; ".join(
        f"{text(each.name, 40)}: {', '.join(f'{count} to {kind}' for kind, count in sorted(each.others.items()))}"
        for each in list(environments)[:NAMED]
    )


def findings(environments: Sequence[Environment]) -> Iterator[str]:
    """Each finding once, with the jobs that have it; the errors of a failed preview stand above."""
    grouped: dict[tuple[Severity, str], dict[str, None]] = {}
    for each in environments:
        for name, finding in each.findings:
            if not (each.failed and finding.severity is Severity.ERROR):
                where = f"{each.name}: {name}" if name else each.name
                grouped.setdefault((finding.severity, finding.text), {})[where] = None
    order = list(Severity)
    for (severity, sentence), where in sorted(grouped.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        yield f"- {_SIGNS[severity]} {text(sentence, 600)} ({listed(where)})\n"
