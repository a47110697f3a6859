"""Defines where a project keeps its local stacks, and the environment variables of every Pulumi command."""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from localaws.console import LocalawsError

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")

FOLDER = ".localaws"
"""The folder in the project's root with all local files."""

FOLDER_VARIABLE = "LOCALAWS_FOLDER"
"""Names another folder for the local files, which several projects can share."""

IMAGES_FILE = "localaws.toml"
"""The file in the project's root that says which training images run on this machine, and how."""

IMAGES_VARIABLE = "LOCALAWS_IMAGES"
"""Names another such file."""

AWS_PLUGIN = "pulumi-resource-aws"
"""The executable that serves Pulumi's `aws` package."""

PRIVATE = 0o077
"""The umask of what is written into the project, by Pulumi too: files have the mode 0600, folders 0700."""

PASSPHRASE = "localaws"  # noqa: S105 - it guards nothing: the state it encrypts describes objects in memory
"""Encrypts the secrets of local stacks. Constant, so that a committed stack file can be decrypted on every machine."""

DEFAULT_REGION = "us-east-1"
"""The region when neither the stack (`aws:region`) nor the user's environment names one."""

KEPT_AWS = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"})
"""The user's `AWS_*` variables that are kept: they cannot name an account, a credential or an endpoint."""

DROPPED_PULUMI = frozenset(
    {
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_API",
        "PULUMI_CLOUD_SECRET_OVERRIDE",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
        "PULUMI_CREDENTIALS_PATH",
        "PULUMI_DEFAULT_ORGANIZATION",
        "PULUMI_RUNTIME_TOOLCHAIN",
        "PULUMI_RUNTIME_VIRTUALENV",
    }
)
"""Variables that would select another backend, another secrets key or another interpreter."""

NO_SUCH_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "localaws",
    "AWS_SECRET_ACCESS_KEY": "localaws",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Credentials of no account, with every other source of credentials disabled."""


@dataclass(frozen=True, slots=True)
class Project:
    """A Pulumi project and the paths of its local files.

    Attributes:
        root: The folder of the project's file.
        shared: The folder of the local files where several projects share one, and so an AWS and a backend.
    """

    root: Path
    shared: Path | None = None

    @property
    def folder(self) -> Path:
        """All local files; safe to delete while nothing is running."""
        return self.shared or self.root / FOLDER

    @property
    def server_file(self) -> Path:
        """Process, port and version of the running server, written by it."""
        return self.folder / "server.json"

    @property
    def server_log(self) -> Path:
        """What the server printed since it was started."""
        return self.folder / "server.log"

    @property
    def lock_file(self) -> Path:
        """Held while the server is started or stopped."""
        return self.folder / "lock"

    @property
    def images_file(self) -> Path:
        """The user's table of training images; it need not exist."""
        return self.root / IMAGES_FILE

    @property
    def state(self) -> Path:
        """The file backend of the stacks."""
        return self.folder / "state"

    @property
    def pulumi_home(self) -> Path:
        """Pulumi's own folder for this project: plugins and the selected stack, in place of `~/.pulumi`."""
        return self.folder / "pulumi"


def nearest(start: Path, names: Iterable[str]) -> Path | None:
    """The nearest folder, from `start` upward, that has a file with one of the names."""
    folders = (start, *start.parents)
    return next((folder for folder in folders if any((folder / name).is_file() for name in names)), None)


def find_project(start: Path, environment: Mapping[str, str] = os.environ) -> Project:
    """The project around `start`: the nearest folder upward with a project file, else `start` itself.

    Its local files are in the folder that `LOCALAWS_FOLDER` names, if that is set.
    """
    start = start.resolve()
    shared = environment.get(FOLDER_VARIABLE)
    return Project(nearest(start, PROJECT_FILES) or start, Path(shared).expanduser().absolute() if shared else None)


def check_project_file(project: Project) -> None:
    """Refuse a folder that is not a Pulumi project.

    Raises:
        LocalawsError: Neither the folder nor one above it has a project file.
    """
    if not any((project.root / name).is_file() for name in PROJECT_FILES):
        raise LocalawsError(
            f"there is no {PROJECT_FILES[0]} in {project.root} or above: go to a project, or make one with `pulumi new`"
        )


def make_folders(project: Project) -> None:
    """Create the folders that a Pulumi command needs, ignored by Git; nobody else can enter the one around them."""
    project.folder.mkdir(parents=True, exist_ok=True)
    project.folder.chmod(0o700)
    for folder in (project.state, project.pulumi_home):
        folder.mkdir(exist_ok=True)
    (project.folder / ".gitignore").write_text("*\n")


def without_accounts(base: Mapping[str, str]) -> dict[str, str]:
    """The environment `base` without anything that could reach a real account."""
    kept = {
        name: value
        for name, value in base.items()
        if name not in DROPPED_PULUMI and (name in KEPT_AWS or not name.startswith("AWS_"))
    }
    region = base.get("AWS_REGION") or base.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
    direct = ",".join(filter(None, (base.get("NO_PROXY") or base.get("no_proxy"), "localhost,127.0.0.1,.localhost")))
    return {
        **kept,
        **NO_SUCH_ACCOUNT,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "NO_PROXY": direct,
        "no_proxy": direct,
    }


def for_server(base: Mapping[str, str], project: Project) -> dict[str, str]:
    """The environment of the project's local AWS: nothing of a real account, and where the table of images is."""
    return {IMAGES_VARIABLE: str(project.images_file), **without_accounts(base)}


def _endpoints(port: int) -> dict[str, str]:
    """The endpoints of all services.

    S3 by IP address: SDKs put the bucket before a host name, and `<bucket>.localhost` does not resolve everywhere.
    """
    return {"AWS_ENDPOINT_URL": f"http://localhost:{port}", "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{port}"}


def for_pulumi(
    base: Mapping[str, str], project: Project, port: int | None, engine: Path, python: str
) -> dict[str, str]:
    """The environment of a Pulumi command against the local AWS on `port`.

    Args:
        base: The user's environment.
        project: The project.
        port: Where the local AWS listens; None when it does not run.
        engine: The Pulumi executable; its folder is put on PATH, so that programs that call Pulumi get the same one.
        python: The interpreter of the language host, of dynamic providers, and of programs without a virtualenv.
    """
    path = base.get("PATH", os.defpath)
    bundled = str(engine.parent)
    # The engine prefers a plugin on PATH to the one that was placed in its folder, unless it is told not to look there.
    placed_only = {"PULUMI_IGNORE_AMBIENT_PLUGINS": "true"} if shutil.which(AWS_PLUGIN, path=path) else {}
    return {
        **without_accounts(base),
        **placed_only,
        **(_endpoints(port) if port else {}),
        "PATH": path if bundled in path.split(os.pathsep) else f"{bundled}{os.pathsep}{path}",
        "PULUMI_BACKEND_URL": project.state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(project.pulumi_home),
        "PULUMI_PYTHON_CMD": python,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
