"""Finds the code blocks of the documents.

Input: README.md and docs/*.md. Output: one `Block` for each fence, and the commands of a console block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", *sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").glob("*.md")))
_FENCE = re.compile(r"^ *(```+|~~~+)(\S*)\n(.*?)^ *\1$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    document: str
    language: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """The document and the block's first line, without its comment."""
        return self.document, self.text.partition("\n")[0].partition("  #")[0].rstrip()


@dataclass(frozen=True)
class Command:
    """A command of a console block."""

    text: str
    output: tuple[str, ...]
    """The lines that the document shows below it."""


def blocks() -> list[Block]:
    """The blocks of all documents, in their order."""
    return [
        Block(document, language, text)
        for document in DOCUMENTS
        for _, language, text in _FENCE.findall((ROOT / document).read_text())
    ]


def commands(block: Block) -> list[Command]:
    """The commands of a console block: what stands behind `$ `, continued where a line ends with a backslash."""
    found: list[Command] = []
    for line in filter(None, block.text.splitlines()):
        if line.startswith("$ "):
            found.append(Command(line.removeprefix("$ "), ()))
        elif found[-1].text.endswith("\\"):
            found[-1] = Command(f"{found[-1].text}\n{line}", ())
        else:
            found[-1] = Command(found[-1].text, (*found[-1].output, line))
    return found
