"""Pulumi and AWS on this machine: an engine, a local AWS and the plugin between them, with nothing to sign up for."""

from importlib.metadata import version

__version__ = version("pulumi-localaws")
