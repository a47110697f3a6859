"""Finding the engine or building it, with a stand-in for Go."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from localaws.console import LocalawsError
from localaws.engine import progress
from localaws.engine.build import Work
from localaws.engine.installation import built_engine, engine_version, found_engine, ready_engine
from tests.localaws.eventually import eventually

GO = """#!/bin/sh
echo "$PWD" >> "$LOG"
cat go.mod go.sum > /dev/null || exit 1
case "$*" in
*" -n "*)
    echo "go: downloading github.com/a/b v1.0.0"
    printf '#\\n# github.com/a/b\\n#\\n\\n# import config\\n#\\n# github.com/a/b/c\\n#\\n' >&2
    ;;
*)
    echo github.com/a/b
    if [ -n "$BROKEN" ]; then
        printf '# github.com/a/b\\nb.go:1:1: it does not compile\\n'
        exit 1
    fi
    sleep "${SECONDS_TO_BUILD:-0}"
    mkdir bin && echo engine > bin/pulumi
    ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with the stand-in for Go, without Pulumi, and with an empty cache."""
    go = tmp_path / "go" / "go"
    go.parent.mkdir()
    go.write_text(GO)
    go.chmod(0o755)
    for name, value in {"PATH": f"{go.parent}:/usr/bin:/bin", "LOCALAWS_CACHE": "cache", "LOG": "log"}.items():
        monkeypatch.setenv(name, value if name == "PATH" else str(tmp_path / value))
    return tmp_path


def add_pulumi(folder: Path, *names: str) -> Path:
    """A folder with executables of these names."""
    folder.mkdir()
    for name in names:
        (folder / name).touch(0o755)
    return folder


def test_the_engine_is_built_once(machine: Path) -> None:
    """It is found the next time, in the cache folder, with the launchers of this release beside it."""
    engine = ready_engine()
    go_calls = (machine / "log").read_text()

    assert ready_engine() == engine
    assert found_engine() == built_engine()
    assert engine.samefile(built_engine())
    assert not engine.is_symlink()
    assert engine.is_relative_to(machine / "cache")
    assert (machine / "log").read_text() == go_calls
    assert {file.name for file in engine.parent.iterdir()} == {
        "pulumi",
        "pulumi-language-python",
        "pulumi-resource-pulumi-python",
        "dynamic_provider.py",
    }


def test_another_release_has_launchers_of_its_own(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another environment of the same user: neither replaces those that the other's engine is about to start."""
    other = add_pulumi(machine / "launchers", "dynamic_provider.py")
    engine = ready_engine()
    launchers = {file.name: file.stat().st_mtime_ns for file in engine.parent.iterdir()}
    monkeypatch.setattr("localaws.engine.installation.LAUNCHERS", other)

    theirs = ready_engine()

    assert theirs.parent != engine.parent
    assert {file.name for file in theirs.parent.iterdir()} == {"pulumi", "dynamic_provider.py"}
    assert {file.name: file.stat().st_mtime_ns for file in engine.parent.iterdir()} == launchers
    assert theirs.samefile(engine)


def test_go_works_in_a_folder_of_its_own(machine: Path) -> None:
    """The package's folder may be read-only, and nothing is left of the build."""
    ready_engine()

    (workshop,) = set((machine / "log").read_text().split())
    assert Path(workshop).is_relative_to(machine / "cache")
    assert not Path(workshop).exists()


