"""Generates names as the official provider does: `<name>-<7 hexadecimal digits>`, the same for the same seed."""

import hashlib
import os
from dataclasses import dataclass

from .errors import RefusedError

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

        Raises:
            RefusedError: It would be too long; the official provider does not shorten it either.
        """
        if not self.random:
            return logical_name
        digits = hashlib.sha256((seed or os.urandom(16)) + logical_name.encode()).hexdigest()
        if prefix is not None:
            if len(prefix) > self.limit - PREFIX_DIGITS:
                raise RefusedError(
                    f"expected length of {self.key}Prefix to be at most {self.limit - PREFIX_DIGITS}, got {prefix}"
                )
            return prefix + digits[:PREFIX_DIGITS]
        stem = f"{self.start}{logical_name}-"
        if len(stem) + RANDOM_DIGITS > self.limit:
            raise RefusedError(
                f"failed to apply auto-naming: {stem!r} with {RANDOM_DIGITS} random characters is longer than the "
                f"maximum length {self.limit}"
            )
        return f"{stem.lower() if self.lower else stem}{digits[:RANDOM_DIGITS]}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The inputs that set the name, or its prefix."""
        return (self.key, f"{self.key}Prefix") if self.prefixed else (self.key,)
