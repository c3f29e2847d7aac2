"""Media in a bucket that speaks S3, for a shop on more than one machine. Needs the extra `s3`.

The bucket stays private: pages name pictures below MEDIA_URL, where the shop, or a CDN that asks the
shop, hands out the folders that are public (shop.views.files.media).
"""

from typing import Any
from urllib.parse import urljoin

from botocore.config import Config
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

# A page must not hang on a bucket.
PATIENCE = {"connect_timeout": 2, "read_timeout": 10, "retries": {"max_attempts": 2}}
IN_MEMORY = 2_000_000


class Bucket(S3Storage):  # type: ignore[misc]
    def get_default_settings(self) -> dict[str, Any]:
        return {
            **super().get_default_settings(),
            # A name that is taken is never written over, as on a disk.
            "file_overwrite": False,
            "max_memory_size": IN_MEMORY,
            "client_config": Config(signature_version="s3v4", **PATIENCE),
        }

    def url(self, name: str | None, *_signing: Any, **_parameters: Any) -> str:
        """The address pages keep: not signed, so it never runs out."""
        return urljoin(str(settings.MEDIA_URL), filepath_to_uri(name) or "")
