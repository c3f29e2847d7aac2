"""The shop's templates, as they are read for pages."""

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
# Lines of nothing but tags and remarks.
TAGS_ALONE = re.compile(r"^((?:[ \t]*\{(?:%.*?%|#.*?#)\})+)[ \t]*\n", re.MULTILINE)


class Loader(FilesystemLoader):
    """Without the indentation and the empty lines that their HTML would have: people read it in the
    file, nobody in what is sent. While debugging, errors name the lines of the file."""

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        if self.engine.debug or not origin.name.endswith(".html"):
            return text
        return TAGS_ALONE.sub(r"\1", INDENTATION.sub("", text))
