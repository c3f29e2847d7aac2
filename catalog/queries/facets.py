from collections import Counter

from catalog.models import Facet


def with_tiles(*, limit: int = 8) -> list[Facet]:
    """Facet values that have a picture, each picture once, in the order options show them.

    Of the facet that has most of them: beside the glazes, sets have a picture now and then.
    """
    facets = list(Facet.objects.exclude(tile="").order_by("position", "token"))
    keys = Counter(one.key for one in facets)
    main = max(keys, key=lambda key: keys[key], default="")
    by_tile: dict[str, Facet] = {}
    for one in facets:
        if one.key == main:
            by_tile.setdefault(one.tile, one)
    return list(by_tile.values())[:limit]
