"""The tree of categories, reviews, and the mails that went out."""

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Category, Review
from catalog.services import categories
from catalog.services.categories import AddressTaken, InsideItself
from shop.outbox.models import Mail, Message
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def shelf(name, *, below=None):
    category = Category(name=name, slug=name.lower())
    categories.place(category=category, parent=below)
    return Category.objects.get(pk=category.pk)


def paths():
    return list(Category.objects.order_by("path").values_list("url_path", flat=True))


def test_a_category_moves_with_everything_below_it(owner):
    table, kitchen = shelf("Table"), shelf("Kitchen")
    mugs = shelf("Mugs", below=table)
    shelf("Large", below=mugs)
    product = ProductFactory(category=mugs)
    Message.objects.all().delete()

    owner.post(
        reverse("admin:catalog_category_change", args=[mugs.pk]),
        {"name": "Mugs", "slug": "mugs", "parent": kitchen.pk},
    )

    assert paths() == ["table", "kitchen", "kitchen/mugs", "kitchen/mugs/large"]
    assert Message.objects.get().payload == {"product_ids": [product.pk]}


def test_a_category_comes_to_the_top(owner):
    mugs = shelf("Mugs", below=shelf("Table"))

    owner.post(
        reverse("admin:catalog_category_change", args=[mugs.pk]),
        {"name": "Cups", "slug": "cups", "parent": ""},
    )

    assert paths() == ["table", "cups"]


def test_a_new_category_hangs_where_it_was_told(owner):
    table = shelf("Table")

    owner.post(
        "/admin/catalog/category/add/", {"name": "Bowls", "slug": "bowls", "parent": table.pk}
    )

    assert paths() == ["table", "table/bowls"]


def test_no_category_hangs_below_itself():
    table = shelf("Table")
    mugs = shelf("Mugs", below=table)

    with pytest.raises(InsideItself):
        categories.place(category=Category.objects.get(pk=table.pk), parent=mugs)


def test_an_address_belongs_to_one_category(owner):
    shelf("Mugs")

    with pytest.raises(AddressTaken):
        shelf("Mugs")
    answer = owner.post("/admin/catalog/category/add/", {"name": "Mugs", "slug": "mugs"})
    assert "Another category has the address mugs." in answer.content.decode()


def test_neighbours_change_places(owner):
    shelf("First")
    second = shelf("Second")
    chosen = {"_selected_action": [second.pk], "index": 0}

    owner.post("/admin/catalog/category/", {"action": "move_up", **chosen})
    assert paths() == ["second", "first"]

    owner.post("/admin/catalog/category/", {"action": "move_up", **chosen})
    assert paths() == ["second", "first"]


def test_reviews_are_published_together(sign_in):
    review = Review.objects.create(
        product=ProductFactory(), author="Bob", stars=5, text="Good", written_at=timezone.now()
    )

    sign_in("marketing").post(
        "/admin/catalog/review/",
        {"action": "publish", "_selected_action": [review.pk], "index": 0},
    )

    review.refresh_from_db()
    assert review.status == Review.Status.PUBLISHED
    assert Message.objects.get().payload == {"product_ids": [review.product_id]}


def test_buyers_words_are_not_rewritten(owner):
    review = Review.objects.create(
        product=ProductFactory(), author="Bob", stars=1, text="Bad", written_at=timezone.now()
    )

    owner.post(
        reverse("admin:catalog_review_change", args=[review.pk]),
        {"text": "Good", "stars": 5, "status": "published", "reply": "Sorry!"},
    )

    review.refresh_from_db()
    assert (review.text, review.stars, review.reply) == ("Bad", 1, "Sorry!")


def test_a_mail_is_shown_in_a_locked_frame(owner):
    mail = Mail.objects.create(
        key="one",
        kind="order_confirmation",
        to="alice@example.com",
        subject="Thanks",
        text="Hi",
        html='<p class="x">Hi</p><script>alert(1)</script>',
        sent_at=timezone.now(),
    )

    page = owner.get(reverse("admin:outbox_mail_change", args=[mail.pk])).content.decode()

    assert 'sandbox=""' in page
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_admin_relaxes_the_content_policy_for_itself_only(owner):
    policy = owner.get("/admin/")["Content-Security-Policy"]

    assert "'unsafe-eval'" in policy
    assert "default-src 'none'" in policy
