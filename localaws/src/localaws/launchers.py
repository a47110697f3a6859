"""Writes the small executables that the engine starts by name."""

from pathlib import Path
from tempfile import NamedTemporaryFile


def place_launcher(path: Path, script: str, *, mode: int = 0o755) -> bool:
    """Make `path` an executable with the text `script`; return whether it had to be written.

    It is renamed into place, so that an engine that starts it at this moment never reads half of it.
    """
    if path.is_file() and path.read_text() == script:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as fresh:
        fresh.write(script)
    Path(fresh.name).chmod(mode)
    Path(fresh.name).replace(path)
    return True
