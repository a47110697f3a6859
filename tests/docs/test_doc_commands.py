"""The code blocks of the documents that need the real engine and a local AWS, or name commands that do."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localaws.trial import QUICK, Trial
from sagemaker_constructs.decision_file import APPROVAL, DECISIONS
from tests.docs.blocks import ROOT, Block, Command, commands
from tests.docs.rows import Commands, Deployed, Session, blocks_tested_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

pytestmark = pytest.mark.engine

AWS_CLI = Path(__file__).with_name("aws_cli.py")
END = "--- exit code "
"""What the shell prints after each command."""


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """A project on a local AWS of its own."""
    made = Trial(tmp_path, QUICK)
    yield made
    made.end()


@pytest.mark.parametrize(("block", "row"), blocks_tested_by(Session))
def test_a_session_goes_as_the_document_says(block: Block, row: Session, trial: Trial) -> None:
    """Exit codes, output and effects."""
    typed = commands(block)
    row.prepare(trial)
    codes, outputs = typed_into_a_shell(trial, typed)
    assert codes == list(row.codes), "\n".join(outputs)
    for command, output in zip(typed, outputs, strict=True):
        for line in command.output:
            assert re.search(re.escape(line).replace("…", ".*"), output), output
    row.check(trial, outputs)


def typed_into_a_shell(trial: Trial, typed: Sequence[Command]) -> tuple[list[int], list[str]]:
    """The exit code and the output of each command, in one shell that has `pulumilocal env` of the project."""
    programs = trial.root / "programs"
    programs.mkdir()
    (programs / "aws").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{AWS_CLI}" "$@"\n')
    (programs / "aws").chmod(0o755)
    lines = [
        "exec 2>&1",
        'eval "$(pulumilocal env)"',
        *(f'{each.text}\necho "\n{END}$?"' for each in typed),
    ]
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=trial.root,
        env=trial.environment({"PATH": path, "PULUMI_OPTION_SKIP_PREVIEW": "true"}),  # no test looks at it
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    parts = re.split(rf"\n{END}(\d+)\n", shell.stdout)
    return [int(code) for code in parts[1::2]], parts[:-1:2]


@pytest.mark.parametrize(("block", "row"), blocks_tested_by(Deployed))
def test_a_program_is_deployed(block: Block, row: Deployed, trial: Trial) -> None:
    """By the real engine, and has the effect that the document says."""
    trial.program(f"{row.given}\n{block.text}")
    trial.up()
    row.check(trial)


@pytest.mark.parametrize(("block", "_"), blocks_tested_by(Commands))
def test_commands_that_are_not_run_exist(block: Block, _: Commands, trial: Trial) -> None:
    """A target of the Makefile; a command of Pulumi, for a stack that has a file; a variable that the library reads."""
    for command in commands(block):
        words = shlex.split(command.text, comments=True)
        if words[0] == "make":
            subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, check=True, capture_output=True)
        elif words[0] == "export":
            assert words[1].partition("=")[0] in {APPROVAL, DECISIONS}
        else:
            assert f"pulumi {words[1]}" in trial.run(*words[1:], "--help").text
            stack = words[1 + next(number for number, word in enumerate(words) if word in {"-s", "--stack"})]
            assert (ROOT / "stacks" / f"Pulumi.{stack}.yaml").is_file()
