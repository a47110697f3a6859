"""Prints localaws' own messages to standard error, so that standard output remains Pulumi's."""

import sys


class LocalawsError(Exception):
    """Raised where a command cannot go on. The message is one sentence: what is wrong, and what to do."""


def say(sentence: str) -> None:
    """Show one line, marked as localaws' own."""
    sys.stderr.write(f"localaws: {sentence}\n")
    sys.stderr.flush()
