"""A small program with dynamic resources, run by the real engine through our language host."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from localaws.processes import alive
from tests.localaws.eventually import eventually

pytestmark = pytest.mark.engine

PROJECT = f"""
name: small
runtime: {{name: python, options: {{virtualenv: {Path(sys.prefix).name}}}}}
stackConfigDir: stacks
"""

STACK = """\
# Both the salt and the secret fit the passphrase of every local cloud.
encryptionsalt: v1:u11zKooRkj8=:v1:nBxfpq66TSGMzYFp:30bv4hNI6ro9JC9kB4cbtWsd4H/Snw==
config:
  small:team:   vision  # as a person would write it
  small:password:
    secure: v1:LpTq7QawG5Mr4GQn:1TKvmTvWVGfwd0UvSFgalVNNAww2X7I=
"""

RESOURCES = """
import os
import time
from pathlib import Path
from pulumi import dynamic

class Provider(dynamic.ResourceProvider):
    def create(self, props):
        Path("provider").write_text(str(os.getpid()))
        Path("created").open("a").write(".")
        while len(Path("created").read_text()) < props["together"]:
            time.sleep(0.02)
        return dynamic.CreateResult("made", props)

class Made(dynamic.Resource, module="small", name="Made"):
    def __init__(self, name, together):
        super().__init__(Provider(), name, {"together": together})
"""

PROGRAM = """
import os, sys, time
import pulumi
from resources import Made

config = pulumi.Config()
password = config.require_secret("password")
print("to standard output")
print("to standard error", file=sys.stderr)
for number in range(4):
    Made(f"made-{number}", together=4)

pulumi.export("stack", pulumi.get_stack())
pulumi.export("organization", pulumi.get_organization())
pulumi.export("root", pulumi.runtime.get_root_directory())
pulumi.export("virtualenv", sys.prefix)
pulumi.export("team", config.require("team"))
pulumi.export("password", password)
pulumi.export("length", password.apply(len))

def fail(_=None):
    raise ValueError("the program's own mistake")

match os.environ.get("ENDING"):
    case "raises":
        fail()
    case "raises later":
        password.apply(fail)
    case "refuses":
        raise pulumi.RunError("the sentence for the user")
    case "exits":
        sys.exit(3)
    case "hangs":
        Made("never", together=1000)
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, with this interpreter's virtualenv."""
    root = tmp_path_factory.mktemp("small project")
    (root / Path(sys.prefix).name).symlink_to(sys.prefix)
    (root / "stacks").mkdir()
    for name, text in {
        "Pulumi.yaml": PROJECT,
        "stacks/Pulumi.local.yaml": STACK,
        "resources.py": RESOURCES,
        "__main__.py": PROGRAM,
    }.items():
        (root / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def pulumilocal(folder: Path) -> Generator[Run]:
    """Runs a command in the project; the server ends with the module."""

    def run(*words: str, ending: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "localaws", *words],
            check=False,
            cwd=folder,
            env={**os.environ, "ENDING": ending},
            capture_output=True,
            text=True,
        )

    yield run
    run("stop")


@pytest.fixture(scope="module", autouse=True)
def first_up(pulumilocal: Run, folder: Path) -> subprocess.CompletedProcess[str]:
    """The first `up`, on a fresh clone, with nothing running; its four creates wait for each other."""
    (folder / "created").touch()
    return pulumilocal("up", "--stack", "local", "--yes", "--skip-preview")


def up(pulumilocal: Run, ending: str) -> str:
    """What is shown of an `up` whose program fails."""
    command = pulumilocal("up", "--yes", "--skip-preview", ending=ending)
    assert command.returncode == 1
    return command.stdout


def test_a_program_goes_up(first_up: subprocess.CompletedProcess[str]) -> None:
    """Its resources are made side by side, and what it prints is seen."""
    assert first_up.returncode == 0, first_up.stdout
    assert "+ 5 created" in first_up.stdout
    assert "to standard output" in first_up.stdout
    assert "to standard error" in first_up.stdout


def test_a_program_knows_where_it_runs(pulumilocal: Run, folder: Path) -> None:
    """Stack, organization, root, interpreter and configuration are those of the project; secrets stay hidden."""
    assert json.loads(pulumilocal("stack", "output", "--json").stdout) == {
        "stack": "local",
        "organization": "organization",
        "root": str(folder),
        "virtualenv": str(folder / Path(sys.prefix).name),
        "team": "vision",
        "password": "[secret]",
        "length": "[secret]",
    }


def test_a_secret_reaches_the_program(pulumilocal: Run) -> None:
    """Decrypted with the fixed passphrase."""
    outputs = json.loads(pulumilocal("stack", "output", "--json", "--show-secrets").stdout)

    assert (outputs["password"], outputs["length"]) == ("hunter2", 7)


def test_the_stack_file_is_left_as_it_is(folder: Path) -> None:
    """`up` on a fresh clone leaves version control clean."""
    assert (folder / "stacks" / "Pulumi.local.yaml").read_text() == STACK


def test_a_second_preview_changes_nothing(pulumilocal: Run) -> None:
    """And so says its exit code."""
    assert pulumilocal("preview", "--expect-no-changes").returncode == 0


@pytest.mark.parametrize("ending", ["raises", "raises later"])
def test_an_exception_is_shown_from_the_programs_first_line_on(pulumilocal: Run, folder: Path, ending: str) -> None:
    """The frames of host and SDK above it are nobody's business."""
    shown = up(pulumilocal, ending)
    traceback = shown[shown.index("Traceback") : shown.index("ValueError: the program's own mistake")]

    assert set(re.findall(r'File "(.*)"', traceback)) == {f"{folder}/__main__.py"}
    assert "unhandled error" not in shown


def test_a_run_error_is_shown_as_its_sentence(pulumilocal: Run) -> None:
    """Without a traceback, and without a word about an exit code."""
    shown = up(pulumilocal, "refuses")

    assert "error: the sentence for the user" in shown
    assert "Traceback" not in shown
    assert "exit" not in shown


def test_an_exit_code_is_shown(pulumilocal: Run) -> None:
    """The program has said nothing, so the engine does."""
    assert "the program exited with code 3" in up(pulumilocal, "exits")


def test_after_a_killed_engine_nothing_runs_and_nothing_is_locked(pulumilocal: Run, folder: Path) -> None:
    """The next command goes on at once."""
    with subprocess.Popen(
        [sys.executable, "-m", "localaws", "up", "--yes", "--skip-preview"],
        cwd=folder,
        env={**os.environ, "ENDING": "hangs"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as engine:
        eventually(lambda: len((folder / "created").read_text()) == 5)
        engine.send_signal(signal.SIGKILL)
    eventually(lambda: not alive(int((folder / "provider").read_text())))

    after = pulumilocal("up", "--yes", "--skip-preview")
    assert after.returncode == 0, after.stdout
    assert "released the lock on local" in after.stderr


def test_after_destroy_nothing_is_left(pulumilocal: Run) -> None:
    """Destroying again, after the server was stopped, is no mistake."""
    assert pulumilocal("destroy", "--stack", "local", "--yes").returncode == 0
    assert json.loads(pulumilocal("stack", "export").stdout)["deployment"].get("resources", []) == []

    pulumilocal("stop")

    assert pulumilocal("destroy", "--stack", "local", "--yes").returncode == 0
