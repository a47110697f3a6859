"""Says why the regular expression of a metric captures no number.

Input: the expression. Output: what it should be, or None. SageMaker publishes what its first group captures.
"""

from __future__ import annotations

import re
from functools import lru_cache

_JAVA_NAMED_GROUP = re.compile(r"\(\?<(?=[A-Za-z])")
"""Java's spelling of a named group, which Python spells `(?P<name>`."""
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?P<\w+>|\(\?|\)|.", re.DOTALL)
"""An escaped character, a class of characters, the beginning or end of a group, or another character."""
_CAPTURING = re.compile(r"\((?!\?)|\(\?P<")
_LAZY_END = re.compile(r"(?<!\\)(?:[*+?]|\{\d*,?\d*\})\?\)*\Z")
_NOTHING_BUT_ENDS = re.compile(r"\)*\Z")


@lru_cache(maxsize=512)
def better_expression(expression: str) -> str | None:
    """What the expression should be instead; None where its first group can capture a number."""
    in_python = _JAVA_NAMED_GROUP.sub("(?P<", expression)
    try:
        groups = re.compile(in_python).groups
    except (re.error, OverflowError, RecursionError) as error:
        return f"a regular expression that compiles ({error})"
    if not groups:
        return r"a group around the number, in parentheses that are neither escaped nor begin with (?:"
    within, after = _first_group(in_python)
    if not within or (_NOTHING_BUT_ENDS.match(after) and _LAZY_END.search(within)):
        return (
            "a group that captures the number: a lazy one at the end captures as little as it can; write ([0-9.]+), or "
            "go on with what follows the number"
        )
    return None


def _first_group(expression: str) -> tuple[str, str]:
    """What the first capturing group contains, and what follows it."""
    depth, start, within = 0, -1, 0
    for token in _TOKEN.finditer(expression):
        text = token[0]
        if text.startswith("("):
            depth += 1
            if start < 0 and _CAPTURING.match(text):
                start, within = token.end(), depth
        elif text == ")":
            if start >= 0 and depth == within:
                return expression[start : token.start()], expression[token.end() :]
            depth -= 1
    return "", ""
