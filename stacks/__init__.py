"""One composition, four environments: `Pulumi.<environment>.yaml` beside this file holds values only."""

from stacks.sample import deploy

__all__ = ["deploy"]
