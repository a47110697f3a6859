"""Writes the small executables that the engine starts by name."""

from pathlib import Path
from tempfile import NamedTemporaryFile


def place_launcher(path: Path, script: str) -> bool:
    """Make `path` an executable with the text `script`; say whether it had to be written.

    It is renamed into place: an engine that starts it at this moment finds the old text or the new one, never half.
    """
    if path.is_file() and path.read_text() == script:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as fresh:
        fresh.write(script)
    Path(fresh.name).chmod(0o755)
    Path(fresh.name).replace(path)
    return True
