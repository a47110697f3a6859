"""Finds botocore's models of AWS's services, in a fraction of the time that botocore's own loader takes.

Input: the folders where botocore looks. Output: a loader for its sessions. Its own one looks into the folders of all
four hundred services for each kind of model that a client needs, and makes every object of the JSON in Python.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.loaders import JSONFileLoader, Loader
from pydantic_core import from_json
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.session import Session


class _ModelFiles(JSONFileLoader):
    """Reads the files of the models."""

    def _load_file(self, full_path: str, open_method: Callable[..., Any]) -> Any:
        path = Path(full_path)
        if not path.is_file():
            return None
        with open_method(path, "rb") as file:
            return from_json(file.read())


class ServiceModels(Loader):
    """Loads the models of services.

    Args:
        folders: where to look beside botocore's own folders.
    """

    def __init__(self, folders: list[str]) -> None:
        super().__init__(folders, _ModelFiles())

    @override
    def list_available_services(self, type_name: str) -> list[str]:
        """The services that there are; whether one has a model of a type is seen when it is loaded."""
        paths = filter(os.path.isdir, self.search_paths)
        return sorted({each.name for path in paths for each in os.scandir(path) if each.is_dir()})


def use_service_models(session: Session) -> None:
    """Have a session load models in this way."""
    data_path = session.get_config_variable("data_path")
    folders = data_path.split(os.pathsep) if data_path else []
    loader = ServiceModels([os.path.expanduser(os.path.expandvars(each)) for each in folders])  # noqa: PTH111  as botocore
    session.register_component("data_loader", loader)
