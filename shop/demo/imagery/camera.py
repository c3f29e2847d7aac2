"""The camera: frames a scene, traces it, and keeps what the light needs per pixel."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from shop.demo.imagery.colour import Floats, Ints, Mask
from shop.demo.imagery.sdf import F, Scene

KEY = np.array([-0.55, 0.95, 0.6], F) / F(np.sqrt(0.55**2 + 0.95**2 + 0.6**2))
HIT = F(0.0012)
COARSE = 10  # one cone per block of this many pixels finds where its rays may start
GROUND = 4  # the table's shadows are soft: traced once per block of this many pixels


@dataclass(frozen=True)
class View:
    """Where the camera stands: degrees up and round, and how much of the frame is filled."""

    up: float = 16.0
    round: float = 0.0
    fill: float = 0.72
    lens: float = 20.0  # degrees from top to bottom
    lower: float = 0.02  # shifts the scene down, as a share of half the frame
    aside: float = 0.0  # shifts it to the right


@dataclass(frozen=True)
class Rays:
    eye: Floats
    forward: Floats
    right: Floats
    up: Floats
    spread: float  # tangent of half the lens angle
    reach: float  # distance from the eye to the middle of the scene


@dataclass(frozen=True)
class Surface:
    """What is seen: per hit pixel its place, normal, shade and part; the table's shade for all."""

    width: int
    height: int
    hit: Ints  # flat indices of pixels that show a shape
    place: Floats
    normal: Floats
    towards: Floats  # unit vectors to the eye
    open: Floats  # 1 in the open, near 0 in corners
    sun: Floats  # 1 in the key light, 0 in its shadow
    part: Ints
    table: Floats  # (height, width) brightness of the backdrop


def unit(v: Floats) -> Floats:
    return np.asarray(v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9), F)


def aim(scene: Scene, view: View, aspect: float) -> Rays:
    """Stands back until the scene's bounds fill the wanted share of the frame."""
    up, turn = np.radians(view.up), np.radians(view.round)
    back = np.array([np.sin(turn) * np.cos(up), np.sin(up), np.cos(turn) * np.cos(up)], F)
    right = unit(np.cross(-back, [0, 1, 0]))
    above = np.cross(right, -back).astype(F)
    spread, middle = float(np.tan(np.radians(view.lens) / 2)), (scene.low + scene.high) / 2
    pick = np.array([[k >> 2, (k >> 1) & 1, k & 1] for k in range(8)])
    corners = np.where(pick == 1, scene.high, scene.low)
    reach = 6.0
    for _ in range(24):
        seen = corners - (middle + back * reach)
        depth = seen @ -back * spread
        x, y = seen @ right / depth / aspect, seen @ above / depth
        reach *= (
            max(float(np.ptp(x)), float(np.ptp(y)) * 0.94) / 2 / (view.fill * 1.12)
        )  # bounds are wider than round pots
        shift = (y.max() + y.min()) / 2 + view.lower * 2, (x.max() + x.min()) / 2 - view.aside
        middle = (
            middle + above * shift[0] * spread * reach + right * shift[1] * spread * reach * aspect
        )
    eye = (middle + back * reach).astype(F)
    return Rays(eye, -back, right, above, spread, reach)


