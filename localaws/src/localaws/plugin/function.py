"""What a function of the plugin is: a question to AWS in a region, with arguments, and its answer."""

from collections.abc import Callable
from typing import TypeAlias

from .aws import Aws
from .values import Properties

Function: TypeAlias = Callable[[Aws, Properties], Properties]
