"""Writes the generated parts of the documentation: `make docs`.

`docs/reference.md` has every member and every rule; README.md has the members on top, between its two markers.
"""

from __future__ import annotations

from pathlib import Path

from sagemaker_constructs.api.reference import member_table, rule_table
from sagemaker_constructs.reconcile.effects import EFFECTS, Effect

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
REFERENCE = HERE / "reference.md"
BEGIN, END = "<!-- members: written by `make docs` -->\n", "<!-- /members -->\n"


def reference() -> str:
    """The text of docs/reference.md."""
    return (
        "# Reference\n\nWritten by `make docs` from the shapes, the table of effects and the table of rules.\n\n"
        "## Members\n\nEvery member of CreateTrainingJob, at every depth. *A change* says what a change of the member "
        f"means for a job that exists.\n\n{member_table(EFFECTS)}\n"
        "## Rules between members\n\nA *refused* request stops the preview; *advice* is a warning.\n\n"
        f"{rule_table()}"
    )


def readme(text: str) -> str:
    """README.md with its table of members as it is now."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}{_classes()}{END}{after}"


def _classes() -> str:
    """A row for each effect: the members that have it."""
    rows = [f"| {effect} | {', '.join(f'`{path}`' for path in _paths(effect))} |\n" for effect in Effect]
    return "| class | members |\n|---|---|\n" + "".join(rows)


def _paths(effect: Effect) -> list[str]:
    return [path for path, each in EFFECTS.items() if each is effect]


def main() -> None:
    """Write both."""
    REFERENCE.write_text(reference())
    README.write_text(readme(README.read_text()))


if __name__ == "__main__":
    main()
