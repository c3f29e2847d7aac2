"""The prints: two- to four-colour drawings in the manner of stencil printing."""

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from shop.demo.imagery.pots import POTS
from shop.demo.imagery.profile import curve

SIZE = 1000, 1400
PAPER = "#f1ead9"
RUST, INK, HONEY, MOSS, SEA, ROSE = (
    "#b4532f",
    "#2f4156",
    "#cfa14a",
    "#5d7a5c",
    "#6ea3a0",
    "#d9a79b",
)
Pen = ImageDraw.ImageDraw
Line = Sequence[tuple[float, float]]


class Press:
    """Lays one ink over another, as a stencil printer does: overlaps darken."""

    def __init__(self, paper: str = PAPER) -> None:
        self.sheet = Image.new("RGB", SIZE, paper)

    def ink(self, draw: Callable[[Pen], None]) -> None:
        layer = Image.new("RGB", SIZE, "white")
        draw(ImageDraw.Draw(layer))
        self.sheet = ImageChops.multiply(self.sheet, layer)

    def paste(self, draw: Callable[[Pen], None]) -> None:
        """Covers what lies below, as cut paper does."""
        draw(ImageDraw.Draw(self.sheet))

    def shape(self, points: Line, colour: str, *, cut: bool = False) -> None:
        (self.paste if cut else self.ink)(lambda pen: pen.polygon(points, fill=colour))

    def line(self, points: Line, colour: str, width: int) -> None:
        self.ink(lambda pen: pen.line(points, fill=colour, width=width))

    def disc(self, x: float, y: float, r: float, colour: str, *, cut: bool = False) -> None:
        box = x - r, y - r, x + r, y + r
        (self.paste if cut else self.ink)(lambda pen: pen.ellipse(box, fill=colour))

    def box(self, corners: tuple[float, float, float, float], colour: str) -> None:
        self.ink(lambda pen: pen.rectangle(corners, fill=colour))


def _blob(x: float, y: float, w: float, h: float, seed: int) -> Line:
    out = []
    for k in range(72):
        a = k / 72 * 2 * math.pi
        r = 1 + 0.08 * math.sin(3 * a + seed) + 0.05 * math.sin(2 * a + seed * 1.7)
        out.append((x + w * r * math.cos(a), y + h * r * math.sin(a)))
    return out


def _leaf(x: float, y: float, size: float, angle: float, wide: float = 0.32) -> Line:
    out = []
    for k in range(41):
        t = k / 20 - 1 if k <= 20 else 1 - (k - 20) / 10
        side = wide if k <= 20 else -wide
        u, v = size * (t + 1), size * side * (1 - t * t)
        out.append(
            (
                x + u * math.cos(angle) - v * math.sin(angle),
                y + u * math.sin(angle) + v * math.cos(angle),
            )
        )
    return out


def low_tide() -> Image.Image:
    press, rng = Press("#ecdfc6"), np.random.default_rng(4)
    for k, colour in enumerate((INK, RUST, SEA, HONEY, MOSS, ROSE, INK)):
        x, y = 500 + rng.uniform(-180, 180), 190 + k * 172
        blob = _blob(x, y, rng.uniform(190, 330), rng.uniform(60, 105), k)
        press.shape(blob, colour)
    return press.sheet


