"""What is packed of a program: which files, as which bytes, under which name; and what is refused."""

from __future__ import annotations

import io
import os
import tarfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.code.files import Packable, read_files
from sagemaker_constructs.code.packing import archive, digest, manifest

if TYPE_CHECKING:
    from pathlib import Path

PATHS = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=120)
TOKEN = "hf_" + "Q1w2E3r4T5y6U7i8O9p0AbCd"


def written(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A folder with these files."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(source: Path, entry_point: str = "train.py", *beside: Path, accepted: tuple[str, ...] = ()) -> Packable:
    """With the usual limit."""
    return read_files(source, entry_point, beside, accepted, 1)


def test_what_tools_and_the_ignore_file_name_is_not_packed(tmp_path: Path) -> None:
    """Lines of the ignore file come after the defaults, and may except from them."""
    ignored = "data/\n!venv/\n*.log\n!keep.log\n"
    names = ["train.py", "requirements.txt", "lib/a.py", "lib/__pycache__/a.pyc", ".git/config", "data/big.csv"]
    names += ["x.log", "keep.log", "venv/x.py", ".sagemakerignore"]
    folder = written(tmp_path, {**dict.fromkeys(names, "1"), ".sagemakerignore": ignored})

    found = read(folder)

    assert found.mistakes == []
    assert sorted(found.files) == ["keep.log", "lib/a.py", "requirements.txt", "train.py", "venv/x.py"]


def test_the_same_files_are_the_same_bytes_and_the_same_name(tmp_path: Path) -> None:
    """Whatever their times and modes are, and in whatever order they were written."""
    files: dict[str, str | bytes] = {"train.py": "print(1)\n", "lib/b.py": "b", "lib/a.py": "a"}
    first = written(tmp_path / "first", files)
    other = written(tmp_path / "other", dict(reversed(files.items())))
    for file in other.rglob("*.py"):
        os.utime(file, (1, 1))
        file.chmod(0o700)

    found, again = read(first).files, dict(reversed(read(other).files.items()))

    assert archive(found) == archive(again)
    assert digest(found) == digest(again)
    assert digest(found) == "e304b11d81440e831d8cd87e5fc64bd3", "a new version must not train everybody's models again"
    assert sha256(archive(found)).hexdigest()[:16] == "325fe0a4c55c0db0"


@given(st.dictionaries(PATHS, st.binary(max_size=200), min_size=1, max_size=5), PATHS, st.binary(max_size=200))
def test_another_file_or_another_content_is_another_name(files: dict[str, bytes], path: str, content: bytes) -> None:
    """And the manifest tells which file it is."""
    changed = {**files, path: content}

    assert (digest(changed) == digest(files)) == (changed == files)
    differing = {each for each in changed if manifest(changed)[each] != manifest(files).get(each)}
    assert differing == ({path} if changed != files else set())


def test_the_archive_is_one_that_every_tar_unpacks(tmp_path: Path) -> None:
    """Also where it is longer than a block, and a path longer than the oldest format has."""
    files = {"train.py": b"import lib", "weights.bin": os.urandom(200_000), f"lib/{'long' * 40}/ä.py": b""}
    packed = archive(files)

    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        entries = {each.name: (each.mode, each.mtime, each.uid, each.gid, each.uname) for each in tar}
        assert set(entries.values()) == {(0o755, 0, 0, 0, "")}
        tar.extractall(tmp_path, filter="data")
    assert {path: (tmp_path / path).read_bytes() for path in files} == files


def test_links_and_special_files_are_refused_unless_they_are_ignored(tmp_path: Path) -> None:
    """What they stand for is different on every machine."""
    folder = written(tmp_path / "src", {"train.py": "", ".sagemakerignore": "cache\n"})
    (folder / "cache").symlink_to(tmp_path)
    (folder / "data").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")

    assert [each.partition(":")[0] for each in read(folder).mistakes] == [
        "data is a symbolic link",
        "pipe is neither a file nor a folder",
    ]


@pytest.mark.parametrize(
    "name", [".env", ".env.prod", "prod.env", ".envrc", "conf/.aws/credentials", "deploy/id_rsa", "tls/server.key"]
)
def test_a_file_of_credentials_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    """The sentence says what to do, and an ignored or accepted file is none."""
    folder = written(tmp_path, {"train.py": "", name: "x"})

    (mistake,) = read(folder).mistakes
    assert mistake.startswith(f"{name} is a file of credentials by its name")
    assert read(folder, accepted=(name,)).mistakes == []
    written(folder, {".sagemakerignore": name})
    assert read(folder).mistakes == []


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        (f"import x\nlogin('{TOKEN}')\n", "(Hugging Face token, line 2)"),
        ("key = '''-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'''\n", "(private key, line 1)"),
        ("url = 'postgres://me:s3cr3tw0rd@db/x'\n", "(password in a URL, line 1)"),
        ("api_key = 'a8Kd93jdKQ02mdlL1'\n", "(key, line 1)"),
        ("[default]\naws_secret_access_key = a8Kd93jdKQ02mdlL1a8Kd93jdKQ02m/9dlL1\n", "(key, line 2)"),
    ],
)
def test_a_credential_in_a_program_is_refused_without_being_shown(tmp_path: Path, program: str, kind: str) -> None:
    """Its kind and line are told."""
    (mistake,) = read(written(tmp_path, {"train.py": program})).mistakes

    assert mistake.startswith(f"train.py contains what looks like a credential {kind}:")
    assert not any(secret in mistake for secret in (TOKEN, "s3cr3tw0rd", "a8Kd93jdKQ02mdlL1"))


