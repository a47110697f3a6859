"""Generates names as the official provider does: `<name>-<7 hexadecimal digits>`, the same for the same seed."""

import hashlib
import os
from dataclasses import dataclass

RANDOM_DIGITS = 7
PREFIX_DIGITS = 26


@dataclass(frozen=True)
class AutoName:
    """How a type's name is made when the program gives none.

    Attributes:
        key: The input that holds the name.
        limit: The longest name that the service accepts.
        lower: Whether the service accepts lower case only.
        start: What every name of this type begins with.
        random: Whether random digits follow the resource's name.
        prefixed: Whether the program may give a prefix instead (`namePrefix`).
    """

    key: str = "name"
    limit: int = 255
    lower: bool = False
    start: str = ""
    random: bool = True
    prefixed: bool = True

    def name(self, logical_name: str, seed: bytes, prefix: str | None = None) -> str:
        """A name for a resource.

        Args:
            logical_name: The resource's name in the program.
            seed: The engine's seed for this resource and step; without one the name is not deterministic.
            prefix: A prefix given by the program (`namePrefix`), which takes the place of the resource's name.
        """
        if not self.random:
            return logical_name
        digits = hashlib.sha256((seed or os.urandom(16)) + logical_name.encode()).hexdigest()
        if prefix is not None:
            return prefix + digits[: min(PREFIX_DIGITS, self.limit - len(prefix))]
        stem = f"{self.start}{logical_name}"[: self.limit - RANDOM_DIGITS - 1]
        return f"{stem.lower() if self.lower else stem}-{digits[:RANDOM_DIGITS]}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The inputs that set the name, or its prefix."""
        return (self.key, f"{self.key}Prefix") if self.prefixed else (self.key,)
