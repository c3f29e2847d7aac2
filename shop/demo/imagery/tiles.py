"""Join the glaze tiles into one file, so that a page with forty swatches asks once.

`python -m shop.demo.imagery.tiles` writes static/img/tiles.svg; `tiles.svg#ash` shows one tile.
"""

import base64
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "shop/demo/pictures"
SIDE = 96


def joined(pictures: Path = PICTURES) -> str:
    """The tiles side by side, with a view of each by its name."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">']
    for place, path in enumerate(sorted(pictures.glob("tile-*.webp"))):
        name, left = path.stem.removeprefix("tile-"), place * SIDE
        data = base64.b64encode(path.read_bytes()).decode()
        parts += [
            f'<view id="{name}" viewBox="{left} 0 {SIDE} {SIDE}"/>',
            (
                f'<image x="{left}" width="{SIDE}" height="{SIDE}"'
                f' href="data:image/webp;base64,{data}"/>'
            ),
        ]
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    (ROOT / "static/img/tiles.svg").write_text(joined())