@pytest.mark.parametrize(
    "program",
    [
        "password = getpass.getpass()",
        "token = tokenizer.encode(text)['input_ids1']",
        "api_key=os.environ['API_KEY']",
        "secret = client.get_secret_value(SecretId='prod/model')['SecretString']",
        "key = jax.random.PRNGKey(0)",
        "url = f'postgres://{user}:{password}@{host}/x'",
        "pad_token = '[PAD]'",
        "private_key = base64.standard_b64decode(private_key1)",
        "groups, next_token = self.backend_v2.list_groups(",
        ".env.example",
    ],
)
def test_an_expression_is_no_credential(tmp_path: Path, program: str) -> None:
    """Programs name secrets all the time."""
    assert read(written(tmp_path, {"train.py": program, ".env.example": "KEY="})).mistakes == []


def test_dependencies_are_packed_beside_the_code(tmp_path: Path) -> None:
    """Each under its own name, with its own ignore file; a name that is there already is refused."""
    folder = written(tmp_path / "src", {"train.py": "", "lib/here.py": ""})
    lib = written(tmp_path / "shared" / "common", {"a.py": "", "b.log": "", ".sagemakerignore": "*.log"})
    single = written(tmp_path / "shared", {"single.py": ""}) / "single.py"
    twice = written(tmp_path / "shared", {"lib/here.py": ""}) / "lib"

    assert sorted(read(folder, "train.py", lib, single).files) == [
        "common/a.py",
        "lib/here.py",
        "single.py",
        "train.py",
    ]
    (mistake,) = read(folder, "train.py", twice).mistakes
    assert mistake.startswith("lib/here.py is found twice: ")


def test_a_program_that_is_too_large_names_its_largest_files(tmp_path: Path) -> None:
    """Before anything is read."""
    folder = written(tmp_path, {"train.py": "x", "data.bin": bytes(2**20), "other.bin": bytes(2**19)})

    (mistake,) = read(folder).mistakes
    assert mistake.startswith(
        "the files are 1.5 MiB, at most 1 MiB are allowed; the largest: data.bin (1.0 MiB), other"
    )


def test_links_secrets_and_a_wrong_entry_point_are_told_at_once(tmp_path: Path) -> None:
    """One preview shows them all."""
    folder = written(tmp_path, {"train.py": f"login('{TOKEN}')\n", ".env": "x"})
    (folder / "link").symlink_to(folder / "train.py")

    mistakes = read(folder, entry_point="main.py").mistakes
    assert [each.split()[0] for each in mistakes] == ["link", "entry_point:", ".env", "train.py"]


@pytest.mark.parametrize(
    ("entry_point", "sentence"),
    [
        ("main.py", "entry_point: got 'main.py', expected the path of a file that is packed, such as train.py"),
        ("notes.txt", "entry_point: got 'notes.txt', expected a file that ends in .py or .sh"),
    ],
)
def test_an_entry_point_must_be_packed_and_startable(tmp_path: Path, entry_point: str, sentence: str) -> None:
    """Otherwise the job would find out, for money."""
    assert read(written(tmp_path, {"train.py": "", "notes.txt": ""}), entry_point).mistakes == [sentence]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """The folder, and a file that was to be accepted."""
    folder = written(tmp_path / "src", {"train.py": ""})

    assert read(folder, accepted=("gone.py",)).mistakes == ["not_secret: there is no gone.py"]
    assert read(tmp_path / "none").mistakes[0] == f"there is no {tmp_path / 'none'}"
