"""What the shop front says before anybody has arranged it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Category
from marketing.models import ContentBlock

Kind, Source = ContentBlock.Kind, ContentBlock.Source


@dataclass(frozen=True, slots=True)
class Promise:
    title: str
    text: str


def default_blocks() -> list[ContentBlock]:
    """The blocks of a shop front that has none: not saved, only shown."""
    first = Category.objects.filter(depth=1).order_by("path").first()
    shelf = f"/c/{first.url_path}/" if first else "/search/"
    return [
        ContentBlock(
            kind=Kind.HERO,
            title=_("Thrown, woven, steeped."),
            text=_(
                "Stoneware, linen and loose tea made in small batches, for tables used every day."
            ),
            link_url=shelf,
            link_text=_("Shop the new kiln"),
        ),
        ContentBlock(kind=Kind.CATEGORIES, title=_("Shop by kind")),
        ContentBlock(kind=Kind.GLAZES, title=_("Shop by glaze")),
        ContentBlock(
            kind=Kind.PRODUCTS,
            title=_("New from the kiln"),
            source=Source.NEWEST,
            link_text=_("See all new pieces"),
        ),
        ContentBlock(
            kind=Kind.PRODUCTS,
            title=_("Best sellers"),
            source=Source.BEST_SELLERS,
            link_text=_("See all best sellers"),
        ),
        ContentBlock(kind=Kind.PROMISES, title=_("What you can count on")),
    ]


def promises() -> list[Promise]:
    return [
        Promise(
            _("Posted in two days"),
            _("Orders before 2 pm leave the same day. You see the arrival date before you pay."),
        ),
        Promise(
            _("Breakages replaced"),
            _("Send a photo within 14 days and we send another. There is no form to fill in."),
        ),
        Promise(
            _("30-day returns"),
            _("Start a return from your order page. The label is prepaid."),
        ),
    ]
