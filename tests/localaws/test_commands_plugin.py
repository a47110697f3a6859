"""Which aws plugin is chosen, and how the engine comes to it."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from localaws import aws_plugin
from localaws.aws_plugin import EMULATED, Choice, choose_plugin, place_plugin
from localaws.console import LocalawsError
from localaws.environment import Project
from localaws.plugin import VERSION, sdk_version

FOLDER = f"plugins/resource-aws-v{version('pulumi-aws')}"


def official_plugin(folder: Path) -> Path:
    """Something that looks like the official plugin."""
    folder.mkdir(parents=True)
    plugin = folder / "pulumi-resource-aws"
    plugin.touch(0o755)
    return plugin


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `<account>.localhost` resolve, on whatever machine this is."""
    monkeypatch.setattr(aws_plugin, "ACCOUNT_HOST", "127.0.0.1")


@pytest.fixture
def does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `<account>.localhost` be unknown, on whatever machine this is."""
    monkeypatch.setattr(aws_plugin, "ACCOUNT_HOST", "account.invalid")


@pytest.mark.usefixtures("resolves")
def test_the_official_plugin_of_the_users_pulumi_folder_is_chosen(tmp_path: Path) -> None:
    """It has to be of the installed SDK's version."""
    plugin = official_plugin(tmp_path / FOLDER)

    assert choose_plugin({"PULUMI_HOME": str(tmp_path), "PATH": ""}).command == (str(plugin),)


def test_without_the_sdk_the_emulated_release_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project's own virtualenv has the SDK; the one of `pulumilocal` need not."""

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert sdk_version() == VERSION


@pytest.mark.usefixtures("resolves")
def test_the_official_plugin_on_path_is_chosen(tmp_path: Path) -> None:
    """As the engine would."""
    plugin = official_plugin(tmp_path / "bin")

    assert choose_plugin({"PULUMI_HOME": str(tmp_path), "PATH": str(plugin.parent)}).command == (str(plugin),)


@pytest.mark.usefixtures("resolves")
def test_another_version_of_the_official_plugin_is_not_chosen(tmp_path: Path) -> None:
    """The engine would pass it over as well."""
    official_plugin(tmp_path / "plugins" / "resource-aws-v6.0.0")

    assert choose_plugin({"PULUMI_HOME": str(tmp_path), "PATH": ""}).command == EMULATED


@pytest.mark.usefixtures("does_not_resolve")
def test_the_official_plugin_is_passed_over_where_it_could_not_work(tmp_path: Path) -> None:
    """The reason names the plugin and the host that it needs."""
    plugin = official_plugin(tmp_path / FOLDER)

    choice = choose_plugin({"PULUMI_HOME": str(tmp_path), "PATH": ""})

    assert choice.command == EMULATED
    assert f"{plugin} needs account.invalid, which does not resolve here" in choice.reason


@pytest.mark.usefixtures("resolves")
def test_the_switch_decides_for_the_emulated_plugin(tmp_path: Path) -> None:
    """Even where the official one would work."""
    official_plugin(tmp_path / FOLDER)

    choice = choose_plugin({"LOCALAWS_AWS_PLUGIN": "emulated", "PULUMI_HOME": str(tmp_path)})

    assert choice.command == EMULATED


@pytest.mark.usefixtures("does_not_resolve")
@pytest.mark.parametrize("named", ["pulumi-resource-aws", "."])
def test_the_switch_decides_for_an_official_plugin(tmp_path: Path, named: str) -> None:
    """It is named by its path or by its folder; what was asked for is not passed over."""
    plugin = official_plugin(tmp_path / "bin")

    assert choose_plugin({"LOCALAWS_AWS_PLUGIN": str(plugin.parent / named)}).command == (str(plugin),)


def test_a_switch_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    """Silently using the other plugin would hide the mistake."""
    with pytest.raises(LocalawsError, match="there is no pulumi-resource-aws there"):
        choose_plugin({"LOCALAWS_AWS_PLUGIN": str(tmp_path)})


@pytest.mark.usefixtures("resolves")
def test_a_plugin_that_was_placed_is_not_taken_for_an_official_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside `pulumilocal env`, PULUMI_HOME is the project's own: the launcher there would start itself for ever."""
    monkeypatch.setenv("HOME", str(tmp_path))
    project = Project(tmp_path)
    place_plugin(project, choose_plugin({"PATH": ""}))

    assert choose_plugin({"PULUMI_HOME": str(project.pulumi_home), "PATH": ""}).command == EMULATED


def test_the_placed_plugin_runs_the_chosen_command(tmp_path: Path) -> None:
    """With the engine's arguments, and blanks in the path."""
    project = Project(tmp_path / "my project")
    place_plugin(project, Choice((sys.executable, "-c", "import sys; print(sys.argv[1:])"), "a test"))

    placed = project.pulumi_home / FOLDER / "pulumi-resource-aws"

    assert subprocess.check_output([placed, "127.0.0.1:1"], text=True) == "['127.0.0.1:1']\n"


def test_the_choice_is_said_when_it_is_news(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not at every command."""
    for reason in ("one", "one", "one, since the other cannot work"):
        place_plugin(Project(tmp_path), Choice(("command",), reason))

    assert capsys.readouterr().err == "localaws: using one\nlocalaws: using one, since the other cannot work\n"
