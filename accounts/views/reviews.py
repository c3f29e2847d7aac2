"""An account's reviews, and what it has bought and said nothing of yet."""

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Customer
from accounts.views.frame import members_only, page
from accounts.views.orders import orders_of
from catalog.models import Product, Review
from catalog.services import reviews as service
from orders.models import Order
from shop.lib.errors import Refused
from shop.lib.text import clean
from shop.processes import browsing

MOST = 50
STARS = [(5, lazy("5: very good")), (4, "4"), (3, "3"), (2, "2"), (1, lazy("1: bad"))]


class ReviewForm(forms.Form):
    stars = forms.TypedChoiceField(label=lazy("Stars"), choices=STARS, coerce=int)
    author = forms.CharField(
        label=lazy("Name beside it"),
        max_length=60,
        error_messages={"required": lazy("Enter a name, such as your first name.")},
    )
    text = forms.CharField(
        label=lazy("What is it like?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": lazy("Write a word or two.")},
    )

    def clean_author(self) -> str:
        return clean(self.cleaned_data["author"])

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])


@members_only
@require_safe
def reviews(request: HttpRequest, customer: Customer) -> HttpResponse:
    own = Review.objects.filter(customer=customer).select_related("product")
    title = _("Reviews")
    return page(
        request,
        "reviews",
        title=title,
        heading=title,
        reviews=own.order_by("-written_at", "-pk")[:MOST],
        products=_open_for(customer).order_by("title", "pk")[:MOST],
    )


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def review_new(request: HttpRequest, customer: Customer, *, pk: int) -> HttpResponse:
    """Only of what was delivered: 404 for everything else."""
    product = get_object_or_404(_open_for(customer), pk=pk)
    first_name = customer.name.partition(" ")[0]
    data = request.POST if request.method == "POST" else None
    form = ReviewForm(data, initial={"author": first_name})
    if not form.is_valid():
        return _ask(request, product, form, status=422 if form.is_bound else 200)
    try:
        service.write(product=product, customer=customer, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _ask(request, product, form, status=409)
    return redirect("accounts:reviews")


def _ask(
    request: HttpRequest, product: Product, form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    title = _("Review of %(product)s") % {"product": product.title}
    return page(
        request, "review", title=title, heading=title, form=form, product=product, status=status
    )


@members_only
@require_POST
def review_remove(request: HttpRequest, customer: Customer, *, pk: int) -> HttpResponse:  # noqa: ARG001
    review = get_object_or_404(Review, pk=pk, customer=customer)
    product_id = review.product_id
    review.delete()
    browsing.cards_are_stale(product_ids=[product_id], now=timezone.now())
    return redirect("accounts:reviews")


def _open_for(customer: Customer) -> QuerySet[Product]:
    """What has arrived and was not reviewed by its buyer."""
    arrived = orders_of(customer).filter(fulfillment_status=Order.Fulfillment.DELIVERED)
    bought = arrived.values("lines__variant__product")
    return Product.objects.filter(pk__in=bought).exclude(reviews__customer=customer)
