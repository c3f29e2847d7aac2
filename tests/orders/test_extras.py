"""What shoppers add to a piece: asked on its page, charged, kept apart, carried to the packer."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Extra, ExtraPrice
from orders.emails import letter
from orders.models import Cart, CartLine, Upload
from orders.services import extras
from shop.outbox import mail
from shop.processes import checkout
from shop.processes.checkout import CartChanged
from tests.catalog.paint import painted
from tests.factories import RateFactory, checkout_of, in_stock
from tests.factories.shelf import shelve
from tests.factories.specials import extra_of
from tests.orders.test_cart import NOW, add, change

pytestmark = pytest.mark.django_db
Kind = Extra.Kind
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _market(demo_market, settings, tmp_path):
    RateFactory()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def variant():
    return in_stock(20)


def said(extra, value):
    return {f"extra-{extra.pk}": value}


def picture(content=None, name="cat.jpg"):
    return SimpleUploadedFile(name, painted(60, 80) if content is None else content, "image/jpeg")


def place():
    cart = Cart.objects.get()
    return checkout.place_order(cart=cart, choice=checkout_of("bank_transfer"), now=NOW)


class TestAsking:
    def test_the_product_page_asks_and_tells_the_surcharge(self, client, variant):
        extra = extra_of(variant, help_text="On the foot ring.")
        extra_of(variant, "Wrap", kind=Kind.CHOICE, choices="Kraft\nLinen", amount=None)
        shelve()

        html = client.get(variant.product.get_absolute_url()).content.decode()

        assert f'name="extra-{extra.pk}"' in html
        assert "Engraving (+£5.00 each)" in html
        assert "On the foot ring." in html
        assert 'value="Linen"' in html

    def test_a_picture_makes_the_form_carry_files(self, client, variant):
        extra_of(variant, "Photo", kind=Kind.FILE)
        shelve()

        html = client.get(variant.product.get_absolute_url()).content.decode()

        assert 'enctype="multipart/form-data"' in html

    def test_a_piece_without_extras_asks_nothing(self, client, variant):
        shelve()

        html = client.get(variant.product.get_absolute_url()).content.decode()

        assert "extra-" not in html
        assert "multipart" not in html


class TestCharging:
    def test_the_surcharge_is_added_per_unit_and_shown(self, client, variant):
        extra = extra_of(variant)

        add(client, variant, "2", extras=said(extra, "Anna"))

        html = client.get(reverse("orders:cart")).content.decode()
        assert "Engraving: Anna (+£5.00)" in html
        assert "£54.00" in html

    def test_each_market_has_its_own_surcharge_and_none_means_free(self, client, variant):
        extra = extra_of(variant, amount=None)

        add(client, variant, extras=said(extra, "Anna"))

        assert "£22.00" in client.get(reverse("orders:cart")).content.decode()

    def test_tax_is_on_the_surcharge_too(self, client, variant):
        extra = extra_of(variant)
        add(client, variant, extras=said(extra, "Anna"))

        line = place().lines.get()

        assert (line.unit_price, line.gross, line.tax) == tuple(map(Decimal, ("27", "27", "4.5")))
        assert line.extras == [{"name": "Engraving", "value": "Anna", "amount": "5.000"}]

    def test_what_the_surcharge_is_today_is_charged_and_the_change_told(self, client, variant):
        extra = extra_of(variant)
        add(client, variant, extras=said(extra, "Anna"))
        ExtraPrice.objects.update(amount=Decimal("7.00"))

        html = client.get(reverse("orders:cart")).content.decode()

        assert "gone up" in html
        assert place().lines.get().unit_price == Decimal("29.00")


class TestKeepingApart:
    def test_other_words_are_another_line(self, client, variant):
        extra = extra_of(variant)

        for words in ("Anna", "Bob", "Anna", ""):
            add(client, variant, extras=said(extra, words))

        quantities = CartLine.objects.order_by("pk").values_list("quantity", flat=True)
        assert list(quantities) == [2, 1, 1]

    def test_spaces_and_line_breaks_make_no_difference(self, client, variant):
        extra = extra_of(variant)

        for words in ("Anna B", "  Anna \r\n B "):
            add(client, variant, extras=said(extra, words))

        assert CartLine.objects.get().quantity == 2

    def test_two_lines_of_a_piece_share_its_stock(self, client):
        variant = in_stock(3)
        extra = extra_of(variant)
        for words in ("Anna", "Bob"):
            add(client, variant, "2", extras=said(extra, words))

        assert "Only 3 left" in client.get(reverse("orders:cart")).content.decode()

    def test_a_line_taken_out_comes_back_with_its_words(self, client, variant):
        extra = extra_of(variant)
        add(client, variant, extras=said(extra, "Anna"))

        html = change(client, CartLine.objects.get(), "0").content.decode()

        assert f'<input type="hidden" name="extra-{extra.pk}" value="Anna">' in html

    def test_a_line_taken_out_comes_back_with_its_picture(self, client, variant):
        extra = extra_of(variant, "Photo", kind=Kind.FILE, is_required=True)
        add(client, variant, extras=said(extra, picture()))
        key = str(Upload.objects.get().key)
        change(client, CartLine.objects.get(), "0")

        add(client, variant, extras={f"extra-{extra.pk}-kept": key})

        assert CartLine.objects.get().answers == [{"extra": extra.pk, "value": key}]


class TestRefusing:
    def refused(self, client, variant, answers, words):
        answer = add(client, variant, extras=answers)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert words in html
        assert not CartLine.objects.exists()
        return html

    def test_what_is_required_has_to_be_there(self, client, variant):
        extra_of(variant, is_required=True)

        self.refused(client, variant, {}, "Please fill in “Engraving”.")

    def test_ten_thousand_letters_find_no_room(self, client, variant):
        extra = extra_of(variant, max_length=12)

        self.refused(client, variant, said(extra, "x" * 10_000), "room for 12 letters")

    def test_a_choice_has_to_be_one_of_ours(self, client, variant):
        extra = extra_of(variant, "Wrap", kind=Kind.CHOICE, choices="Kraft\nLinen")

        self.refused(client, variant, said(extra, "Gold"), "does not come in this kind")

    def test_an_extra_of_another_piece_is_not_taken_silently(self, client, variant):
        other = extra_of(in_stock())

        self.refused(client, variant, said(other, "Anna"), "not offered any more")

    @pytest.mark.parametrize("name", ["extra-99999999999999999999", "extra-x", "extra-"])
    def test_extras_nobody_knows_are_refused_with_words(self, client, variant, name):
        self.refused(client, variant, {name: "Anna"}, "not offered any more")

    def test_a_nul_byte_is_refused_with_words(self, client, variant):
        extra = extra_of(variant)

        add(client, variant, extras=said(extra, "An\x00na"))

        assert not CartLine.objects.filter(answers__icontains="\\u0000").exists()

    @pytest.mark.parametrize(
        ("content", "words"),
        [(SVG, "not a PNG"), (b"", "empty"), (b"GIF89a" + b"\x00" * 50, "picture")],
    )
    def test_a_file_that_is_no_picture_is_refused_with_words(self, client, variant, content, words):
        extra = extra_of(variant, "Photo", kind=Kind.FILE)

        self.refused(client, variant, said(extra, picture(content)), words)
        assert not Upload.objects.exists()

    def test_a_pixel_bomb_is_refused_with_words(self, client, variant):
        bomb = painted(9000, 9000, form="PNG", mode="L")
        extra = extra_of(variant, "Photo", kind=Kind.FILE)

        self.refused(client, variant, said(extra, picture(bomb)), "40 million pixels")

    def test_words_in_place_of_a_picture_are_refused(self, client, variant):
        extra = extra_of(variant, "Photo", kind=Kind.FILE, is_required=True)

        self.refused(client, variant, said(extra, "cat.jpg"), "Please add a picture")

    @pytest.mark.parametrize("key", ["x", "0" * 36, "6f1d3c52-5b8b-4d67-a4d4-1f8f3a1b2c3d"])
    def test_somebody_elses_picture_can_not_be_named(self, client, variant, key):
        extra = extra_of(variant, "Photo", kind=Kind.FILE)

        self.refused(client, variant, {f"extra-{extra.pk}-kept": key}, "The picture is gone")

    def test_what_was_typed_is_kept_without_script(self, client, variant):
        first, second = extra_of(variant), extra_of(variant, "Back", max_length=3)

        answers = said(first, "Anna <b>") | said(second, "too long")
        html = self.refused(client, variant, answers, "room for 3 letters")

        assert 'value="Anna &lt;b&gt;"' in html
        assert 'value="too long"' in html
        assert "data-error-summary" in html

    def test_with_script_the_answer_says_what_is_wrong(self, client, variant):
        extra_of(variant, is_required=True)

        answer = add(client, variant, **{"HX-Request": "true"})

        assert answer.status_code == 422
        assert "Please fill in" in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_a_quantity_that_is_none_loses_no_words(self, client, variant):
        extra = extra_of(variant)

        answer = add(client, variant, "many", extras=said(extra, "Anna"))

        assert answer.status_code == 422
        assert 'value="Anna"' in answer.content.decode()
        assert "whole number" in answer.content.decode()

    def test_html_stays_text_wherever_it_is_shown(self, client, variant):
        extra = extra_of(variant)
        add(client, variant, extras=said(extra, "<script>alert(1)</script>"))

        cart = client.get(reverse("orders:cart")).content.decode()
        checkout_page = client.get(reverse("orders:checkout")).content.decode()
        order = place()
        page = client.get(order.get_absolute_url()).content.decode()
        sent = mail.send(letter(order, "order_confirmation", key="k"))

        for html in (cart, checkout_page, page, sent.html):
            assert "<script>alert" not in html
            assert "&lt;script&gt;alert(1)" in html


class TestChangedMeanwhile:
    def test_an_extra_that_is_gone_blocks_the_checkout_with_words(self, client, variant):
        extra = extra_of(variant)
        add(client, variant, extras=said(extra, "Anna"))
        extra.delete()

        html = client.get(reverse("orders:cart")).content.decode()
        with pytest.raises(CartChanged, match="not offered any more"):
            place()

        assert "not offered any more" in html

    def test_a_choice_that_is_gone_blocks_the_checkout(self, client, variant):
        extra = extra_of(variant, "Wrap", kind=Kind.CHOICE, choices="Kraft\nLinen")
        add(client, variant, extras=said(extra, "Kraft"))
        Extra.objects.update(choices="Linen")

        with pytest.raises(CartChanged, match="Kraft"):
            place()


class TestPictures:
    def test_a_picture_is_written_anew_and_kept_apart_from_public_media(self, client, variant):
        extra = extra_of(variant, "Photo", kind=Kind.FILE)

        add(client, variant, extras=said(extra, picture()))

        upload = Upload.objects.get()
        assert upload.file.name.startswith("private/")
        with upload.file.open() as file:
            assert file.read(12)[8:] == b"WEBP"
        assert client.get(f"/media/{upload.file.name}").status_code == 404
        assert "cat.jpg" not in upload.file.name

    def test_a_basket_has_room_for_so_many(self, client, variant):
        extra = extra_of(variant, "Photo", kind=Kind.FILE)
        add(client, variant, extras=said(extra, picture()))
        first = Upload.objects.get()
        more = range(1, extras.MOST_PICTURES)
        Upload.objects.bulk_create(Upload(cart=first.cart, created_at=NOW) for _ in more)

        answer = add(client, variant, extras=said(extra, picture()))

        assert answer.status_code == 422
        assert Upload.objects.count() == extras.MOST_PICTURES

    def test_the_order_line_keeps_its_picture(self, client, variant):
        extra = extra_of(variant, "Photo", kind=Kind.FILE)
        add(client, variant, extras=said(extra, picture()))

        line = place().lines.get()

        upload = Upload.objects.get()
        assert upload.line == line
        assert line.extras[0]["picture"] == str(upload.key)

    def test_unused_pictures_are_swept_and_used_ones_stay(
        self, client, variant, django_capture_on_commit_callbacks
    ):
        extra = extra_of(variant, "Photo", kind=Kind.FILE)
        for _ in range(2):
            add(client, variant, extras=said(extra, picture()))
        kept, dropped = Upload.objects.order_by("pk")
        change(client, CartLine.objects.order_by("pk").last(), "0")

        assert extras.sweep(now=NOW + dt.timedelta(hours=1)) == 0
        with django_capture_on_commit_callbacks(execute=True):
            assert extras.sweep(now=NOW + dt.timedelta(days=2)) == 1

        assert Upload.objects.get() == kept
        assert not dropped.file.storage.exists(dropped.file.name)
        assert extras.sweep(now=NOW + dt.timedelta(days=90)) == 1

    def test_a_picture_of_an_order_is_never_swept(self, client, variant):
        extra = extra_of(variant, "Photo", kind=Kind.FILE)
        add(client, variant, extras=said(extra, picture()))
        place()

        assert extras.sweep(now=NOW + dt.timedelta(days=900)) == 0


class TestTelling:
    def test_order_page_checkout_and_mails_name_the_extras(self, client, variant):
        extra, wrap = extra_of(variant), extra_of(variant, "Gift wrap", kind=Kind.TICK, amount=None)
        add(client, variant, extras=said(extra, "Anna") | said(wrap, "on"))

        checkout_page = client.get(reverse("orders:checkout")).content.decode()
        order = place()
        page = client.get(order.get_absolute_url()).content.decode()
        sent = mail.send(letter(order, "order_confirmation", key="k"))

        for text in (checkout_page, page, sent.html, sent.text):
            assert "Engraving: Anna" in text
            assert "Gift wrap: yes" in text
