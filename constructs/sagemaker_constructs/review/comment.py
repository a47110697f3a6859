"""Renders the comment of a review.

Input: the environments, in their order. Output: Markdown of at most 60,000 bytes, so that it is at most as many
characters. GitHub takes more (262,144 bytes), but has refused bodies of more than 65,536 characters.
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING

from sagemaker_constructs.reconcile.decision_record import Decision, DecisionRecord, MaximumCost, Severity
from sagemaker_constructs.review.environment import Cost, resource_name
from sagemaker_constructs.review.markdown import Section, code, fitted, lines, table_row, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sagemaker_constructs.review.environment import Environment

MARKER = "<!-- sagemaker-constructs:review -->"
"""The comment's first line, by which it is found and updated."""
LIMIT = 60_000
_NAMED = 10
"""How many environments, or jobs, a sentence names."""

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
_COUNTED: Mapping[Decision, tuple[str, str]] = {
    Decision.REFUSED: ("job is refused", "jobs are refused"),
    Decision.START: ("job starts", "jobs start"),
    Decision.RESTART: ("job starts again", "jobs start again"),
    Decision.ADOPT: ("job is adopted", "jobs are adopted"),
    Decision.UPDATE: ("job is changed in place", "jobs are changed in place"),
    Decision.STOP: ("job is stopped if it still runs", "jobs are stopped if they still run"),
    Decision.DELETE: ("job is deleted", "jobs are deleted"),
}
_SIGNS = {Severity.ERROR: "⛔", Severity.WARNING: "⚠️", Severity.INFO: "💡"}
_ORDER = tuple(_WORDS)


def comment(environments: Sequence[Environment], *, details: bool = True, limit: int = LIMIT) -> str:
    """The comment.

    Args:
        environments: what was previewed, in the order in which it is to be shown.
        details: whether long parts are folded; Bitbucket has no `<details>`.
        limit: bytes of UTF-8 at most; at least 5,000.
    """
    return fitted(_sections(environments, details=details), limit)


def _sections(environments: Sequence[Environment], *, details: bool) -> Iterator[Section]:
    yield Section(f"{MARKER}\n## {_headline(environments)}\n\n", [""], "")
    yield Section("", list(_failures(environments)), what="messages")
    yield Section("", list(_budgets(environments)), what="budgets")
    yield Section(
        "| environment | job | what happens | why | machines | at most |\n|---|---|---|---|---|---|\n",
        [_job_row(each, job) for each, job in _changed(environments)],
        what="jobs",
    )
    unchanged = [each.name for each in environments if each.is_unchanged]
    if unchanged:
        yield Section(f"Nothing changes in {_listed(unchanged)}.\n", [""])
    others = [each for each in environments if not each.failed and each.others]
    yield Section("Other resources: ", [f"{_others(others)}.\n"] if others else [])
    yield Section("**Findings**\n\n", list(_findings(environments)), what="findings")
    yield _folded(
        "Changed members",
        "| environment | job | member | old | new | a change |\n|---|---|---|---|---|---|\n",
        [row for each, job in _changed(environments) for row in _member_rows(each, job)],
        details=details,
        what="members",
    )
    yield _folded(
        "Names, limits and costs",
        "| environment | job | name | in the place of | longest | spot | cost |\n|---|---|---|---|---|---|---|\n",
        [_cost_row(each, job) for each, job in _changed(environments)],
        details=details,
        what="jobs",
    )


def _folded(title: str, head: str, rows: list[str], *, details: bool, what: str) -> Section:
    if details:
        return Section(f"<details><summary>{title}</summary>\n\n{head}", rows, "\n</details>\n\n", what)
    return Section(f"### {title}\n\n{head}", rows, "\n", what)