def directions(rays: Rays, width: int, height: int, *, step: int = 1) -> Floats:
    """Unit vectors (n, 3) of pixel centres, or of the middles of blocks of `step` pixels."""
    columns, rows = -(-width // step), -(-height // step)
    x = ((np.arange(columns) + 0.5) * step / width * 2 - 1) * rays.spread * width / height
    y = (1 - (np.arange(rows) + 0.5) * step / height * 2) * rays.spread
    grid = rays.forward + x[None, :, None] * rays.right + y[:, None, None] * rays.up
    return unit(grid.reshape(-1, 3))


def _cones(scene: Scene, rays: Rays, width: int, height: int) -> Floats:
    """Per block: how far its rays are known to be free; minus one where they meet nothing."""
    way = directions(rays, width, height, step=COARSE)
    cone = F(rays.spread * 2 / height * COARSE * 0.9)
    size = float(np.linalg.norm(scene.high - scene.low))
    free = np.full(len(way), max(rays.reach - size, 0.1), F)
    done, active = np.zeros(len(way), bool), np.arange(len(way))
    for _ in range(200):
        gap = scene.distance(rays.eye + free[active, None] * way[active])
        stop = gap < cone * free[active] + 0.004
        done[active[stop]] = True
        active, gap = active[~stop], gap[~stop]
        free[active] += (gap - cone * free[active]) * F(0.9) + F(0.001)
        active = active[free[active] < rays.reach + size]
        if not len(active):
            break
    return np.where(done, free, -1).astype(F)


def trace(scene: Scene, rays: Rays, width: int, height: int) -> tuple[Floats, Mask]:
    """Distance along every pixel's ray and whether it met a shape."""
    start = _cones(scene, rays, width, height).reshape(-(-height // COARSE), -1)
    far = np.repeat(np.repeat(start, COARSE, 0), COARSE, 1)[:height, :width].reshape(-1).copy()
    way = directions(rays, width, height)
    hit, active = np.zeros(len(far), bool), np.flatnonzero(far > 0)
    limit = rays.reach + float(np.linalg.norm(scene.high - scene.low))
    for _ in range(110):
        gap = scene.distance(rays.eye + far[active, None] * way[active])
        far[active] += gap * F(0.92)
        met = gap < HIT
        hit[active[met]] = True
        active = active[~met & (far[active] < limit)]
        if not len(active):
            break
    table = np.where(way[:, 1] < -1e-4, -rays.eye[1] / np.minimum(way[:, 1], -1e-4), 1e9)
    return far, hit & (far < table)


def normals(scene: Scene, p: Floats) -> Floats:
    """Normals by differences, ruffled where a shape carries throwing rings."""
    corners = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], F)
    found: Floats = np.zeros_like(p)
    for corner in corners:
        found += corner * scene.distance(p + F(0.0025) * corner)[:, None]
    return unit(found)


def openness(scene: Scene, p: Floats, n: Floats) -> Floats:
    """Ambient occlusion: 1 in the open, down to 0.12 in corners."""
    closed: Floats = np.zeros(len(p), F)
    for k, step in enumerate((0.03, 0.08, 0.17, 0.32, 0.55)):
        closed += (step - np.minimum(scene.distance(p + n * F(step)), step)) / step * 0.62**k
    return np.asarray(np.clip(1 - 0.5 * closed, 0.12, 1), F)


def sunlight(scene: Scene, p: Floats, n: Floats) -> Floats:
    """Share of the soft key light that reaches each point."""
    jitter = np.random.default_rng(7).random(len(p), dtype=F)
    far = F(0.02) + F(0.05) * jitter
    light: Floats = np.ones(len(p), F)
    start, active = p + n * F(0.01), np.arange(len(p))
    for _ in range(56):
        at = start[active] + far[active, None] * KEY
        gap = scene.distance(at)
        light[active] = np.minimum(light[active], np.clip(0.5 + 4.5 * gap / far[active], 0, 1))
        far[active] += np.clip(gap * F(0.6), 0.02, 0.2)
        going = (far[active] < 4) & (light[active] > 0.004) & (at[:, 1] < scene.high[1] + 0.4)
        active = active[going]
        if not len(active):
            break
    smooth: Floats = light * light * (3 - 2 * light)
    return smooth


def table_shade(scene: Scene, rays: Rays, width: int, height: int) -> Floats:
    """Brightness of the table per pixel: soft cast shadow and contact shadow."""
    way = directions(rays, width, height, step=GROUND)
    rows = -(-height // GROUND)
    shade: Floats = np.ones(len(way), F)
    far = np.where(way[:, 1] < -1e-3, -rays.eye[1] / np.minimum(way[:, 1], -1e-3), 1e9)
    p = rays.eye + np.minimum(far, 99)[:, None].astype(F) * way
    size = F(np.linalg.norm(scene.high - scene.low))
    middle = (scene.low + scene.high) / 2
    near = np.flatnonzero((far < 1e8) & (np.abs(p - middle)[:, [0, 2]].max(1) < size * 1.6))
    p = p[near] * np.array([1, 0, 1], F)
    n = np.tile(np.array([0, 1, 0], F), (len(p), 1))
    shade[near] = (0.5 + 0.5 * sunlight(scene, p, n)) * (0.45 + 0.55 * openness(scene, p, n))
    small = Image.fromarray((shade.reshape(rows, -1) * 255).astype(np.uint8))
    soft = small.filter(ImageFilter.GaussianBlur(max(0.6, width / GROUND / 260)))
    full = soft.resize((soft.width * GROUND, soft.height * GROUND), Image.Resampling.BICUBIC)
    return (np.asarray(full, F) / 255)[:height, :width]


def see(scene: Scene, view: View, width: int, height: int) -> Surface:
    """Everything about the picture except its colours."""
    rays = aim(scene, view, width / height)
    far, hit = trace(scene, rays, width, height)
    index = np.flatnonzero(hit)
    way = directions(rays, width, height)[index]
    p = rays.eye + far[index, None] * way
    n, part = normals(scene, p), scene.nearest(p)
    for k, (shape, _) in enumerate(scene.parts):
        if shape.rings:
            own = part == k
            ripple = np.sin(p[own, 1] * 46 + 2 * np.sin(p[own, 1] * 11)) * shape.rings
            n[own] = unit(n[own] + ripple[:, None] * np.array([0, 1, 0], F))
    shade = table_shade(scene, rays, width, height)
    light = openness(scene, p, n), sunlight(scene, p, n)
    return Surface(width, height, index, p, n, -way, *light, part, shade)
