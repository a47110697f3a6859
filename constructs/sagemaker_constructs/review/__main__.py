"""Implements `sagemaker-review`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from typing_extensions import override

from sagemaker_constructs.addresses.partitions import partition_of
from sagemaker_constructs.permissions.previewing import preview_policy
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.review.comment import comment
from sagemaker_constructs.review.files import Files, ReviewError, previewed, read_all
from sagemaker_constructs.review.github import API, PullRequest
from sagemaker_constructs.review.outcome import Outcome, outcome
from sagemaker_constructs.review.preview import preview
from sagemaker_constructs.review.stacks import require_stacks

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = os.EX_USAGE
"""Exit code of a command line that cannot be understood."""
_REFUSED = (Outcome.GUARDRAIL, Outcome.OVER_BUDGET, Outcome.FAILED)
"""What is not approved."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    arguments = _parser().parse_args(words)
    try:
        return arguments.run(arguments)
    except (ReviewError, OSError) as error:
        sys.stderr.write(f"sagemaker-review: {error}\n")
        return Outcome.FAILED


def _preview(arguments: argparse.Namespace) -> int:
    environments = [Files(arguments.folder, name) for name in dict.fromkeys(arguments.environments)]
    require_stacks((each.name for each in environments), arguments.pulumi)
    for each in environments:
        preview(each, arguments.pulumi, arguments.option, plan=arguments.plan)
    return Outcome.OK


def _comment(arguments: argparse.Namespace) -> int:
    environments = read_all(arguments.folder, arguments.environments, dict(arguments.budget))
    body = comment(environments, details=not arguments.no_details)
    sys.stdout.write(body)
    if arguments.output:
        arguments.output.write_text(body, encoding="utf-8")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(body)
    found = outcome(environments)
    sys.stdout.flush()  # what it comes to is the last line in a terminal
    sys.stderr.write(f"sagemaker-review: {found.meaning} (exit code {found.value})\n")
    return found


def _approve(arguments: argparse.Namespace) -> int:
    """Write an approval for each environment that may be deployed; none for the others, of which the worst counts."""
    worst = Outcome.OK
    names = arguments.environments or previewed(arguments.folder)
    for environment in read_all(arguments.folder, names, dict(arguments.budget)):
        files, found = Files(arguments.folder, environment.name), outcome([environment])
        files.approval.unlink(missing_ok=True)
        if found in _REFUSED:
            worst = max(worst, found)
            sys.stdout.write(f"{environment.name}: not approved: {found.meaning}\n")
        else:
            files.approve(environment)
            sys.stdout.write(f"{environment.name}: approved, {files.approval}\n")
    return worst


def _post(arguments: argparse.Namespace) -> int:
    token = os.environ.get("GITHUB_TOKEN")
    if not token:
        raise ReviewError("GITHUB_TOKEN is not set")
    where = PullRequest(
        arguments.repository, arguments.pull_request, token, os.environ.get("GITHUB_API_URL") or API
    ).post(arguments.file.read_text(encoding="utf-8"))
    sys.stdout.write(f"{where}\n")
    return Outcome.OK


def _policy(arguments: argparse.Namespace) -> int:
    partition = partition_of(arguments.region)
    if partition is None:
        raise ReviewError(f"--region: got {arguments.region!r}, expected the name of an AWS Region")
    scope = Scope(partition.name, arguments.region, arguments.account)
    sys.stdout.write(json.dumps(preview_policy(scope), indent=2) + "\n")
    return Outcome.OK


def _exit_codes(*outcomes: Outcome, ok: str = Outcome.OK.meaning) -> str:
    """What `--help` says of a command's exit codes."""
    others = [f"{each.value} {each.meaning}" for each in outcomes if each is not Outcome.OK]
    return "exit codes: " + "; ".join([f"{Outcome.OK.value} {ok}", *others])


def _budget(text: str) -> tuple[str, Decimal]:
    name, _, amount = text.partition("=")
    try:
        usd = Decimal(amount)
    except InvalidOperation:
        usd = Decimal("NaN")
    if not (name and usd.is_finite() and usd >= 0):
        raise argparse.ArgumentTypeError(f"got {text!r}, expected ENVIRONMENT=USD")
    return name, usd


class _Parser(argparse.ArgumentParser):
    """A parser whose mistakes have an exit code of their own: 2, as argparse has it, is an outcome."""

    @override
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: error: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("sagemaker-review", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(
        name: str, run: object, words: str, *, environments: str = "*", codes: str = ""
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words, epilog=codes)
        made.set_defaults(run=run)
        if environments:
            made.add_argument("--folder", type=Path, default=Path(".review"), help="where the files are (.review)")
            default = "; default: all in the folder" if environments == "*" else ""
            made.add_argument("environments", nargs=environments, help=f"names of stacks{default}")
        return made

    made = command("preview", _preview, "preview each environment into the folder", environments="+")
    made.add_argument("--pulumi", default="pulumi", help="the command to run (pulumi)")
    made.add_argument("--plan", action="store_true", help="save a plan for each environment, too")
    made.add_argument("--option", action="append", default=[], help="another option of `pulumi preview`")
    made = command("comment", _comment, "write the comment", codes=_exit_codes(*Outcome))
    made.add_argument("--output", type=Path, help="a file into which it is written, too")
    made.add_argument("--no-details", action="store_true", help="fold nothing; Bitbucket has no <details>")
    made.add_argument("--budget", type=_budget, action="append", default=[], help="ENVIRONMENT=USD, for what starts")
    made = command(
        "approve",
        _approve,
        "approve what was previewed",
        codes=_exit_codes(*_REFUSED, ok="every environment is approved"),
    )
    made.add_argument("--budget", type=_budget, action="append", default=[], help="ENVIRONMENT=USD, for what starts")
    made = command("post", _post, "post a comment to a pull request on GitHub, or update it", environments="")
    made.add_argument("--repository", required=True, help="owner/name")
    made.add_argument("--pull-request", type=int, required=True, help="its number")
    made.add_argument("file", type=Path, help="what `sagemaker-review comment` has written")
    made = command("policy", _policy, "write the policy of a role that previews and changes nothing", environments="")
    made.add_argument("--account", required=True, help="of the jobs")
    made.add_argument("--region", required=True, help="of the jobs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
