"""Lays out the comment of a review.

Input: the environments, in their order. Output: Markdown of at most 60,000 bytes, so that it is at most as many
characters. GitHub takes more (262,144 bytes), but has refused bodies of more than 65,536 characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.review import rows
from sagemaker_constructs.review.headline import headline
from sagemaker_constructs.review.markdown import Section, fitted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sagemaker_constructs.review.environment import Environment

MARKER = "<!-- sagemaker-constructs:review -->"
"""The comment's first line, by which it is found and updated."""
LIMIT = 60_000


def comment(environments: Sequence[Environment], *, details: bool = True, limit: int = LIMIT) -> str:
    """The comment.

    Args:
        environments: what was previewed, in the order in which it is to be shown.
        details: whether long parts are folded; Bitbucket has no `<details>`.
        limit: bytes of UTF-8 at most; at least 5,000.
    """
    return fitted(_sections(environments, details=details), limit)


def _sections(environments: Sequence[Environment], *, details: bool) -> Iterator[Section]:
    yield Section(f"{MARKER}\n## {headline(environments)}\n\n", [""], "")
    yield Section("", list(rows.failures(environments)), what="messages")
    yield Section("", list(rows.budgets(environments)), what="budgets")
    yield Section(
        "| environment | job | what happens | why | machines | at most |\n|---|---|---|---|---|---|\n",
        list(rows.job_rows(environments)),
        what="jobs",
    )
    yield Section("", list(rows.networks(environments)), "", what="networks")
    unchanged = [each.name for each in environments if each.is_unchanged]
    if unchanged:
        yield Section(f"Nothing changes in {listed(unchanged)}.\n", [""])
    others = [each for each in environments if not each.failed and each.others]
    yield Section("Other resources: ", [f"{rows.others(others)}.\n"] if others else [])
    yield Section("**Findings**\n\n", list(rows.findings(environments)), what="findings")
    yield _folded(
        "What the network costs while it stands",
        "| environment | interface endpoints, in each zone | NAT gateways | without data | prices of |\n"
        "|---|---|---|---|---|\n",
        list(rows.network_rows(environments)),
        details=details,
        what="environments",
    )
    yield _folded(
        "Changed members",
        "| environment | job | member | old | new | a change |\n|---|---|---|---|---|---|\n",
        list(rows.member_rows(environments)),
        details=details,
        what="members",
    )
    yield _folded(
        "Names, limits and costs",
        "| environment | job | name | in the place of | longest | spot | cost |\n|---|---|---|---|---|---|---|\n",
        list(rows.cost_rows(environments)),
        details=details,
        what="jobs",
    )
    yield _folded(
        "What the costs consist of",
        "| environment | job | cost of | at most for | at most | an hour | SKU and date of the price |\n"
        "|---|---|---|---|---|---|---|\n",
        list(rows.component_rows(environments)),
        details=details,
        what="components",
    )


def _folded(title: str, head: str, within: list[str], *, details: bool, what: str) -> Section:
    if details:
        return Section(f"<details><summary>{title}</summary>\n\n{head}", within, "\n</details>\n\n", what)
    return Section(f"### {title}\n\n{head}", within, "\n", what)