def kiln_arches() -> Image.Image:
    press, colours = Press(), (RUST, HONEY, INK, ROSE)
    for k in range(24):
        x, y, ring = 270 + (k // 4 % 2) * 460, 430 + k // 8 * 440, k % 4
        press.paste(_arch(x, y, 200 - 52 * ring, colours[(ring + k // 4 % 2 + k // 8) % 4]))
    return press.sheet


def _arch(x: float, y: float, half: float, colour: str) -> Callable[[Pen], None]:
    def draw(pen: Pen) -> None:
        box = (x - half, y - 150 - half, x + half, y - 150 + half)
        pen.pieslice(box, 180, 360, fill=colour)
        pen.rectangle((x - half, y - 151, x + half, y), fill=colour)

    return draw


def hill_lines() -> Image.Image:
    press = Press("#f3e6cd")
    press.disc(680, 360, 170, RUST)
    for k, colour in enumerate((ROSE, HONEY, SEA, MOSS, INK)):
        base = 560 + k * 160
        line = [
            (x, base + 90 * math.sin(x / 210 + k * 1.9) + 40 * math.sin(x / 97 + k))
            for x in range(-10, 1020, 10)
        ]
        hill = [*line, (1010, 1410), (-10, 1410)]
        press.shape(hill, colour, cut=True)
    return press.sheet


def _silhouette(name: str, x: float, base: float, height: float) -> Line:
    line = curve(POTS[name].outer)
    k = height / POTS[name].height
    right = [(x + r * k, base - y * k) for r, y in line]
    return [*[(2 * x - px, py) for px, py in right[::-1]], *right]


def eight_glazes() -> Image.Image:
    press = Press()
    names = (
        "bud-vase",
        "milk-jug",
        "moon-vase",
        "barrel-mug",
        "gourd-vase",
        "oil-bottle",
        "steeping-cup",
        "shoulder-vase",
    )
    colours = ("#b7ad9c", MOSS, INK, RUST, "#d8c191", SEA, HONEY, ROSE)
    for k, (name, colour) in enumerate(zip(names, colours, strict=True)):
        x, base = 290 + (k % 2) * 420, 370 + (k // 2) * 320
        tall = 250 if POTS[name].height > POTS[name].radius * 2 else 170
        shape = _silhouette(name, x, base, tall)
        press.shape(shape, colour)
        press.line([(x - 150, base), (x + 150, base)], "#2b2622", 5)
    return press.sheet


def moon_over_marl() -> Image.Image:
    press = Press("#e9e2d4")
    press.box((0, 0, 1000, 1400), "#5a6d84")
    for k, cut in enumerate((150, 95, 0, -95, -150)):
        x, y = 160 + k * 170, 330 + abs(k - 2) * 60
        press.disc(x, y, 74, "#f0e6cc", cut=True)
        if cut:
            press.disc(x + cut * 0.5, y, 74, "#525d6c", cut=True)
    line = [(x, 980 + 60 * math.sin(x / 160)) for x in range(-10, 1020, 10)]
    press.shape([*line, (1010, 1410), (-10, 1410)], "#b98a66", cut=True)
    for k in range(7):
        row = [
            (x, 1060 + k * 55 + (30 - k * 3) * math.sin(x / 160 + k * 0.4))
            for x in range(-10, 1020, 10)
        ]
        press.line(row, "#8a5a3c", 7)
    return press.sheet


def seed_heads() -> Image.Image:
    press = Press("#efe6d2")
    stems = (
        (260, 330, RUST),
        (480, 220, INK),
        (700, 400, MOSS),
        (380, 620, HONEY),
        (620, 700, INK),
    )
    for x, y, colour in stems:
        press.line([(500 + (x - 500) * 0.3, 1400), (x, y)], colour, 9)
        for k in range(15):
            angle = math.pi * (1.05 + 0.9 * k / 14)
            tip = x + 150 * math.cos(angle), y + 150 * math.sin(angle)
            press.line([(x, y), tip], colour, 5)
            press.disc(*tip, 17, colour)
    for k in range(6):
        leaf = _leaf(500, 1330 - k * 60, 95, math.pi * (1.15 if k % 2 else 1.85))
        press.shape(leaf, MOSS)
    return press.sheet


def warp_and_weft() -> Image.Image:
    press, rng = Press(), np.random.default_rng(12)
    for across in (False, True):
        at = 60.0
        for k in range(11):
            width, gap = rng.uniform(30, 80), rng.uniform(18, 60)
            colour = (INK, RUST, HONEY, SEA)[(k + across) % 4] if k % 3 else ROSE
            box = (
                (at, 60, at + width, 1340)
                if not across
                else (60, at * 1.36, 940, at * 1.36 + width)
            )
            press.box(box, colour)
            at += width + gap
            if at > 880:
                break
    return press.sheet


def tea_field() -> Image.Image:
    press = Press("#eef0dd")
    press.disc(300, 260, 130, HONEY)
    for k in range(9):
        base = 500 + k * 105
        for j in range(14):
            x = -20 + j * 80 + (k % 2) * 40
            y = base + 46 * math.sin(x / 190 + k * 0.35)
            colour = (MOSS, "#86a06b", "#3f6b58")[(j + k) % 3]
            leaf = _leaf(x, y, 42 + k * 3, -1.2 + 0.5 * math.sin(j + k))
            press.shape(leaf, colour)
    return press.sheet


def three_vases() -> Image.Image:
    press = Press("#f0e4d0")
    press.box((0, 1120, 1000, 1400), "#d9c3a3")
    for name, x, base, tall, colour in (
        ("bottle-vase", 300, 1190, 820, SEA),
        ("moon-vase", 560, 1230, 520, RUST),
        ("bud-vase", 760, 1180, 420, INK),
    ):
        shape = _silhouette(name, x, base, tall)
        press.shape(shape, colour)
    press.line([(306, 380), (360, 150)], MOSS, 8)
    for k in range(4):
        leaf = _leaf(315 + k * 13, 330 - k * 55, 52, -0.5 if k % 2 else -2.4)
        press.shape(leaf, MOSS)
    return press.sheet


def tide_chart() -> Image.Image:
    press = Press("#e6ecec")
    for k in range(17):
        y, swell = 110 + k * 74, 12 + 26 * abs(math.sin(k * 0.42))
        wave = [(x, y + swell * math.sin(x / 62 + k * 0.5)) for x in range(60, 945, 5)]
        colour = RUST if k == 6 else (INK, SEA)[k % 2]
        press.line(wave, colour, 20)
    return press.sheet


def orchard() -> Image.Image:
    press = Press("#f4ead6")
    for k in range(12):
        x, y = 220 + (k % 3) * 280, 250 + (k // 3) * 310
        crown = _blob(x, y, 105, 112, k)
        colour = (MOSS, HONEY, RUST, "#86a06b")[(k * 5 + k // 3) % 4]
        press.line([(x, y), (x, y + 190)], "#6b4a36", 14)
        press.shape(crown, colour)
        for j in range(4):
            spot = x - 45 + 30 * j, y + (-35 if j % 2 else 30)
            press.disc(*spot, 11, RUST)
    return press.sheet


def fern() -> Image.Image:
    press = Press("#eee7d8")
    for x0, lean, colour in ((360, -0.10, MOSS), (600, 0.12, "#3f6b58"), (480, 0.0, INK)):
        for k in range(22):
            t = k / 22
            x, y = x0 + lean * 1000 * t * t, 1300 - 1100 * t
            size = 120 * (1 - t) * min(1, 0.35 + t * 3)
            for side in (-1, 1):
                leaf = _leaf(x, y, size, -math.pi / 2 + side * (1.15 - 0.4 * t), 0.2)
                press.shape(leaf, colour)
    return press.sheet


DESIGNS: dict[str, Callable[[], Image.Image]] = {
    "low-tide": low_tide,
    "kiln-arches": kiln_arches,
    "hill-lines": hill_lines,
    "eight-glazes": eight_glazes,
    "moon-over-marl": moon_over_marl,
    "seed-heads": seed_heads,
    "warp-and-weft": warp_and_weft,
    "tea-field": tea_field,
    "three-vases": three_vases,
    "tide-chart": tide_chart,
    "orchard": orchard,
    "fern": fern,
}


@cache
def design(name: str) -> Image.Image:
    return DESIGNS[name]()
