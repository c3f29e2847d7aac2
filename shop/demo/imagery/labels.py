"""Drawings that go round tins, on covers, cards and boxes; words in Pillow's own typeface."""

import math
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

from shop.demo.imagery.paper import Texture

Pen = ImageDraw.ImageDraw
CREAM = "#efe6d2"


def _words(pen: Pen, text: str, at: tuple[float, float], *, size: float, colour: str) -> None:
    pen.text(at, text, font=ImageFont.load_default(size), fill=colour, anchor="mm", align="center")


def _leaf(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    points = []
    for k in range(41):
        t, side = (k / 20 - 1, 1) if k <= 20 else (1 - (k - 20) / 10, -1)
        points.append((x + side * size * 0.36 * (1 - t * t) + size * t * 0.4, y + size * t))
    pen.polygon(points, fill=colour)


def _berry(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    for dx, dy in ((-0.45, 0.2), (0.45, 0.2), (0, -0.45)):
        r, cx, cy = size * 0.42, x + dx * size, y + dy * size
        pen.ellipse((cx - r, cy - r, cx + r, cy + r), fill=colour)


def _flower(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    for k in range(8):
        a = k * math.pi / 4
        cx, cy, r = x + size * 0.6 * math.cos(a), y + size * 0.6 * math.sin(a), size * 0.28
        pen.ellipse((cx - r, cy - r, cx + r, cy + r), fill=colour)
    r = size * 0.3
    pen.ellipse((x - r, y - r, x + r, y + r), fill="#d6a63f")


def _pine(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    for k in range(3):
        top, half = y - size + k * size * 0.5, size * (0.4 + 0.16 * k)
        pen.polygon(
            [(x, top), (x - half, top + size * 0.75), (x + half, top + size * 0.75)], fill=colour
        )


def _slice(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    pen.ellipse((x - size, y - size, x + size, y + size), fill=colour)
    for k in range(8):
        a = 45 * k
        pen.pieslice(
            (x - size * 0.82, y - size * 0.82, x + size * 0.82, y + size * 0.82),
            a + 4,
            a + 41,
            fill=CREAM,
        )


def _wave(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    for k in (-1, 0, 1):
        line = [
            (x - size + t * size / 10, y + k * size * 0.5 + size * 0.18 * math.sin(t / 2))
            for t in range(21)
        ]
        pen.line(line, fill=colour, width=max(3, int(size * 0.16)))


MOTIFS: dict[str, Callable[[Pen, float, float, float, str], None]] = {
    "leaf": _leaf,
    "berry": _berry,
    "flower": _flower,
    "pine": _pine,
    "slice": _slice,
    "wave": _wave,
}


def tin(name: str, motif: str, ink: str, accent: str) -> Texture:
    """A label to wrap round a tea tin: a band of motifs, the name in the middle."""
    image = Image.new("RGB", (3000, 840), CREAM)
    pen = ImageDraw.Draw(image)
    for y in (26, 806):
        pen.line((0, y, 3000, y), fill=ink, width=8)
    for k in range(30):
        for row, y in enumerate((150, 700)):
            MOTIFS[motif](
                pen, 50 + k * 100, y, 48 if k % 2 else 36, ink if (k + row) % 2 else accent
            )
    _words(pen, name, (1500, 400), size=104, colour=ink)
    _words(pen, "MARL & WEFT", (1500, 520), size=44, colour=ink)
    return Texture(image)


def strip(words: str, motif: str, ink: str, accent: str) -> Texture:
    """A low band for a tin or a block of wax: the words between motifs."""
    image = Image.new("RGB", (3000, 330), CREAM)
    pen = ImageDraw.Draw(image)
    for k in range(30):
        MOTIFS[motif](pen, 50 + k * 100, 165, 46, ink if k % 2 else accent)
    pen.rectangle((1230, 20, 1770, 310), fill=CREAM)
    _words(pen, words, (1500, 165), size=104, colour=ink)
    return Texture(image)


def cover(base: str, ink: str, design: str) -> Texture:
    """A notebook cover: rings, dots, lines or leaves printed in one ink."""
    image = Image.new("RGB", (900, 1220), base)
    pen = ImageDraw.Draw(image)
    if design == "rings":
        for k in range(7):
            r = 60 + 52 * k
            pen.ellipse((500 - r, 560 - r, 500 + r, 560 + r), outline=ink, width=18)
    elif design == "dots":
        for k in range(88):
            x, y = 190 + k % 8 * 88, 130 + k // 8 * 96
            pen.ellipse((x - 17, y - 17, x + 17, y + 17), fill=ink)
    elif design == "lines":
        for k in range(16):
            pen.line((150, 120 + k * 66, 860, 120 + k * 66), fill=ink, width=14)
    else:
        for k in range(20):
            MOTIFS[design](pen, 230 + k % 4 * 175, 150 + k // 4 * 230, 66, ink)
    return Texture(image)


def card(
    lines: str, base: str, ink: str, motif: str, *, size: tuple[int, int] = (900, 1260)
) -> Texture:
    """A card or box front: a frame of motifs and a few words."""
    image = Image.new("RGB", size, base)
    pen = ImageDraw.Draw(image)
    width, height = size
    pen.rectangle((36, 36, width - 36, height - 36), outline=ink, width=6)
    columns = width // 170
    for k in range(columns):
        x = (k + 0.5) * width / columns
        for y in (150, height - 150):
            MOTIFS[motif](pen, x, y, 52, ink)
    _words(pen, lines, (width / 2, height / 2), size=width / 10, colour=ink)
    return Texture(image)


def pattern(base: str, inks: tuple[str, ...], motif: str) -> Texture:
    """Wrapping paper: motifs in staggered rows."""
    image = Image.new("RGB", (1200, 1200), base)
    pen = ImageDraw.Draw(image)
    for k in range(8):
        for j in range(9):
            x, y = 75 + k * 150, 65 + j * 134 + (k % 2) * 67
            MOTIFS[motif](pen, x, y, 50, inks[(k + j) % len(inks)])
    return Texture(image)


def calendar() -> Texture:
    """One month on a wall: a drawing of waves above a grid of days."""
    image = Image.new("RGB", (900, 1260), "#f4efe3")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 900, 560), fill="#b8cfc6")
    for k in range(9):
        wave = [(x, 60 + k * 55 + 16 * math.sin(x / 70 + k * 0.6)) for x in range(-5, 910, 5)]
        pen.line(wave, fill=("#2f4156", "#6ea3a0")[k % 2], width=16, joint="curve")
    _words(pen, "MARCH", (450, 650), size=64, colour="#2f4156")
    for day in range(31):
        at = 120 + (day + 6) % 7 * 110, 760 + (day + 6) // 7 * 88
        _words(
            pen, str(day + 1), at, size=38, colour="#b4532f" if (day + 6) % 7 == 6 else "#2b2622"
        )
    return Texture(image)
