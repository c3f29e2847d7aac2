"""Paper: PDFs by Typst, from templates and ready text; data is passed as JSON, never as code."""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anyascii import anyascii
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates" / "documents"
# Letters that the built-in font has: Latin, Greek, Cyrillic, punctuation, currencies, some signs.
DRAWN = (
    (0x20, 0x052F),
    (0x1E00, 0x1FFF),
    (0x2010, 0x2044),
    (0x20A0, 0x20BF),
    (0x2122, 0x2122),
    (0x2212, 0x2212),
)
UNDRAWN = re.compile(f"[^{''.join(f'{chr(first)}-{chr(last)}' for first, last in DRAWN)}]")


class NotPrinted(Exception):
    """Raised when no page could be made."""


def printed(
    template: str,
    page: dict[str, Any],
    *,
    files: Mapping[str, bytes] | None = None,
    is_tagged: bool = True,
) -> bytes:
    """The PDF of a template in templates/documents. Raises NotPrinted.

    files: pictures and PDFs that the template reads from files/<name>.
    is_tagged: for whoever has it read aloud. What is printed by the hundred is made twenty times
    as fast without.
    """
    if not files:
        return _printed(template, page, FOLDER, is_tagged=is_tagged)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / FOLDER.name
        shutil.copytree(FOLDER, folder)
        (folder / "files").mkdir()
        for file, content in files.items():
            (folder / "files" / file).write_bytes(content)
        return _printed(template, page, folder, is_tagged=is_tagged)


def _printed(template: str, page: dict[str, Any], folder: Path, *, is_tagged: bool) -> bytes:
    # Imported here: a compiler of 80 MB that only workers need.
    import typst  # noqa: PLC0415

    try:
        pdf: bytes = typst.compile(
            str(folder / template),
            root=str(folder),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(drawn(page))},
            pdf_tags=is_tagged,
        )
    except (typst.TypstError, RuntimeError, TypeError, ValueError) as error:
        raise NotPrinted(template) from error
    return pdf


def drawn(page: Any) -> Any:
    """Text in letters that the font has."""
    if isinstance(page, str):
        return UNDRAWN.sub(lambda letter: anyascii(letter[0]), page)
    if isinstance(page, list):
        return [drawn(one) for one in page]
    if isinstance(page, dict):
        return {name: drawn(one) for name, one in page.items()}
    return page
