"""Collects the table of functions, one module for each kind of lookup."""

from typing import Final

from localaws.plugin.function import Function

from . import account, images, lookups, policy_document

MODULES = (account, images, lookups, policy_document)

FUNCTIONS: Final[dict[str, Function]] = {
    token: function for module in MODULES for token, function in module.FUNCTIONS.items()
}
"""Every function that is served, by its token."""
