"""Runs Pulumi against an AWS on this machine: an engine, a local AWS and the plugin between them."""

from importlib.metadata import version

__version__ = version("pulumi-localaws")
