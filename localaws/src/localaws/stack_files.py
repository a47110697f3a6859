"""Copies a stack's configuration for local commands, which so never write into the file that a team shares.

Input: `Pulumi.<stack>.yaml`, and what local commands changed in the last copy. Output: a copy below `.localaws` that is
encrypted with the local passphrase. Secrets that another key encrypts are replaced there.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any, cast

import yaml
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from localaws.environment import PASSPHRASE, PROJECT_FILES, Project

PLACEHOLDER = "replaced-by-pulumilocal"
"""The value of a secret that cannot be read here."""

SALT = "v1:NaBQpGWFokY=:v1:7NuV0Yj4epvDyxxp:WPWWM/DSKs61hM12tgxTTexntsLmsQ=="
"""Salts the local passphrase, which is the same everywhere too. With it stands a text that proves the passphrase."""

ITERATIONS, KEY_BYTES = 1_000_000, 32
"""Pulumi's key derivation: PBKDF2 with SHA-256, for AES-256-GCM."""

NOT_HERE = ("secretsprovider", "encryptedkey", "environment")
"""Members of a stack file that lead to another secrets provider, or to environments of Pulumi Cloud."""

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of a stack's file.

    Attributes:
        path: Where it is.
        replaced: The keys whose secrets were replaced.
        left_out: The members of the file that were left out.
    """

    path: Path
    replaced: tuple[str, ...]
    left_out: tuple[str, ...]


def project_files(project: Project) -> list[Path]:
    """The project's own file, in each of its forms."""
    return [file for file in (project.root / name for name in PROJECT_FILES) if file.is_file()]


def project_name(project: Project) -> str:
    """The name in the project's file; "" without one."""
    return next((str(read(file).get("name", "")) for file in project_files(project)), "")


def stack_file(project: Project, stack: str) -> Path:
    """The file with the configuration of a stack, whose name may have those of organization and project before it."""
    files = project_files(project)
    folder = read(files[-1]).get("stackConfigDir", "") if files else ""
    suffix = files[0].suffix if files else ".yaml"
    return project.root / folder / f"Pulumi.{stack.rpartition('/')[2]}{suffix}"


def read(file: Path) -> dict[str, Any]:
    """A YAML or JSON file; empty where there is none."""
    return (yaml.safe_load(file.read_text()) if file.is_file() else None) or {}


def copies(project: Project) -> Path:
    """The folder of the copies. It is a project of the same name, in which Pulumi creates stacks."""
    name = project_name(project)
    folder = project.folder / "stacks" / name
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "Pulumi.yaml", yaml.safe_dump({"name": name, "runtime": "python"}))
    return folder


def copied(project: Project, stack: str, given: Path | None = None) -> Copy:
    """The copy of a stack's file (or of the `given` one), made anew, with what local commands changed in the last one.

    A setting that was changed here stays so until it is changed in the file; to remove the local value of a secret
    brings the placeholder back.
    """
    source = read(given or stack_file(project, stack))
    path = copies(project) / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    record = path.with_suffix(".json")
    last: dict[str, Any] = json.loads(record.read_text()) if record.is_file() else {}
    own, before = read(path).get("config") or {}, last.get("config", {})
    salts: dict[str, bool] = last.get("salts", {})
    salt = _salt(source, salts)
    shared: Settings = source.get("config") or {}
    readable = {key: without_secrets(value) if salt is None else value for key, value in shared.items()}
    changed = {
        key: own.get(key)
        for key in own.keys() | before.keys()
        if own.get(key) != before.get(key)
        and readable.get(key) == before.get(key)
        and not (key not in own and has_secret(shared.get(key)))
    }
    config = {key: value for key, value in (readable | changed).items() if value is not None}
    others = {key: value for key, value in source.items() if key not in NOT_HERE}
    _write(path, yaml.safe_dump(others | {"encryptionsalt": salt or SALT, "config": config}, sort_keys=False))
    _write(record, json.dumps({"config": readable, "salts": salts}))
    replaced = tuple(key for key, value in readable.items() if value != shared[key] and config.get(key) == value)
    return Copy(path, replaced, tuple(key for key in NOT_HERE[2:] if key in source))


def shared_setting(project: Project, stack: str, key: str) -> bool:
    """Whether a plain value may be set or removed in the team's file: there is no secret under the key."""
    return not has_secret((read(stack_file(project, stack)).get("config") or {}).get(_full_name(project, key)))


def forget_local_value(project: Project, copy: Copy, key: str) -> None:
    """Undo what local commands such as `up --config` have changed of a setting: the team's file counts again."""
    shared = json.loads(copy.path.with_suffix(".json").read_text())["config"]
    content, name = read(copy.path), _full_name(project, key)
    config = {key: value for key, value in content["config"].items() if key != name}
    config |= {name: shared[name]} if name in shared else {}
    _write(copy.path, yaml.safe_dump({**content, "config": config}, sort_keys=False))


def _full_name(project: Project, key: str) -> str:
    """A key with its namespace: that of the project where it names none; a path counts from its first part."""
    name = key.partition(".")[0].partition("[")[0]
    return name if ":" in name else f"{project_name(project)}:{name}"


def has_secret(value: Any) -> bool:
    """Whether a configuration value is encrypted, or has an encrypted part."""
    return without_secrets(value) != value


def without_secrets(value: Any) -> Any:
    """A configuration value with the placeholder in place of each secret."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if members.keys() == {"secure"}:
            return PLACEHOLDER
        return {key: without_secrets(each) for key, each in members.items()}
    return [without_secrets(each) for each in cast("Iterable[Any]", value)] if isinstance(value, list) else value


def opens(salt: str, passphrase: str = PASSPHRASE) -> bool:
    """Whether secrets under a salt, as Pulumi writes it, can be decrypted with the passphrase. Takes a second."""
    try:
        version, salted, _, nonce, proof = salt.split(":")
        key = pbkdf2_hmac("sha256", passphrase.encode(), b64decode(salted), ITERATIONS, KEY_BYTES)
        AESGCM(key).decrypt(b64decode(nonce), b64decode(proof), None)
    except (InvalidTag, ValueError):
        return False
    return version == "v1"


def _salt(source: Settings, salts: dict[str, bool]) -> str | None:
    """The salt under which the secrets of the file can be decrypted; None where that takes another key.

    Whether a salt is of use is noted in `salts`.
    """
    if not any(has_secret(value) for value in (source.get("config") or {}).values()):
        return SALT
    salt = source.get("encryptionsalt")
    if salt is None or "encryptedkey" in source:
        return None
    if salt not in salts:
        salts[salt] = salt == SALT or opens(salt)
    return salt if salts[salt] else None


def _write(file: Path, text: str) -> None:
    if not file.is_file() or file.read_text() != text:
        file.write_text(text)
