"""The copy of a stack's file: what it has of the file, what of local commands, and what it never writes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from localaws.environment import Project
from localaws.stack_files import PLACEHOLDER, SALT, Copy, copied, forget_local_value, opens, read, shared_setting

if TYPE_CHECKING:
    from pathlib import Path

FOREIGN = "v1:zMZZTAaHCHQ=:v1:afkcRWiNzyLlQncm:LJYVxsOo/N0Fh4yQT7eqRDWztQfqag=="
"""The salt of a file whose passphrase is `team`."""
OURS = "v1:u11zKooRkj8=:v1:nBxfpq66TSGMzYFp:30bv4hNI6ro9JC9kB4cbtWsd4H/Snw=="
"""The salt of another file for local stacks."""
SECRET = {"secure": "v1:nonce:text"}


@pytest.fixture(autouse=True)
def no_derivation(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys are not derived, which takes a second: `OURS` opens. The salts that were asked for come back."""
    asked: list[str] = []

    def ours(salt: str) -> bool:
        asked.append(salt)
        return salt == OURS

    monkeypatch.setattr("localaws.stack_files.opens", ours)
    return asked


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose stack files are in `stacks`."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    return Project(tmp_path)


def share(project: Project, **members: Any) -> None:
    """Write the file of the stack `dev`, as a team shares it."""
    (project.root / "stacks" / "Pulumi.dev.yaml").write_text(yaml.safe_dump(members))


def set_locally(copy: Copy, key: str, value: Any) -> None:
    """Change a setting in the copy, as a local command does; None removes it."""
    settings = read(copy.path)
    changed = {**settings["config"], key: value}
    settings["config"] = {name: each for name, each in changed.items() if each is not None}
    copy.path.write_text(yaml.safe_dump(settings))


def configuration(project: Project) -> dict[str, Any]:
    """The configuration in a new copy."""
    return read(copied(project, "dev").path)["config"]


def test_a_stack_without_a_file_has_a_salt_in_its_copy(project: Project) -> None:
    """And there is still no file; the folder of the copy is a project in which Pulumi can create the stack."""
    copy = copied(project, "organization/shop/dev")

    assert copy.path == project.folder / "stacks" / "shop" / "Pulumi.dev.yaml"
    assert read(copy.path) == {"encryptionsalt": SALT, "config": {}}
    assert read(copy.path.with_name("Pulumi.yaml")) == {"name": "shop", "runtime": "python"}
    assert not list((project.root / "stacks").iterdir())


def test_secrets_of_another_key_are_replaced_and_named(project: Project) -> None:
    """At every depth. The rest is as it was; the file too."""
    nested = {"list": [1, {"deep": SECRET}], "plain": True}
    config = {"shop:plain": "a", "shop:secret": SECRET, "shop:nested": nested}
    share(project, encryptionsalt=FOREIGN, config=config)
    before = (project.root / "stacks" / "Pulumi.dev.yaml").read_text()

    copy = copied(project, "dev")

    assert read(copy.path)["encryptionsalt"] == SALT
    assert read(copy.path)["config"] == {
        "shop:plain": "a",
        "shop:secret": PLACEHOLDER,
        "shop:nested": {"list": [1, {"deep": PLACEHOLDER}], "plain": True},
    }
    assert set(copy.replaced) == {"shop:secret", "shop:nested"}
    assert (project.root / "stacks" / "Pulumi.dev.yaml").read_text() == before


@pytest.mark.parametrize(
    "members",
    [
        {"secretsprovider": "awskms://alias/team", "encryptedkey": "a"},
        {"encryptedkey": "a", "encryptionsalt": OURS},
    ],
)
def test_another_secrets_provider_is_left_out(project: Project, members: dict[str, str]) -> None:
    """With its secrets; environments of Pulumi Cloud are too, and are named."""
    share(project, environment=["team"], config={"shop:secret": SECRET}, **members)

    copy = copied(project, "dev")

    assert read(copy.path) == {"encryptionsalt": SALT, "config": {"shop:secret": PLACEHOLDER}}
    assert (copy.replaced, copy.left_out) == (("shop:secret",), ("environment",))


