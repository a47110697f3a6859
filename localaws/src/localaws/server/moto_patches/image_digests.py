"""Computes the digest of a container image as ECR does: from the whole manifest."""

from __future__ import annotations

from hashlib import sha256

from moto.ecr import models
from typing_extensions import override


class DigestedImage(models.Image):
    """An image whose digest, where the request has none, is the SHA-256 of its manifest."""

    @override
    def _create_digest(self) -> None:
        self._image_digest = f"sha256:{sha256(self.image_manifest.encode()).hexdigest()}"
