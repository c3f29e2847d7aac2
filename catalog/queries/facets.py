from catalog.models import Facet


def with_tiles(*, limit: int = 8) -> list[Facet]:
    """Facet values that have a picture, in the order options show them."""
    return list(Facet.objects.exclude(tile="").order_by("position", "token")[:limit])
