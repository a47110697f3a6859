"""Where a local cloud is kept, and what its commands may know of the user's environment."""

import os
from pathlib import Path

import pytest

from localaws.environment import Project, find_project, for_pulumi, without_accounts

ENGINE = Path("/opt/engine/pulumi")


def pulumi_environment(base: dict[str, str], root: Path = Path("/project")) -> dict[str, str]:
    """The environment of a command in a project at `root`, for a user with the environment `base`."""
    return for_pulumi(base, Project(root), 4566, ENGINE, "/venv/bin/python")


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"])
def test_the_project_is_the_nearest_folder_upward_with_a_project_file(tmp_path: Path, name: str) -> None:
    """A command in a subfolder works on the project around it."""
    (tmp_path / name).touch()
    (tmp_path / "a" / "b").mkdir(parents=True)

    assert find_project(tmp_path / "a" / "b") == Project(tmp_path)


def test_without_a_project_file_the_folder_itself_is_the_project(tmp_path: Path) -> None:
    """`pulumilocal new` has to run somewhere."""
    assert find_project(tmp_path) == Project(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_ENDPOINT_URL_SAGEMAKER",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_CREDENTIAL_EXPIRATION",
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_API",
        "PULUMI_CREDENTIALS_PATH",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
    ],
)
def test_what_could_reach_a_real_account_is_dropped(name: str) -> None:
    """Neither a command nor the server sees a way to the user's accounts."""
    assert name not in pulumi_environment({name: "the user's"})


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_S3",
        "PULUMI_BACKEND_URL",
        "PULUMI_HOME",
        "PULUMI_CONFIG_PASSPHRASE",
    ],
)
def test_the_users_own_accounts_are_replaced(name: str) -> None:
    """Credentials, files, endpoint and backend are the local ones, whatever the user has."""
    assert pulumi_environment({name: "the user's"})[name] != "the user's"


def test_buckets_need_no_names_of_their_own() -> None:
    """With a number for a host, SDKs name a bucket in the path; a stopped local AWS is nowhere."""
    stopped = for_pulumi(
        {"AWS_ENDPOINT_URL": "https://aws"}, Project(Path("/project")), None, ENGINE, "/venv/bin/python"
    )

    assert pulumi_environment({})["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:4566"
    assert not [name for name in stopped if name.startswith("AWS_ENDPOINT_URL")]


def test_other_variables_pass() -> None:
    """A program may read variables of its own."""
    assert (
        pulumi_environment({"TEAM": "vision", "PULUMI_PARALLEL": "3"}).items()
        >= {
            "TEAM": "vision",
            "PULUMI_PARALLEL": "3",
        }.items()
    )


@pytest.mark.parametrize(
    ("base", "region"),
    [
        ({}, "us-east-1"),
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
    ],
)
def test_the_region_is_the_users_or_a_default(base: dict[str, str], region: str) -> None:
    """Both spellings agree, so that boto3 and the plugin do too."""
    environment = without_accounts(base)

    assert (environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]) == (region, region)


def test_a_proxy_is_not_asked_for_the_local_aws() -> None:
    """The user's exceptions stay, and loopback joins them."""
    environment = without_accounts({"HTTP_PROXY": "http://proxy", "no_proxy": "corp.example"})

    assert environment["NO_PROXY"] == environment["no_proxy"] == "corp.example,localhost,127.0.0.1,.localhost"


def test_everything_is_kept_in_the_project() -> None:
    """Backend and Pulumi's home are in `.localaws`, and a blank in the path survives as a URL."""
    environment = pulumi_environment({}, Path("/my project"))

    assert environment["PULUMI_BACKEND_URL"] == "file:///my%20project/.localaws/state"
    assert environment["PULUMI_HOME"] == "/my project/.localaws/pulumi"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/usr/bin:/bin", "/opt/engine:/usr/bin:/bin"), ("/usr/bin:/opt/engine", "/usr/bin:/opt/engine")],
)
def test_the_engine_is_on_path_once(path: str, expected: str) -> None:
    """An engine from PATH leaves the order as it is; a built one comes first."""
    assert pulumi_environment({"PATH": path})["PATH"] == expected


def test_a_plugin_on_path_does_not_get_past_the_chosen_one(tmp_path: Path) -> None:
    """The engine is told to leave PATH aside only when there is something to leave aside."""
    plugin = tmp_path / "pulumi-resource-aws"
    plugin.touch(0o755)

    assert pulumi_environment({"PATH": str(tmp_path)})["PULUMI_IGNORE_AMBIENT_PLUGINS"] == "true"
    assert "PULUMI_IGNORE_AMBIENT_PLUGINS" not in pulumi_environment({"PATH": os.defpath})
