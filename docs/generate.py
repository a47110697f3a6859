"""Writes what follows from the tables of the code: `make docs`.

Input: the tables of the library and of the local AWS. Output: whole files, and the tables of guides between their
markers. `tests/test_docs.py` compares both with what is in the repository.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bench.review_pictures import EXAMPLES, comments
from localaws.plugin.functions import FUNCTIONS
from localaws.plugin.resources import RESOURCES
from sagemaker_constructs.api.members import documentation
from sagemaker_constructs.api.reference import hyper_parameter_table, member_table, rule_table
from sagemaker_constructs.guardrails.document import parse
from sagemaker_constructs.guardrails.reference import guardrail_table
from sagemaker_constructs.guardrails.rules import GUARDRAILS
from sagemaker_constructs.network.endpoints import endpoint_table
from sagemaker_constructs.reconcile import options
from sagemaker_constructs.reconcile.decision_record import Decision, DecisionRecord
from sagemaker_constructs.reconcile.effects import EFFECTS, Effect
from sagemaker_constructs.results.failures import FAILURES, UNKNOWN
from stacks.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from localaws.plugin.resource import Resource

ROOT = Path(__file__).parents[1]
LINE = 120
"""Characters in a line of code."""


def reference() -> str:
    """The text of docs/reference.md."""
    return (
        "# Reference\n\nWritten by `make docs` from the shapes, the table of effects and the table of rules.\n\n"
        "## Members\n\nEvery member of CreateTrainingJob, at every depth. *A change* says what a change of the member "
        f"means for a job that exists.\n\n{member_table(EFFECTS)}\n"
        "## Rules between members\n\nA *refused* request stops the preview; *advice* is a warning.\n\n"
        f"{rule_table()}\n"
        "## Hyperparameters of XGBoost\n\nThose of SageMaker's own XGBoost (`sagemaker-xgboost`, 1.2 and newer), where "
        "it runs as an algorithm and not a program of yours. The preview refuses others. SageMaker finds them only "
        f"after the job has started.\n\n{hyper_parameter_table()}"
    )


_DOCUMENTED = documentation(options.JobOptions)


def job_options() -> str:
    """The text of program/job_options.py: the record of a job's options as a TypedDict, for type checkers."""
    (record,) = (
        node
        for node in ast.parse(inspect.getsource(options)).body
        if isinstance(node, ast.ClassDef) and node.name == "JobOptions"
    )
    types = {ast.unparse(node.target): node.annotation for node in record.body if isinstance(node, ast.AnnAssign)}
    names = {node.id for each in types.values() for node in ast.walk(each) if isinstance(node, ast.Name)}
    imported = ", ".join(sorted(name for name in names if hasattr(options, name)))
    fields = "".join(f"    {name}: {ast.unparse(annotation)}\n{_docstring(name)}" for name, annotation in types.items())
    return (
        '"""Lists the options of a job for type checkers. Written by `make docs` from `reconcile/options.py`."""\n\n'
        "from __future__ import annotations\n\n"
        "from typing_extensions import TypedDict\n\n"
        f"from sagemaker_constructs.reconcile.options import {imported}  # noqa: TC001  validated\n"
        '\n\nclass JobOptions(TypedDict, total=False):\n    """Options of a `TrainingJob` or a `TrainingFallback`."""'
        f"\n\n{fields}"
    )


def _docstring(name: str) -> str:
    field = options.JobOptions.model_fields[name]
    default = "" if field.default is None else f" Default: {field.default!r}."
    words = f'"""{" ".join(_DOCUMENTED[name].split())}{default}"""'.split(" ")
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) + 5 > LINE:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "".join(f"    {line}\n" for line in lines)


def _members() -> str:
    """A row for each effect: the members that have it."""
    topmost = [path for path in EFFECTS if EFFECTS.get(path.rpartition(".")[0]) is not EFFECTS[path]]
    paths = {effect: [path for path in topmost if EFFECTS[path] is effect] for effect in Effect}
    rows = [f"| {effect} | {', '.join(f'`{path}`' for path in found)} |\n" for effect, found in paths.items()]
    return "| class | members |\n|---|---|\n" + "".join(rows)


def _options() -> str:
    """A row for each option of a job."""
    rows = [
        f"| `{name}` | {_default(field.default)} | {' '.join(_DOCUMENTED[name].split())} |\n"
        for name, field in options.JobOptions.model_fields.items()
    ]
    return "| option | default | |\n|---|---|---|\n" + "".join(rows)


def _default(value: object) -> str:
    return "" if value is None else f"`{value!r}`"


def _failures() -> str:
    """A row for each class of failures, with its advice."""
    rows = [f"| {failure.kind} | {failure.advice} |\n" for failure in (*FAILURES, UNKNOWN)]
    return "| class | advice |\n|---|---|\n" + "".join(rows)


def _types() -> str:
    """A row for each resource type of the emulated plugin: the inputs that it carries out."""
    rows = (f"| `{_python_name(token)}` | {_listed(row.inputs - {'region', 'tags'})} |\n" for token, row in _by_name())
    return "| resource type | inputs |\n|---|---|\n" + "".join(rows)


def _by_name() -> Iterable[tuple[str, Resource]]:
    return sorted(RESOURCES.items(), key=lambda item: _python_name(item[0]))


