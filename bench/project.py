"""A Pulumi project of so many resources, for a measurement.

Input: one of the `programs`, and how many. Output: a `Trial` whose stack is there and has nothing in it yet.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.programs import BUCKET, ROLE
from localaws.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import ModuleType


@contextmanager
def project(program: ModuleType, count: int) -> Generator[Trial]:
    """A project on an AWS of its own, which has the bucket and the role; both are gone afterwards."""
    with TemporaryDirectory() as root:
        # With bytecode, as an installed package has it: otherwise each process would compile this library anew.
        trial = Trial(Path(root), {"LOCALAWS_JOB_SECONDS": "0.5", "PYTHONDONTWRITEBYTECODE": ""})
        set_program(trial, program, count)
        try:
            trial.furnish(bucket=BUCKET, role=ROLE)
            trial.run("stack", "init", "trial")
            yield trial
        finally:
            trial.end()


def set_program(trial: Trial, program: ModuleType, count: int) -> None:
    """Declare so many resources from now on."""
    trial.program(f"from {program.__name__} import deploy\n\ndeploy({count})\n")
