"""Draws the pictures.

`python -m shop.demo.imagery.render [--only NAME] [--jobs N] [--size 800] [--folder PATH]`;
needs numpy (dependency group `imagery`). The same code always draws the same pictures.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

from shop.demo.imagery import (
    draw,
    gathered,
    groups,
    pantry,
    printroom,
    stoneware,
    tablelinen,
)
from shop.demo.imagery.camera import View, see
from shop.demo.imagery.colour import to_image
from shop.demo.imagery.glaze import GLAZES
from shop.demo.imagery.light import Patch, Stage
from shop.demo.imagery.sdf import Box, F, Scene
from shop.demo.imagery.shot import Shot

PICTURES = Path(__file__).resolve().parent.parent / "pictures"
WIDTH = 800
OVERSAMPLE, OVERSAMPLE_LARGE = 1.6, 1.25
QUALITY = 82
TILE = 96
MODULES = (stoneware, gathered, tablelinen, pantry, printroom, groups)


def every_shot() -> Iterator[Shot]:
    """First pictures of every product, then the second views."""
    shots = list(chain.from_iterable(module.shots() for module in MODULES))
    yield from (shot for shot in shots if shot.first)
    yield from (shot for shot in shots if not shot.first)


def save(picture: Image.Image, name: str, folder: Path) -> None:
    picture.save(folder / f"{name}.webp", quality=QUALITY, method=6)


@lru_cache(maxsize=2)
def traced_stage(scene: Callable[[], Scene], view: View, width: int, height: int) -> Stage:
    """A scene traced and lit; kept for the next shot of the same scene, as prints share frames."""
    made = scene()
    return Stage(made, see(made, view, width, height))


def take(shot: Shot, width: int, folder: Path) -> str:
    """Traces the scene once and saves a WebP per look; answers with what it took."""
    began, share = time.perf_counter(), width / WIDTH
    size = round(shot.size[0] * share), round(shot.size[1] * share)
    finer = OVERSAMPLE if size[0] <= WIDTH else OVERSAMPLE_LARGE
    wide, tall = (round(side * finer) for side in size)
    stage = traced_stage(shot.scene, shot.view, wide, tall)
    traced = time.perf_counter() - began
    for name, materials in shot.looks.items():
        picture = stage.paint(materials, shot.backdrop)
        save(picture.resize(size, Image.Resampling.LANCZOS), name, folder)
    spent = time.perf_counter() - began
    return f"{next(iter(shot.looks))} x{len(shot.looks)}: {traced:.1f} s + {spent - traced:.1f} s"


def tile(name: str, folder: Path) -> None:
    """A test tile of one glaze, dipped over bare clay: the swatch of an option."""
    side = TILE * 2
    x, y = np.meshgrid(np.linspace(0, 1, side), np.linspace(1, 0, side))
    flat = np.stack([x.ravel(), y.ravel() + 0.35, 0 * x.ravel()], 1).astype(F)
    facing = np.tile(np.array([0, 0, 1], F), (len(flat), 1))
    glaze = replace(GLAZES[name].on(dip=0.47), seed=3)
    albedo, gloss = glaze.paint(Patch(flat, facing, Box((1, 1, 1))))
    shine = np.exp(-((x - 0.3) ** 2 + (y - 0.75) ** 2) / 0.02).ravel() * gloss * 0.5
    light = 1.05 - 0.25 * (1 - y.ravel()) + 0.35 * shine
    picture = to_image((albedo * light[:, None]).reshape(side, side, 3))
    save(picture.resize((TILE, TILE), Image.Resampling.LANCZOS), f"tile-{name}", folder)


def drawings(only: str, width: int, folder: Path) -> None:
    """Dimension drawings and glaze tiles: quick, so always in this process."""
    for name in draw.DRAWN:
        if only in f"{name}-dims":
            save(draw.drawing(name, (width, width * 5 // 4)), f"{name}-dims", folder)
    for name in GLAZES:
        if only in f"tile-{name}":
            tile(name, folder)


def _wanted(only: str) -> list[Shot]:
    return [shot for shot in every_shot() if any(only in name for name in shot.looks)]


def _take(job: tuple[int, str, int, Path]) -> str:
    index, only, width, folder = job
    return take(_wanted(only)[index], width, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of a picture's name")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--size", type=int, default=WIDTH, help="width in pixels")
    parser.add_argument("--folder", type=Path, default=PICTURES)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    drawings(options.only, options.size, options.folder)
    count = len(_wanted(options.only))
    jobs = [(k, options.only, options.size, options.folder) for k in range(count)]
    with Pool(options.jobs) as pool:
        for line in pool.imap(_take, jobs):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
