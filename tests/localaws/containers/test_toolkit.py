"""The training toolkit's stand-in: sources, requirements, kinds of programs, failures."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from localaws.containers.toolkit.configuration import Configuration
from localaws.containers.toolkit.environment import argument, arguments
from localaws.containers.toolkit.errors import ScriptError, called
from localaws.containers.toolkit.program import command

if TYPE_CHECKING:
    from pathlib import Path

RESOURCES = {"current_host": "algo-1", "hosts": ["algo-1"], "current_group_name": "g", "instance_groups": []}


def run(base: Path, *, submit: Path | None = None, **hyperparameters: str) -> tuple[int, str]:
    """The exit code of the toolkit and the text in output/failure."""
    for folder in ("code", "input/config", "output/data", "model", "home"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    own = {"sagemaker_program": "train.py"} | ({"sagemaker_submit_directory": str(submit)} if submit else {})
    files = {"hyperparameters": own | hyperparameters, "resourceconfig": RESOURCES, "inputdataconfig": {}}
    for name, content in files.items():
        (base / f"input/config/{name}.json").write_text(json.dumps(content))
    words = [sys.executable, "-P", "-m", "localaws.containers.toolkit", "train"]
    variables = os.environ | {"SAGEMAKER_BASE_DIR": str(base), "HOME": str(base / "home"), "PIP_NO_INDEX": "1"}
    done = subprocess.run(words, env=variables, check=False, capture_output=True, text=True)
    failure = base / "output/failure"
    return done.returncode, failure.read_text() if failure.exists() else ""


def archive(path: Path, **files: str) -> Path:
    """An archive with files, at a path."""
    with tarfile.open(path, "w:gz") as packed:
        for name, content in files.items():
            entry = tarfile.TarInfo(name.replace("_", "."))
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content.encode()))
    return path


def test_an_archive_is_unpacked_and_its_script_gets_the_hyperparameters(tmp_path: Path) -> None:
    """As arguments in the order of their names, in the folder of the source."""
    packed = archive(
        tmp_path / "source.tar.gz", train_py="import sys; open('../model/words', 'w').write(str(sys.argv))"
    )

    assert run(tmp_path, submit=packed, epochs="3", b="true") == (0, "")
    assert (tmp_path / "model/words").read_text() == "['train.py', '-b', 'True', '--epochs', '3']"


def test_requirements_are_installed_beside_the_script_and_only_for_it(tmp_path: Path) -> None:
    """This interpreter does not get the package, and the script does not see pip's settings."""
    code = tmp_path / "code"
    code.mkdir()
    with zipfile.ZipFile(code / "tiny_thing-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_thing.py", "VALUE = 7\n")
        wheel.writestr("tiny_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n")
        wheel.writestr(
            "tiny_thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny_thing-1.0.dist-info/RECORD", "")
    (code / "requirements.txt").write_text("./tiny_thing-1.0-py3-none-any.whl\n")
    (code / "train.py").write_text(
        "import os, tiny_thing\nassert tiny_thing.VALUE == 7\nassert 'PIP_NO_INDEX' not in os.environ\n"
    )

    assert run(tmp_path) == (0, "")
    with pytest.raises(ImportError):
        __import__("tiny_thing")


def test_requirements_that_cannot_be_installed_fail_the_job(tmp_path: Path) -> None:
    """Before the script runs."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code/requirements.txt").write_text("no-such-package-anywhere\n")
    (tmp_path / "code/train.py").write_text("open('../model/ran', 'w')")
    code, failure = run(tmp_path)

    assert (code, failure.splitlines()[:2]) == (1, ["InstallRequirementsError:", "ExitCode 1"])
    assert not (tmp_path / "model/ran").exists()


def test_an_exception_of_the_script_is_the_failure(tmp_path: Path) -> None:
    """In the toolkit's words: class, exit code, the exception, the command."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code/train.py").write_text("print('x')\nraise ValueError('no rows')\n")
    code, failure = run(tmp_path, depth="4")

    assert code == 1
    assert failure == (
        f'ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: no rows"\n'
        f'Command "{sys.executable} -- train.py --depth 4"'
    )


def test_a_shell_script_and_a_package_are_run_as_such(tmp_path: Path) -> None:
    """By /bin/sh with quoted arguments, and as a module."""
    (tmp_path / "run.sh").write_text("echo")
    (tmp_path / "train.py").write_text("")

    assert command(tmp_path, "run.sh", ["--a", "b c"], "python") == ["/bin/sh", "-c", "./run.sh --a 'b c'"]
    (tmp_path / "setup.py").write_text("")
    assert command(tmp_path, "train.py", ["--a"], "python") == ["python", "-m", "train", "--a"]


@pytest.mark.parametrize("name", [None, "", "-c", "/bin/sh", "../up.py", "a/../b.py", "absent.py", "x;y.py"])
def test_a_name_that_is_no_file_of_the_source_is_refused(name: str | None, tmp_path: Path) -> None:
    """Nothing is run."""
    with pytest.raises(ScriptError, match="must be the path of a file in the source directory"):
        command(tmp_path, name, [], "python")


def test_a_launcher_that_is_not_here_is_refused(tmp_path: Path) -> None:
    """Rather than to train on one instance what asks for many."""
    code, failure = run(tmp_path, sagemaker_mpi_enabled="true")

    assert (code, failure.partition(":")[0]) == (1, "sagemaker_mpi_enabled")


def test_a_script_that_was_killed_says_that_memory_was_short() -> None:
    """As the toolkit words signal 9."""
    assert 'ExtraInfo "OutOfMemory: Process killed by SIGKILL (signal 9)"' in called("Error", 137, "", ["x"])
    assert "ExtraInfo" not in called("Error", 1, "", ["x"])


def test_arguments_are_written_as_the_toolkit_writes_them(tmp_path: Path) -> None:
    """Mappings as pairs, None as nothing, the rest as Python writes it."""
    told = Configuration(tmp_path, {"m": {"b": 2, "a": 1}, "n": None, "list": [1]}, {}, {}, {}, {})

    assert arguments(told) == ["--list", "[1]", "-m", "a=1,b=2", "-n", ""]
    assert argument(0.5) == "0.5"
