"""Prints the IAM policy of an environment: `python -m sagemaker_constructs.guardrails FILE ENVIRONMENT [PARTITION]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sagemaker_constructs.guardrails.deny import deny_policy
from sagemaker_constructs.guardrails.document import GuardrailsError
from sagemaker_constructs.guardrails.file import read_guardrails


def main(arguments: list[str]) -> str:
    """The policy as JSON; on stderr, what may be a slip. Ends the program where the arguments or the file are wrong."""
    if len(arguments) not in (2, 3):
        sys.exit(__doc__)
    file, environment, *partition = arguments
    try:
        guardrails = read_guardrails(str(Path(file).absolute()))
    except GuardrailsError as error:
        sys.exit(str(error))
    if environment not in guardrails.environments:
        others = ", ".join(guardrails.environments) or "none"
        sys.stderr.write(
            f"{environment} has no rules of its own in {file}, so those of every environment hold "
            f"(environments with their own: {others})\n"
        )
    return json.dumps(deny_policy(guardrails, environment, *partition), indent=2)


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
