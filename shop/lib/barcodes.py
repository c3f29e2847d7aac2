"""Barcodes as widths of bars and gaps, for templates to draw."""

from itertools import groupby


def code128(text: str) -> list[int]:
    """Code 128: bars and gaps by turns, a bar first, each in modules. Raises ValueError for what
    can't be written in it."""
    # Imported here: it brings Pillow along, and only paper needs it.
    from barcode import get_barcode_class  # noqa: PLC0415
    from barcode.errors import BarcodeError  # noqa: PLC0415

    try:
        (modules,) = get_barcode_class("code128")(text).build()
    except (BarcodeError, KeyError) as error:
        raise ValueError(text) from error
    return [len(list(run)) for _bit, run in groupby(modules)]
