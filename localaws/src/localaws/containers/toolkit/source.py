"""Puts the script's folder in place, and installs what it requires.

Input: `sagemaker_submit_directory`: an archive in S3, or a folder or an archive on this machine. Output: the files in
/opt/ml/code; a folder with the packages of requirements.txt.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3

from localaws.containers.toolkit.errors import ScriptError, called

S3 = "s3://"


def fetch(address: str, code: Path) -> None:
    """Copies or unpacks the source into `code`.

    Raises:
        ScriptError: There is none, or it is no archive.
    """
    try:
        if address.startswith(S3):
            with TemporaryDirectory() as folder:
                archive = Path(folder) / "source"
                bucket, _, key = address.removeprefix(S3).partition("/")
                endpoint = os.environ.get("S3_ENDPOINT_URL")
                boto3.client("s3", endpoint_url=endpoint).download_file(bucket, key, str(archive))
                unpack(archive, code)
        elif Path(address).is_dir():
            if Path(address).resolve() != code.resolve():
                shutil.copytree(address, code, dirs_exist_ok=True)
        else:
            unpack(Path(address), code)
    except Exception as error:
        raise ScriptError(f"sagemaker_submit_directory {address}: {error}") from error


def unpack(archive: Path, code: Path) -> None:
    """Unpacks an archive; nothing of it can land outside."""
    with tarfile.open(archive) as files:
        files.extractall(code, filter="data")


def install(code: Path, packages: Path, python: str) -> bool:
    """Installs requirements.txt into `packages`, if there is one; returns whether there was.

    The toolkit installs into the container's interpreter, which the next job does not see. This machine's interpreter
    is kept as it is.

    Raises:
        ScriptError: pip failed.
    """
    if not (code / "requirements.txt").is_file():
        return False
    command = [python, "-m", "pip", "install", "--no-cache-dir", "--target", str(packages), "-r", "requirements.txt"]
    done = subprocess.run(command, cwd=code, check=False)
    if done.returncode:
        raise ScriptError(called("InstallRequirementsError", done.returncode, "", command))
    return True