@pytest.mark.parametrize("salt", [SALT, OURS])
def test_secrets_of_the_local_passphrase_stay(project: Project, salt: str) -> None:
    """Under the salt of the file, so that a file for local stacks can be shared."""
    share(project, encryptionsalt=salt, config={"shop:secret": SECRET})

    copy = copied(project, "dev")

    assert read(copy.path) == {"encryptionsalt": salt, "config": {"shop:secret": SECRET}}
    assert copy.replaced == ()


def test_a_salt_is_tried_once(project: Project, no_derivation: list[str]) -> None:
    """And not at all where no secret depends on it."""
    share(project, encryptionsalt=FOREIGN, config={"shop:plain": "a"})
    copied(project, "dev")
    assert no_derivation == []

    share(project, encryptionsalt=FOREIGN, config={"shop:secret": SECRET})
    assert [copied(project, "dev").replaced for _ in range(2)] == [("shop:secret",)] * 2
    assert no_derivation == [FOREIGN]


def test_a_local_value_can_be_forgotten(project: Project) -> None:
    """What the file has counts again, whether it has the key or not; other local values stay."""
    share(project, config={"shop:a": "1"})
    copy = copied(project, "dev")
    for key, value in {"shop:a": "2", "shop:new": "3", "aws:region": "eu-west-1"}.items():
        set_locally(copy, key, value)

    forget_local_value(project, copy, "a")
    forget_local_value(project, copy, "shop:new.part[0]")

    assert configuration(project) == {"shop:a": "1", "aws:region": "eu-west-1"}


def test_what_is_set_locally_stays_until_the_file_changes(project: Project) -> None:
    """A secret for local use is one of these settings; it is not reported as replaced any more."""
    share(project, encryptionsalt=FOREIGN, config={"shop:a": "1", "shop:b": "1", "shop:secret": SECRET})
    copy = copied(project, "dev")
    own = {"secure": "v1:own:text"}
    for key, value in {"shop:a": "2", "shop:b": None, "shop:new": "3", "shop:secret": own}.items():
        set_locally(copy, key, value)

    assert [configuration(project) for _ in range(2)] == [{"shop:a": "2", "shop:new": "3", "shop:secret": own}] * 2
    assert copied(project, "dev").replaced == ()
    share(project, encryptionsalt=FOREIGN, config={"shop:a": "4", "shop:secret": SECRET})
    assert configuration(project) == {"shop:a": "4", "shop:new": "3", "shop:secret": own}


def test_a_local_secret_that_is_removed_is_replaced_again(project: Project) -> None:
    """It is still in the file."""
    share(project, encryptionsalt=FOREIGN, config={"shop:secret": SECRET})
    set_locally(copied(project, "dev"), "shop:secret", {"secure": "v1:own:text"})
    set_locally(copied(project, "dev"), "shop:secret", None)

    assert configuration(project) == {"shop:secret": PLACEHOLDER}
    assert copied(project, "dev").replaced == ("shop:secret",)


def test_another_file_can_be_given(project: Project, tmp_path: Path) -> None:
    """In place of the stack's, as `--config-file` does."""
    (tmp_path / "other.yaml").write_text("config: {shop:a: other}")

    assert read(copied(project, "dev", tmp_path / "other.yaml").path)["config"] == {"shop:a": "other"}


@pytest.mark.parametrize(
    ("key", "plain"),
    [("a", True), ("shop:a", True), ("new", True), ("secret", False), ("secret.deep", False), ("aws:token", False)],
)
def test_a_plain_setting_may_not_replace_a_secret_of_the_team(project: Project, key: str, plain: bool) -> None:
    """Keys are of the project where they name no namespace."""
    share(project, config={"shop:a": "1", "shop:secret": {"deep": SECRET}, "aws:token": SECRET})

    assert shared_setting(project, "dev", key) == plain


def test_a_salt_proves_its_passphrase() -> None:
    """As Pulumi writes it."""
    assert opens(FOREIGN, "team")
    assert not opens(FOREIGN)
    assert not opens("no salt")
