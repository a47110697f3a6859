"""`python -m bench`: every measurement in turn but the longest, or those that are named.

Nothing is asserted: the figures are of one machine and one moment, and stand beside a baseline of the same ones.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
from importlib.metadata import version
from tempfile import TemporaryDirectory

from bench import calls, deploying, importing, scale, starting, training, validation, waiting
from bench.table import Measurement, print_table
from localaws.engine.installation import ready_engine

_MEASUREMENTS: dict[str, Measurement] = {
    "importing": importing,
    "validation": validation,
    "up": deploying,
    "calls": calls,
    "waiting": waiting,
    "scale": scale,
    "training": training,
}
_LONG: dict[str, Measurement] = {"starting": starting}
"""Those that take more than minutes."""
_PACKAGES = ("sagemaker-constructs", "pulumi", "pulumi-aws", "boto3", "pydantic", "moto")


def main() -> None:
    """Print what was measured with, then the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=_MEASUREMENTS | _LONG, default=[*_MEASUREMENTS])
    names: list[str] = parser.parse_args().names
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    print(f"Python {platform.python_version()}, engine {_engine_version()}, {packages}")
    print(f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    for name in names:
        print_table((_MEASUREMENTS | _LONG)[name])


def _engine_version() -> str:
    with TemporaryDirectory() as home:  # Pulumi writes into its home even for this
        environment = {**os.environ, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        command = [ready_engine(), "version"]
        return subprocess.run(command, capture_output=True, check=True, env=environment, text=True).stdout.strip()


if __name__ == "__main__":
    main()
