"""Takes pictures of the comment of a review in a browser, for the docs.

Input: recorded previews, `tests/review/recorded`. Output: `docs/review/<example>.png`, each with the SHA-256 of the
comment that it shows, by which a test notices an old one. Chromium must be on PATH (Debian: `apt-get install chromium
fonts-liberation fonts-noto-color-emoji`).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from sagemaker_constructs.review.comment import comment
from sagemaker_constructs.review.environment import Budget
from sagemaker_constructs.review.files import Files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.review.environment import Environment

ROOT = Path(__file__).parents[1]
RECORDED = ROOT / "tests" / "review" / "recorded"
PICTURES = ROOT / "docs" / "review"
EXAMPLES: Mapping[str, str] = {
    "first": "The first deployment",
    "changed": "A changed hyperparameter",
    "role": "A changed role",
    "network": "Another interface endpoint",
    "rerun": "A run that failed",
    "adopted": "An adoption: another stack has trained the same",
    "removed": "A job that is no longer declared",
    "forbidden": "An instance type that a guardrail forbids",
    "failed": "A preview that failed",
    "budget": "Over its budget of $1",
    "many": "400 jobs: the beginning and the end",
}
"""The examples of the docs, with their titles."""
_UNFOLDED = {"changed", "network"}
"""Those in which the details are shown, too."""
_MANY = 400
_KEYWORD = b"comment-sha256"
_WIDTH = 1100
_PAGE = """\
<!doctype html><meta charset="utf-8"><style>
body { font: 14px/1.5 "Liberation Sans", "Noto Color Emoji", sans-serif; color: #1f2328; margin: 0; padding: 8px 24px }
h2 { font-size: 21px; border-bottom: 1px solid #d1d9e0; padding-bottom: 6px; margin: 12px 0 }
table { border-collapse: collapse; margin: 0 0 16px }
td, th { border: 1px solid #d1d9e0; padding: 5px 10px; text-align: left }
th { white-space: nowrap }
code { font: 12px "Liberation Mono", monospace; background: #eff1f3; border-radius: 5px; padding: 2px 4px }
summary { margin-bottom: 8px }
.top, .end { overflow: hidden; height: 320px }
.end { display: flex; flex-direction: column; justify-content: flex-end; border-top: 3px dashed #d1d9e0 }
</style>
"""
_HEIGHT = "<script>document.title = 'height ' + document.documentElement.offsetHeight</script>"


def comments() -> dict[str, str]:
    """The comment of each example."""
    first = _environment("first")
    (job,) = first.jobs
    many = tuple(job.model_copy(update={"urn": f"{job.urn}-{number:03}"}) for number in range(_MANY))
    made = {
        "budget": replace(first, budget=Budget(Decimal(1))),
        "many": replace(first, jobs=many),
    }
    return {name: comment([made.get(name) or _environment(name)]) for name in EXAMPLES}


def _environment(name: str) -> Environment:
    return replace(Files(RECORDED, name).read(None), name="dev")


def digest(markdown: str) -> str:
    """Tells a comment from others."""
    return hashlib.sha256(markdown.encode()).hexdigest()


def shown_in(picture: bytes) -> str:
    """The digest of the comment that a picture shows."""
    _, _, found = picture.partition(b"tEXt" + _KEYWORD + b"\0")
    return found[:64].decode()


def _page(markdown: str) -> str:
    """The comment as GitHub shows it; of a long one, the beginning and the end."""
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    if len(markdown) > 20_000:  # noqa: PLR2004  characters, of which nobody looks at each
        body = f"<div class=top>{body}</div><div class=end><div>{body}</div></div>"
    return f"{_PAGE}{body}{_HEIGHT}"


def _picture(page: Path) -> bytes:
    def browser(*words: str) -> str:
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            *words,
            page.as_uri(),
        ]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

    found = re.search(r"<title>height (\d+)", browser(f"--window-size={_WIDTH},400", "--dump-dom"))
    if found is None:
        raise SystemExit("Chromium did not lay the page out")
    target = page.with_suffix(".png")
    browser(f"--window-size={_WIDTH},{found[1]}", f"--screenshot={target}")
    return target.read_bytes()


def _labelled(picture: bytes, text: str) -> bytes:
    """The picture with a text of its own, after its header."""
    chunk = b"tEXt" + _KEYWORD + b"\0" + text.encode()
    whole = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    header = 8 + 4 + 4 + 13 + 4  # signature, and IHDR with its length, name and checksum
    return picture[:header] + whole + picture[header:]


def main() -> None:
    """Write the pictures; those that show the present comment stay as they are, unless they are named."""
    PICTURES.mkdir(exist_ok=True)
    for name, markdown in comments().items():
        target = PICTURES / f"{name}.png"
        if target.exists() and shown_in(target.read_bytes()) == digest(markdown) and name not in sys.argv[1:]:
            continue
        if shutil.which("chromium") is None:
            raise SystemExit(f"{target.relative_to(ROOT)} shows an earlier comment, and Chromium is not on PATH")
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / f"{name}.html"
            shown = markdown.replace("<details>", "<details open>") if name in _UNFOLDED else markdown
            page.write_text(_page(shown), encoding="utf-8")
            target.write_bytes(_labelled(_picture(page), digest(markdown)))
        print(f"wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
