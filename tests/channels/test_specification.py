"""The checker itself: it passes what is right, and names what is wrong."""

import pytest

from tests.channels.specification import feed_problems, problems

DOMAIN = "shop.example"
RIGHT = {
    "id": ["MUG-ASH"],
    "title": ["Mug, Ash"],
    "description": ["Thrown by hand."],
    "link": ["https://shop.example/p/mug/?v=MUG-ASH"],
    "image_link": ["https://shop.example/media/products/a.webp"],
    "additional_image_link": ["https://shop.example/media/products/b.webp"],
    "availability": ["in_stock"],
    "price": ["12.00 GBP"],
    "sale_price": ["10.00 GBP"],
    "sale_price_effective_date": ["2026-11-01T00:00+0000/2026-12-01T00:00+0000"],
    "condition": ["new"],
    "brand": ["Marl & Weft"],
    "gtin": ["4006381333931"],
    "identifier_exists": ["yes"],
    "item_group_id": ["mug"],
    "unit_pricing_measure": ["250 g"],
    "unit_pricing_base_measure": ["100 g"],
    "shipping_weight": ["390 g"],
    "shipping": [
        {
            "country": "GB",
            "service": "Tracked 48",
            "price": "3.50 GBP",
            "min_transit_time": "2",
            "max_transit_time": "3",
        }
    ],
}
WRONG = [
    ({"id": []}, "no id"),
    ({"id": ["x" * 51]}, "id longer than 50"),
    ({"id": ["täse"]}, "id has the wrong form"),
    ({"title": [" "]}, "no title"),
    ({"title": ["x" * 151]}, "title longer than 150"),
    ({"title": ["<b>Mug</b>"]}, "markup in title"),
    ({"title": ["LARGE MUGS CHEAP TODAY HURRY WHILE STOCKS"]}, None),
    ({"description": ["x" * 5001]}, "description longer than 5000"),
    ({"description": []}, "no description"),
    ({"link": ["http://shop.example/p/mug/"]}, "link is not on the verified domain"),
    ({"link": ["https://other.example/p/mug/"]}, "link is not on the verified domain"),
    ({"link": ["https://shop.example/p/a mug/"]}, "link is not encoded"),
    ({"image_link": []}, "no image_link"),
    ({"image_link": ["https://shop.example/media/a.svg"]}, "image_link is no picture"),
    ({"additional_image_link": [f"https://shop.example/{n}.png" for n in range(11)]},
     "too many additional_image_link"),
    ({"availability": ["in stock"]}, "availability is none of the values"),
    ({"availability": ["preorder"]}, "preorder without a date"),
    ({"price": ["12 GBP"]}, "price has the wrong form"),
    ({"price": ["£12.00"]}, "price has the wrong form"),
    ({"price": ["0.00 GBP"]}, "price is nought"),
    ({"price": []}, "no price"),
    ({"sale_price": ["13.00 GBP"]}, "sale_price is not lower"),
    ({"sale_price": ["10.00 EUR"]}, "sale_price in another currency"),
    ({"sale_price_effective_date": ["tomorrow"]}, "sale_price_effective_date has the wrong form"),
    ({"sale_price_effective_date": ["2026-12-01T00:00+0000/2026-11-01T00:00+0000"]},
     "sale ends before it starts"),
    ({"gtin": ["4006381333932"]}, "gtin with a wrong check digit"),
    ({"gtin": ["2000000000008"]}, "gtin from a restricted range"),
    ({"gtin": []}, "identifier_exists without identifiers"),
    ({"identifier_exists": ["no"]}, "identifier_exists denies identifiers"),
    ({"brand": ["x" * 71]}, "brand longer than 70"),
    ({"mpn": ["x" * 71]}, "mpn longer than 70"),
    ({"condition": ["fresh"]}, "condition is none of the values"),
    ({"item_group_id": ["x" * 51]}, "item_group_id longer than 50"),
    ({"unit_pricing_measure": ["a pack"]}, "unit_pricing_measure has the wrong form"),
    ({"unit_pricing_base_measure": ["30 g"]}, "unit_pricing_base_measure has the wrong form"),
    ({"unit_pricing_base_measure": ["100 ml"]}, "unit pricing mixes units"),
    ({"unit_pricing_measure": []}, "unit_pricing_base_measure alone"),
    ({"shipping_weight": ["heavy"]}, "shipping_weight has the wrong form"),
    ({"shipping": [{"price": "3.50 GBP"}]}, "shipping without a country"),
    ({"shipping": [{"country": "GB", "price": "3.50"}]}, "shipping without a price"),
    ({"shipping": [{"country": "GB", "price": "3.50 EUR"}]}, "shipping in another currency"),
    ({"shipping": [{"country": "GB", "price": "3.50 GBP", "colour": "red"}]},
     "shipping with unknown parts"),
    ({"glaze": ["Ash"]}, "unknown attribute glaze"),
]  # fmt: skip


def test_passes_what_is_right():
    assert problems(RIGHT, DOMAIN) == []


@pytest.mark.parametrize(("change", "problem"), WRONG)
def test_names_what_is_wrong(change, problem):
    found = problems({**RIGHT, **change}, DOMAIN)

    assert found
    assert problem is None or problem in found


def test_knows_an_id_that_is_there_twice_and_variants_that_nothing_tells_apart():
    found = feed_problems([RIGHT, RIGHT], DOMAIN)

    assert found == ["MUG-ASH: id twice", "mug: nothing tells the variants apart"]
