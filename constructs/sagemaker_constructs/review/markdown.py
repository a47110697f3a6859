"""Writes texts of others into Markdown, so that they stay texts; and fits rows into a limit.

Input: any text; sections with rows. Output: Markdown that GitHub and GitLab show as it was meant, whatever a name
contains: no row ends early, no tag or fence opens, nobody is mentioned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PLAIN = re.compile(r"[A-Za-z0-9 _.,;:/=+'\"%()-]+")
"""What is literal between backticks, in a table too."""
_SPECIAL = re.compile(r"[^\w\s.,;:/=+'\"%()…→-]|(?<!\w)_|_(?!\w)|://")
_ROOM_FOR_NOTE = 60
NAMED = 10
"""How many environments, or jobs, a sentence names."""


def text(raw: str, longest: int = 400) -> str:
    """A sentence: one line, shortened where it is too long, every character that has a meaning in Markdown escaped."""
    return _SPECIAL.sub(lambda found: "".join(f"&#{ord(each)};" for each in found[0]), _line(raw, longest))


def lines(raw: str, longest: int = 2000) -> str:
    """Several lines of one item of a list, in which each stays a line."""
    return "<br>".join(text(line, longest) for line in raw[:longest].splitlines() if line.strip())


def code(raw: str, longest: int = 120) -> str:
    """A name or a value."""
    line = _line(raw, longest)
    if not line:
        return ""
    return f"`{line}`" if _PLAIN.fullmatch(line) else f"<code>{text(line, longest)}</code>"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence; of many, the first ones."""
    given = [text(each, 60) for each in names]
    more = [f"{len(given) - NAMED} more"] if len(given) > NAMED else []
    return ", ".join([*given[:NAMED], *more])


def table_row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |\n"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the comment: rows between a head and a tail. Without rows it is left out."""

    head: str
    rows: Sequence[str]
    tail: str = "\n"
    what: str = "rows"
    """What the rows are, for the note that says how many were left out."""


def fitted(sections: Iterable[Section], limit: int) -> str:
    """The sections, with as many rows as fit into `limit` bytes of UTF-8; the first sections first.

    A section is cut between two rows only, and says how many it leaves out; heads and tails are always there.
    """
    present = [section for section in sections if section.rows]
    room = limit - sum(_size(each.head) + _size(each.tail) + _ROOM_FOR_NOTE for each in present)
    parts: list[str] = []
    for section in present:
        kept: list[str] = []
        for row in section.rows:
            if _size(row) > room:
                break
            room -= _size(row)
            kept.append(row)
        missing = len(section.rows) - len(kept)
        note = f"\n… and {missing} more {section.what}, left out here.\n" if missing else ""
        parts.append(f"{section.head}{''.join(kept)}{note}{section.tail}")
    return "".join(parts)


def _line(raw: str, longest: int) -> str:
    """One line of what can be encoded."""
    line = " ".join(raw.encode("utf-8", "replace").decode().split())
    line = "".join(each for each in line if each.isprintable())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _size(written: str) -> int:
    return len(written.encode())