def _headline(environments: Sequence[Environment]) -> str:
    failed = [each.name for each in environments if each.failed and not each.violates]
    if failed:
        return f"Training review: the preview of {_listed(failed)} failed"
    forbidden = [each.name for each in environments if each.violates]
    if forbidden:
        return f"Training review: guardrails forbid what is declared for {_listed(forbidden)}"
    jobs = [job for each in environments for job in each.changed]
    found = Counter(job.decision for job in jobs)
    counts = [f"{found[each]} {words[found[each] > 1]}" for each, words in _COUNTED.items() if found[each]]
    if not counts:
        return "Training review: no job starts"
    if not any(job.starts for job in jobs):
        return f"Training review: {', '.join(counts)}; no job starts"
    total = Cost(Decimal(), 0)
    for each in environments:
        total = total.plus(each.cost)
    costs = [
        f"{text(each.name, 40)} {money(each.cost)}" for each in environments if any(j.starts for j in each.changed)
    ]
    more = [f"{len(costs) - _NAMED} more"] if len(costs) > _NAMED else []
    by_environment = f" ({', '.join([*costs[:_NAMED], *more])})" if len(environments) > 1 else ""
    return f"Training review: {', '.join(counts)}, at most {money(total)}{by_environment}"


def money(cost: Cost) -> str:
    """`$41.20`, rounded up; `$3.00 and an unknown amount`."""
    known = f"${cost.usd.quantize(Decimal('0.01'), ROUND_UP):,}"
    if not cost.not_known:
        return known
    return f"{known} and an unknown amount" if cost.usd else "an unknown amount"


def _failures(environments: Iterable[Environment]) -> Iterator[str]:
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
            yield "\n" if errors else "- It ended without a message; see the log of the run.\n\n"


def _budgets(environments: Iterable[Environment]) -> Iterator[str]:
    for each in environments:
        if each.over_budget and each.budget is not None:
            budget = money(Cost(each.budget, 0))
            yield f"⛔ **{text(each.name, 60)} is over its budget**: at most {money(each.cost)}, allowed {budget}.\n\n"


def _changed(environments: Iterable[Environment]) -> list[tuple[Environment, DecisionRecord]]:
    return [
        (each, job)
        for each in environments
        for job in sorted(each.changed, key=lambda job: (_ORDER.index(job.decision), job.urn))
    ]


def _job_row(environment: Environment, job: DecisionRecord) -> str:
    changes = "; ".join(
        f"{each.path} {_value(each.old)} → {_value(each.new)}"
        for each in job.changes
        if f"{each.path} changed ({_value(each.old)} → {_value(each.new)})" not in job.reason
    )
    usd = job.maximum_cost.usd
    cost = "unknown" if usd is None else money(Cost(Decimal(usd), 0))
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


def _member_rows(environment: Environment, job: DecisionRecord) -> Iterator[str]:
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
    groups = (
        " + ".join(f"{each.instance_count} x {each.instance_type or 'not known yet'}" for each in group)
        for group in job.machines
    )
    without = "" if job.decision in {Decision.STOP, Decision.DELETE, Decision.KEEP} else "serverless"
    return f"{' or '.join(groups) or without}{' (spot)' if job.spot else ''}"


def _others(environments: Iterable[Environment]) -> str:
    return "; ".join(
        f"{text(each.name, 40)}: {', '.join(f'{count} to {kind}' for kind, count in sorted(each.others.items()))}"
        for each in list(environments)[:_NAMED]
    )


def _findings(environments: Sequence[Environment]) -> Iterator[str]:
    """Each finding once, with the jobs that have it; the errors of a failed preview stand above."""
    grouped: dict[tuple[Severity, str], dict[str, None]] = {}
    for each in environments:
        for name, finding in each.findings:
            if not (each.failed and finding.severity is Severity.ERROR):
                where = f"{each.name}: {name}" if name else each.name
                grouped.setdefault((finding.severity, finding.text), {})[where] = None
    order = list(Severity)
    for (severity, sentence), where in sorted(grouped.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        yield f"- {_SIGNS[severity]} {text(sentence, 600)} ({_listed(where)})\n"


def _listed(names: Iterable[str]) -> str:
    given = [text(each, 60) for each in names]
    more = [f"{len(given) - _NAMED} more"] if len(given) > _NAMED else []
    return ", ".join([*given[:_NAMED], *more])
