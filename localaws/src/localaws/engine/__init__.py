"""Provides the Pulumi engine: the one on PATH, or one built from its Go module with a language host in Python."""
