"""Defines a function of the plugin: from the Region and the arguments to the result."""

from collections.abc import Callable
from typing import TypeAlias

from .aws import Aws
from .values import Properties

Function: TypeAlias = Callable[[Aws, Properties], Properties]