def test_a_failed_build_leaves_nothing_and_quotes_go(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next command tries again."""
    monkeypatch.setenv("BROKEN", "yes")

    with pytest.raises(LocalawsError, match=r"its last lines:(.|\n)*b\.go:1:1: it does not compile"):
        ready_engine()

    assert found_engine() is None
    assert {file.suffix for file in (machine / "cache" / "engine").iterdir()} == {".lock"}


@pytest.mark.usefixtures("machine")
def test_what_a_killed_build_left_does_no_harm() -> None:
    """It is cleared by the next build."""
    remains = built_engine().parent.with_name(f"{built_engine().parent.name}.building")
    (remains / "bin").mkdir(parents=True)
    (remains / "bin" / "pulumi").write_text("half an eng")

    assert ready_engine().read_text() == "engine\n"
    assert not remains.exists()


@pytest.mark.usefixtures("machine")
def test_two_builds_at_once_are_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The second command waits, says so, and takes what the first has built."""
    monkeypatch.setenv("SECONDS_TO_BUILD", "0.3")
    engines: list[Path] = []
    commands = [threading.Thread(target=lambda: engines.append(ready_engine())) for _ in range(2)]
    for command in commands:
        command.start()
    for command in commands:
        command.join()

    said = capsys.readouterr().err
    assert engines[0] == engines[1]
    assert said.count("building the Pulumi engine v3") == 1
    assert "another command is building the Pulumi engine; waiting for it" in said


@pytest.mark.usefixtures("machine")
def test_a_long_build_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In whole lines where the output is not a terminal."""
    monkeypatch.setenv("SECONDS_TO_BUILD", "0.3")
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.1)

    ready_engine()

    said = capsys.readouterr().err
    assert f"localaws: Pulumi engine {engine_version()}: 1 of 2 packages compiled, 0 s\n" in said
    assert "\r" not in said


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (Work(), "reading its Go modules, 0 fetched"),
        (Work(fetched=7), "reading its Go modules, 7 fetched"),
        (Work(planned=9, compiling=True), "0 of 9 packages compiled"),
        (Work(planned=9, compiling=True, compiled=8), "8 of 9 packages compiled"),
        (Work(planned=9, compiling=True, compiled=9), "packages compiled, linking"),
    ],
)
def test_each_phase_has_its_words(work: Work, expected: str) -> None:
    """With a real figure wherever there is one."""
    assert str(work) == expected


@pytest.mark.usefixtures("machine")
def test_without_pulumi_and_go_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the oldest Go that will do."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(LocalawsError, match=r"no Go to build it with: install Pulumi, or Go 1\.\d+\.\d+ or newer"):
        ready_engine()


@pytest.mark.parametrize("folders", [("pulumi pulumi-language-python",), ("pulumi", "pulumi-language-python")])
def test_pulumi_on_path_is_used(machine: Path, monkeypatch: pytest.MonkeyPatch, folders: tuple[str, ...]) -> None:
    """With its own language host, which some distributions keep in another folder."""
    places = [add_pulumi(machine / str(index), *names.split()) for index, names in enumerate(folders)]
    monkeypatch.setenv("PATH", ":".join(map(str, places)))

    assert ready_engine() == found_engine() == places[0] / "pulumi"


def test_a_pulumi_that_cannot_run_python_is_passed_over(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said, since it may be a broken installation."""
    pulumi = add_pulumi(machine / "bin", "pulumi") / "pulumi"
    monkeypatch.setenv("PATH", f"{pulumi.parent}:{machine / 'go'}:/usr/bin:/bin")

    assert ready_engine().samefile(built_engine())
    assert f"ignoring {pulumi}" in capsys.readouterr().err


def test_the_user_cache_is_the_default_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside every repository, and named after the version and the pinned modules."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")

    assert built_engine({}).parent.name.startswith(f"{engine_version()}-")
    assert "localaws" in built_engine({}).parts


def _hears_ctrl_c() -> None:
    """A shell that starts the tests in the background has them ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_an_interrupted_build_ends_without_a_traceback(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends Go too, and clears what it has made so far."""
    monkeypatch.setenv("SECONDS_TO_BUILD", "60")
    command = subprocess.Popen(
        [sys.executable, "-m", "localaws", "setup"],
        stderr=subprocess.PIPE,
        process_group=0,
        text=True,
        preexec_fn=_hears_ctrl_c,  # noqa: PLW1509  it takes no lock
    )
    assert command.stderr
    said = [command.stderr.readline()]
    eventually((machine / "log").is_file)
    subprocess.run(["kill", "-INT", "--", f"-{command.pid}"], check=True)
    said += command.stderr.readlines()
    command.stderr.close()

    assert command.wait() == 130
    assert "Traceback" not in "".join(said)
    assert found_engine() is None
