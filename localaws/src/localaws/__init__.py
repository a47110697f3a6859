"""Runs Pulumi against an AWS on this machine: an engine, a local AWS and the plugin between them."""
