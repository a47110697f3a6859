"""Every code block of the documents is tested, and those that need no engine work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pulumi
import pytest

from tests.constructs.graphs import graph
from tests.docs.blocks import DOCUMENTS, ROOT, Block, blocks
from tests.docs.rows import ROWS, Elsewhere, Generated, Program, Tree, blocks_tested_by

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _configuration() -> Iterator[None]:
    """The configuration that the documents take for granted."""
    pulumi.runtime.set_all_config({"aws:region": "eu-west-1"})
    yield
    pulumi.runtime.set_all_config({})


def test_every_block_has_a_row_and_every_row_a_block() -> None:
    """A document that gains a block needs a row: how the block is tested."""
    assert {block.key for block in blocks()} == set(ROWS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_fence_is_that_of_a_block(document: str) -> None:
    """None is left open, and none is of a form that is not read."""
    fences = re.findall(r"^\s*(?:```|~~~)", (ROOT / document).read_text(), re.MULTILINE)
    assert len(fences) == 2 * len([block for block in blocks() if block.document == document])


def test_only_what_a_command_writes_shares_a_first_line() -> None:
    """Any other row is that of one block."""
    keys = [block.key for block in blocks() if not isinstance(ROWS.get(block.key), Generated)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("block", "row"), blocks_tested_by(Program))
@pytest.mark.parametrize("preview", [True, False], ids=["preview", "up"])
def test_a_program_places_its_resources(block: Block, row: Program, *, preview: bool) -> None:
    """In a preview, when nothing is known yet, and in an update."""
    program = compile(f"{row.given}\n{block.text}", ": ".join(block.key), "exec")
    found = graph(lambda: exec(program, {}), row.answers, preview=preview)
    assert {kind: found.counts().get(kind) for kind in row.places} == row.places
    names = [(each.type, each.parent, each.name) for each in found.placed]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("block", "_"), blocks_tested_by(Tree))
def test_a_tree_shows_what_there_is(block: Block, _: Tree) -> None:
    """Each name lies in the folder above it."""
    above: list[str] = []
    missing: list[str] = []
    for line in block.text.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        names = re.split(r"\s{2,}", line.strip())[0].replace(",", "").replace("…", "").split()
        paths = ["".join([*above[:depth], name]) for name in names]
        missing += [path for path in paths if not (ROOT / path).exists()]
        above[depth:] = [names[0]]
    assert missing == []


@pytest.mark.parametrize(("_", "row"), blocks_tested_by(Elsewhere))
def test_the_test_that_runs_a_block_exists(_: Block, row: Elsewhere) -> None:
    """So that the row is not a promise."""
    assert (ROOT / row.test).is_file()
