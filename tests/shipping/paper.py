"""Reading the PDFs that papers are."""

import io

from pypdf import PdfReader


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in read(pdf).pages)
