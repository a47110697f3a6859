"""Imports Pulumi's messages without the SDK that they are a part of.

The engine starts two language hosts and the AWS plugin for every command, and the SDK takes longer to import than all
else that they need. They use the messages of `pulumi.runtime.proto` only.
"""

import sys
from importlib.util import find_spec, module_from_spec

PACKAGES = ("pulumi", "pulumi.runtime")
"""The packages around the messages."""


def import_messages_alone() -> None:
    """From now on, `pulumi.runtime.proto` is imported without its packages being run.

    For a process of its own, before it imports any of them: what else they have cannot be imported in it.
    """
    for name in PACKAGES:
        found = find_spec(name)
        if found is None:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)
        sys.modules[name] = module_from_spec(found)
