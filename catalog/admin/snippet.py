"""What a search engine shows of a page: its title, address and description, as far as it reads."""

from dataclasses import dataclass

from django.conf import settings

from catalog.models import Product
from catalog.queries import seo


@dataclass(frozen=True, slots=True)
class Snippet:
    """title: as shown, shop's name included. The lengths are those beyond which nobody reads."""

    title: str
    address: str
    description: str
    shop: str
    longest_title: int
    longest_description: int


def snippet_of(product: Product | None) -> Snippet:
    shop = str(settings.SHOP["name"])
    title = (product.meta_title or product.title) if product else ""
    told = (product.meta_description, product.subtitle, product.description) if product else ()
    slug = product.slug if product else ""
    return Snippet(
        title=f"{seo.titled(title)} | {shop}",
        address=seo.absolute(f"/p/{slug}/"),
        description=seo.described(*told),
        shop=shop,
        longest_title=seo.LONGEST_TITLE,
        longest_description=seo.LONGEST_DESCRIPTION,
    )
