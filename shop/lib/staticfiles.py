"""Static files for production: hashed names, compressed twins, the stylesheets joined into one."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

LAYER_IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>[\w.]+)\);')


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Inlines every `@import url(x) layer(y)` of an entry sheet, so a page asks for one file."""

    entries = ("css/shop.css", "css/staff.css")
    manifest_strict = True

    def post_process_with_compression(self, files: Any) -> Iterator[Any]:
        # Joined after hashing and before compressing, so that the compressed twins are joined too.
        def joined() -> Iterator[Any]:
            yield from files
            for entry in self.entries:
                if entry in self.hashed_files:
                    self._join(self.hashed_files[entry])

        yield from super().post_process_with_compression(joined())

    def _join(self, entry: str) -> None:
        def inline(match: re.Match[str]) -> str:
            return f"@layer {match['layer']} {{\n{self._text('css/' + match['name'])}\n}}"

        joined = LAYER_IMPORT.sub(inline, self._text(entry))
        self.delete(entry)
        self.save(entry, ContentFile(joined.encode()))

    def _text(self, name: str) -> str:
        with self.open(name) as file:
            return str(file.read().decode())
