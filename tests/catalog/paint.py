"""Small pictures, made on the spot."""

import io

from PIL import Image as Pillow


def painted(width=1000, height=1250, *, form="JPEG", mode="RGB", **how):
    """Left half red, right half blue; `how` goes to Pillow's save."""
    picture = Pillow.new(mode, (width, height), "red" if mode != "L" else 80)
    if mode == "RGB":
        picture.paste("blue", (width // 2, 0, width, height))
    return saved(picture, form, **how)


def saved(picture, form, **how):
    buffer = io.BytesIO()
    picture.save(buffer, form, **how)
    return buffer.getvalue()


def opened(data):
    return Pillow.open(io.BytesIO(data))
