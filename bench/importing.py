"""What it takes to import the library in a new process, beside Pulumi and pydantic, which each program has.

Input: none. Output: processor time. A model with one member is part of the baseline, for pydantic loads most of itself
with the first one. Garbage is not collected meanwhile: a collection comes with one import or another by chance, and
takes longer than most of them.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE = "Importing in a new process"
_RUNS = 7
_BARE = "import pulumi; from pydantic import BaseModel"
_BASELINES: Mapping[str, str] = {
    "pulumi, BaseModel": _BARE,
    "the same and a model": f"{_BARE}; type('Model', (BaseModel,), {{'__annotations__': {{'member': int}}}})",
}
_STATEMENTS: Mapping[str, str] = {
    "a program's TrainingJob, TrainingJobSpec": "from sagemaker_constructs import TrainingJob, TrainingJobSpec",
    "a program's TrainingJobSpec alone": "from sagemaker_constructs import TrainingJobSpec",
    "a provider's name, as its process starts": "import sagemaker_constructs.providers",
    "what a provider does, with the engine's first call": "import sagemaker_constructs.provider_steps",
}


def measure() -> Iterator[Row]:
    """Each import beside both baselines."""
    statements = {**_BASELINES, **_STATEMENTS}
    rounds = [{name: _milliseconds(statement) for name, statement in statements.items()} for _ in range(_RUNS)]
    least = {name: min(each[name] for each in rounds) for name in statements}
    for name in _STATEMENTS:
        for baseline in _BASELINES:
            yield Row(name, least[name], "ms", least[baseline], baseline)


def _milliseconds(statement: str) -> float:
    """Of processor time, in a process of its own, with bytecode, as an installed package has it."""
    script = (
        f"import gc, time; gc.disable(); start = time.process_time(); {statement}; print(time.process_time() - start)"
    )
    command = [sys.executable, "-c", script]
    environment = {"PYTHONDONTWRITEBYTECODE": ""}
    found = subprocess.run(command, capture_output=True, check=True, env=environment, text=True).stdout
    return float(found) * 1e3
