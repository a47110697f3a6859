"""Small executables that the engine starts by name."""

from pathlib import Path


def place_launcher(path: Path, script: str) -> bool:
    """Make `path` an executable with the text `script`; say whether it had to be written.

    It is renamed into place: an engine that starts it at this moment finds the old text or the new one, never half.
    """
    if path.is_file() and path.read_text() == script:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(script)
    fresh.chmod(0o755)
    fresh.replace(path)
    return True
