"""Prints localaws' own messages to standard error, so that standard output remains Pulumi's."""

import sys


class LocalawsError(Exception):
    """Raised when a command cannot continue. The message is one sentence: what is wrong, and what to do."""


def say(sentence: str) -> None:
    """Print one line with the prefix `localaws:`."""
    sys.stderr.write(f"localaws: {sentence}\n")
    sys.stderr.flush()
