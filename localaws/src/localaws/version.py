"""The release, and the version of the server's code: the release and a hash of its source files."""

from hashlib import sha256
from pathlib import Path


def release() -> str:
    """The version of the installed distribution.

    It is looked up where it is needed: most processes of a command need none, and the look-up takes as long as to start
    one of them.
    """
    from importlib.metadata import version  # noqa: PLC0415

    return version("pulumi-localaws")


def source_version(folder: Path = Path(__file__).parent / "server") -> str:
    """The release, `+`, and twelve digits of a hash of the names and contents of the Python files under `folder`.

    A server that reports another version runs other code, and is not reused.
    """
    digest = sha256()
    for source in sorted(folder.rglob("*.py")):
        digest.update(source.relative_to(folder).as_posix().encode())
        digest.update(source.read_bytes())
    return f"{release()}+{digest.hexdigest()[:12]}"
