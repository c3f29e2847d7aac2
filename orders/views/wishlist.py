"""Wish lists: for whoever holds the browser's keys or the account, and shared by an address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.queries import seo
from catalog.queries.page import Seo, page_context
from orders.models import Wishlist
from orders.services import wishes, wishlists
from orders.services.wishlists import Owner
from orders.views import cookies, wishlist_keys
from orders.views import wishlist_page as looks
from orders.views.cart import with_cookies
from shop.lib.errors import Refused
from shop.lib.guard import same_origin_only
from shop.lib.http import only_reads
from shop.lib.text import clean

Action = Callable[..., HttpResponse]
LONGEST_ID = 18


def form(view: Action) -> Action:
    """A form of the lists: POST only, from our own pages; what is refused is told on the page."""

    @same_origin_only
    @require_POST
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        owner = wishlist_keys.merged_owner(request)
        try:
            return view(request, owner, *args, **kwargs)
        except Refused as error:
            return _show(request, owner, problem=error.message, status=422)

    return answered


@only_reads
def wishlist(request: HttpRequest) -> HttpResponse:
    wanted = number(request.GET.get("list", ""))
    return _show(request, wishlist_keys.merged_owner(request), wanted=wanted)


@only_reads
def wishlist_shared(request: HttpRequest, key: str) -> HttpResponse:
    """A list by its shared address: to look at, and to buy from."""
    found = wishlists.shared(key)
    if found is None:
        raise Http404
    market = cookies.market_of(request)
    context = {
        **page_context(request, seo=Seo(title=found.name, noindex=True)),
        "wishlist": {"name": found.name},
        "wishes": looks.wishes(found, market, now=timezone.now()),
        "currency": market.currency,
    }
    return render(request, "orders/wishlist_shared.html", context)


@form
def wishlist_line_create(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Keep a piece, or let go of it (`remove`): what a heart sends. Script gets no page back."""
    sku = clean(request.POST.get("sku", ""))[:64]
    product_id = number(request.POST.get("product", ""))
    if request.POST.get("remove"):
        wishlists.forget_wishes(owner=owner, sku=sku, product_id=product_id)
        return _done(request, owner)
    market, now = cookies.market_of(request), timezone.now()
    line = wishlists.add(
        owner=owner,
        variant=wishlists.offered(market=market, sku=sku, product_id=product_id, now=now),
        market=market,
        list_id=number(request.POST.get("list", "")),
        now=now,
    )
    return _done(request, _with(owner, line.wishlist), line.wishlist_id)


@form
def wishlist_line_remove(request: HttpRequest, owner: Owner, line_id: int) -> HttpResponse:
    line = wishlists.remove(owner=owner, line_id=line_id)
    removed = {
        "title": line.variant.product.title,
        "sku": line.variant.sku,
        "list_id": line.wishlist_id,
    }
    return _show(request, owner, wanted=line.wishlist_id, removed=removed)


@form
def wishlist_line_move(request: HttpRequest, owner: Owner, line_id: int) -> HttpResponse:
    list_id = number(request.POST.get("list", "")) or 0
    target = wishlists.move(owner=owner, line_id=line_id, list_id=list_id, now=timezone.now())
    return _done(request, owner, target.pk)


@form
def wishlist_line_buy(request: HttpRequest, owner: Owner, line_id: int) -> HttpResponse:
    line = wishlists.line_of(owner=owner, line_id=line_id)
    return _buy(request, owner, line.wishlist, [line.pk])


@form
def wishlist_buy(request: HttpRequest, owner: Owner, list_id: int) -> HttpResponse:
    return _buy(request, owner, wishlists.list_of(owner=owner, list_id=list_id), None)


def _buy(
    request: HttpRequest, owner: Owner, found: Wishlist, ids: list[int] | None
) -> HttpResponse:
    lines = found.lines.all() if ids is None else found.lines.filter(pk__in=ids)
    moved = wishes.to_basket(
        lines=looks.full_lines(lines),
        cart_token=cookies.token_of(request),
        market=cookies.market_of(request),
        now=timezone.now(),
    )
    response = _show(request, owner, wanted=found.pk, reports=moved.reports)
    return with_cookies(response, moved.cart) if moved.cart else response


@form
def wishlist_create(request: HttpRequest, owner: Owner) -> HttpResponse:
    made = wishlists.create(
        owner=owner,
        market=cookies.market_of(request),
        name=request.POST.get("name", ""),
        now=timezone.now(),
    )
    return _done(request, _with(owner, made), made.pk)


@form
def wishlist_rename(request: HttpRequest, owner: Owner, list_id: int) -> HttpResponse:
    name = request.POST.get("name", "")
    wishlists.rename(owner=owner, list_id=list_id, name=name, now=timezone.now())
    return _done(request, owner, list_id)


@form
def wishlist_share(request: HttpRequest, owner: Owner, list_id: int) -> HttpResponse:
    is_shared = request.POST.get("share") == "1"
    wishlists.share(owner=owner, list_id=list_id, is_shared=is_shared)
    return _done(request, owner, list_id)


@form
def wishlist_remove(request: HttpRequest, owner: Owner, list_id: int) -> HttpResponse:
    gone, sealed = wishlists.delete(owner=owner, list_id=list_id)
    return _show(request, owner, deleted={"name": gone.name, "sealed": sealed})


@form
def wishlist_restore(request: HttpRequest, owner: Owner) -> HttpResponse:
    sealed = request.POST.get("sealed", "")
    back = wishlists.restore(owner=owner, sealed=sealed, now=timezone.now())
    return _done(request, _with(owner, back), back.pk)


def number(text: str) -> int | None:
    """An id in ASCII digits; None for anything else."""
    is_id = text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    return int(text) if is_id else None


def _with(owner: Owner, made: Wishlist) -> Owner:
    """The owner with the key of a list that is new."""
    if made.user_id is not None:
        return owner
    return Owner((*owner.tokens, made.token), owner.user)


def _done(request: HttpRequest, owner: Owner, list_id: int | None = None) -> HttpResponse:
    if request.headers.get("X-Wish"):
        return wishlist_keys.remember(HttpResponse(status=204), owner)
    address = reverse("orders:wishlist") + (f"?list={list_id}" if list_id else "")
    return wishlist_keys.remember(redirect(address), owner)


def _show(
    request: HttpRequest,
    owner: Owner,
    *,
    wanted: int | None = None,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    """The page of a list. told: problem, removed, deleted or reports."""
    market, now = cookies.market_of(request), timezone.now()
    lists = looks.tabs(owner, wanted)
    current = next((one for one in lists if one.is_current), None)
    found = wishlists.list_of(owner=owner, list_id=current.id) if current else None
    lines = looks.wishes(found, market, now=now) if found else []
    title = found.name if found else _("Wish list")
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "tabs": lists,
        "wishlist": _facts(found) if found else None,
        "wishes": lines,
        "can_buy_any": looks.can_buy_any(lines),
        "currency": market.currency,
        "told": told,
    }
    response = render(request, "orders/wishlist.html", context, status=status)
    if owner == Owner() and wishlist_keys.WISHED not in request.COOKIES:
        return response
    return wishlist_keys.remember(response, owner)


def _facts(found: Wishlist) -> dict[str, Any]:
    shared = reverse("orders:wishlist_shared", args=[found.share_key]) if found.is_shared else ""
    return {
        "id": found.pk,
        "name": found.name,
        "shared_url": seo.absolute(shared) if shared else "",
    }
