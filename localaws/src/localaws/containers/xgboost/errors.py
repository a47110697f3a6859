"""Words the failures of a training.

Input: an error of XGBoost. Output: its sentence, for the failure file: AWS shows 1,024 characters of that, of which the
stack of the native library takes most.
"""

from __future__ import annotations

import re

_STACK = "\nStack trace:"
_PLACE = re.compile(r"\[[\d:]+\] \S+:\d+: (?:Check failed: .*?: )?")
"""What stands before a sentence: `[12:00:00] /src/objective.cu:64: Check failed: is_valid: `."""


class UserError(Exception):
    """What the user has to change, in the words of AWS's container."""


def caused_by(error: Exception) -> str:
    """The sentence of an error, without its place and stack, and its class as AWS's containers name it."""
    sentence = str(error).partition(_STACK)[0].strip()
    place = _PLACE.match(sentence)
    return f"{sentence[place.end() :] if place else sentence} (caused by {type(error).__name__})"