def _functions() -> str:
    """A row for each module of the emulated plugin: its functions."""
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for token in FUNCTIONS:
        module, _, function = _python_name(token).rpartition(".")
        modules[module].append(function)
    rows = (f"| `{module}` | {_listed(functions)} |\n" for module, functions in sorted(modules.items()))
    return "| module | functions |\n|---|---|\n" + "".join(rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{_snake_case(name)}`" for name in sorted(names))


def _python_name(token: str) -> str:
    """What Python calls a type or function: `aws.s3.Bucket` for `aws:s3/bucket:Bucket`."""
    package, path, name = token.split(":")
    module = path.partition("/")[0]
    shown = name if name[0].isupper() else _snake_case(name)
    return ".".join(part for part in (package, module, shown) if part != "index")


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _settings() -> str:
    """A row for each setting of the sample's stacks: its values, its default, and what it means."""
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    documented = documentation(Settings)
    rows = [
        f"| `{name}` | {_values(schema)} | {_cell(declared[name]['default'])} | {documented[name]} |\n"
        for name, schema in Settings.model_json_schema()["properties"].items()
    ]
    return "| setting | values | default | |\n|---|---|---|---|\n" + "".join(rows)


_VALUES = {"boolean": "true or false", "integer": "a whole number", "string": "a text"}


def _values(schema: Mapping[str, Any]) -> str:
    """What a setting may be: `a whole number from 1 to 20`."""
    kind = schema.get("type") or schema["anyOf"][0]["type"]  # otherwise optional
    return _VALUES[kind] + "".join(
        f" {word} {schema[limit]}" for word, limit in (("from", "minimum"), ("to", "maximum")) if limit in schema
    )


def _environments() -> str:
    """A row for each setting and each guardrail in which the environments differ, and a column for each environment."""
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    project = f"{declared['name']}:"
    defaults = {name: each["default"] for name, each in declared["config"].items()}
    chosen = {
        file.name.split(".")[1]: {
            name.removeprefix(project): value
            for name, value in yaml.safe_load(file.read_text())["config"].items()
            if name.startswith(project)
        }
        for file in sorted((ROOT / "stacks").glob("Pulumi.*.yaml"))
    }
    guardrails = parse((ROOT / "stacks" / "guardrails.yaml").read_text(), "guardrails.yaml")
    rows = {name: [{**defaults, **values}[name] for values in chosen.values()] for name in defaults}
    for rule in GUARDRAILS:
        rows[f"guardrail {rule.name}"] = [guardrails.limits(each).get(rule.name, "") for each in chosen]
    lines = [
        f"| {name} | {' | '.join(map(_cell, values))} |\n"
        for name, values in rows.items()
        if len(set(map(_cell, values))) > 1
    ]
    return f"| | {' | '.join(chosen)} |\n|---|{'---|' * len(chosen)}\n" + "".join(lines)


def _cell(value: object) -> str:
    return ", ".join(f"`{each}`" for each in value) if isinstance(value, list) else str(value).lower()


def _decisions() -> str:
    """A row for each field of the decision file, and the decisions."""
    documented = documentation(DecisionRecord)
    rows = [f"| `{name}` | {' '.join(documented[name].split())} |\n" for name in DecisionRecord.model_fields]
    words = ", ".join(f"`{each}`" for each in Decision)
    return f"| field | |\n|---|---|\n{''.join(rows)}\nDecisions: {words}.\n"


def _examples() -> str:
    """The pictures of the comments of recorded previews, each with its headline as its text."""
    shown = {name: markdown.splitlines()[1].removeprefix("## ") for name, markdown in comments().items()}
    return "".join(f"\n### {title}\n\n![{shown[name]}](review/{name}.png)\n" for name, title in EXAMPLES.items()) + "\n"


FILES: Mapping[str, Callable[[], str]] = {
    "docs/reference.md": reference,
    "constructs/sagemaker_constructs/program/job_options.py": job_options,
}
"""What is written as a whole."""

TABLES: Mapping[tuple[str, str], Callable[[], str]] = {
    ("docs/jobs.md", "members"): _members,
    ("docs/jobs.md", "options"): _options,
    ("docs/results.md", "failures"): _failures,
    ("docs/review.md", "decisions"): _decisions,
    ("docs/review.md", "examples"): _examples,
    ("docs/role-and-network.md", "endpoints"): endpoint_table,
    ("docs/guardrails.md", "guardrails"): guardrail_table,
    ("docs/environments.md", "environments"): _environments,
    ("docs/environments.md", "settings"): _settings,
    ("docs/local-aws.md", "types"): _types,
    ("docs/local-aws.md", "functions"): _functions,
}
"""What is written between the markers of a name: by document and name."""


def generated() -> dict[str, str]:
    """The text of each file that has something generated, by its path."""
    texts = {path: write() for path, write in FILES.items()}
    for (path, name), table in TABLES.items():
        begin, end = f"<!-- {name}: written by `make docs` -->\n", f"<!-- /{name} -->\n"
        before, rest = (texts.get(path) or (ROOT / path).read_text()).split(begin)
        texts[path] = f"{before}{begin}{table()}{end}{rest.split(end)[1]}"
    return texts


def main() -> None:
    """Write them."""
    for path, text in generated().items():
        (ROOT / path).write_text(text)


if __name__ == "__main__":
    main()
