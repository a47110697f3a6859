"""Writes what is generated from the library's tables: `make docs`.

`docs/reference.md` has every member and every rule; README.md has the members on top and the options, between their
markers; `program/job_options.py` has the options of a job for type checkers.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

from sagemaker_constructs.api.reference import member_table, rule_table
from sagemaker_constructs.reconcile import options
from sagemaker_constructs.reconcile.effects import EFFECTS, Effect

LINE = 120
HERE = Path(__file__).parent
README = HERE.parent / "README.md"
REFERENCE = HERE / "reference.md"
JOB_OPTIONS = Path(inspect.getfile(options)).parents[1] / "program" / "job_options.py"
MEMBERS = "<!-- members: written by `make docs` -->\n", "<!-- /members -->\n"
OPTIONS = "<!-- options: written by `make docs` -->\n", "<!-- /options -->\n"


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
    """README.md with its tables of members and of options as they are now."""
    return _between(OPTIONS, _options(), _between(MEMBERS, _classes(), text))


def job_options() -> str:
    """The text of program/job_options.py: the record of the options as a TypedDict."""
    (record,) = (
        node
        for node in ast.parse(inspect.getsource(options)).body
        if isinstance(node, ast.ClassDef) and node.name == "JobOptions"
    )
    types = {node.target.id: node.annotation for node in record.body if isinstance(node, ast.AnnAssign)}  # pyright: ignore[reportAttributeAccessIssue]
    names = sorted({node.id for each in types.values() for node in ast.walk(each) if isinstance(node, ast.Name)})
    ours = [name for name in names if hasattr(options, name)]
    fields = "".join(f"    {name}: {ast.unparse(annotation)}\n{_docstring(name)}" for name, annotation in types.items())
    return (
        '"""Lists the options of a job for type checkers. Written by `make docs` from `reconcile/options.py`."""\n\n'
        "from __future__ import annotations\n\n"
        "from typing_extensions import TypedDict\n\n"
        f"from sagemaker_constructs.reconcile.options import {', '.join(ours)}  # noqa: TC001  validated\n"
        '\n\nclass JobOptions(TypedDict, total=False):\n    """Options of a `TrainingJob` or a `TrainingFallback`."""'
        f"\n\n{fields}"
    )


def _docstring(name: str) -> str:
    field = options.JobOptions.model_fields[name]
    default = "" if field.default is None else f" Default: {field.default!r}."
    words = f'"""{" ".join((field.description or "").split())}{default}"""'.split(" ")
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) + 5 > LINE:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "".join(f"    {line}\n" for line in lines)


def _options() -> str:
    """A row for each option of a job."""
    rows = [
        f"| `{name}` | `{field.default!r}` | {' '.join((field.description or '').split())} |\n"
        for name, field in options.JobOptions.model_fields.items()
    ]
    return "| option | default | |\n|---|---|---|\n" + "".join(rows)


def _between(markers: tuple[str, str], new: str, text: str) -> str:
    begin, end = markers
    before, rest = text.split(begin)
    return f"{before}{begin}{new}{end}{rest.split(end)[1]}"


def _classes() -> str:
    """A row for each effect: the members that have it."""
    rows = [f"| {effect} | {', '.join(f'`{path}`' for path in _paths(effect))} |\n" for effect in Effect]
    return "| class | members |\n|---|---|\n" + "".join(rows)


def _paths(effect: Effect) -> list[str]:
    return [path for path, each in EFFECTS.items() if each is effect]


def main() -> None:
    """Write all of it."""
    REFERENCE.write_text(reference())
    JOB_OPTIONS.write_text(job_options())
    README.write_text(readme(README.read_text()))


if __name__ == "__main__":
    main()
