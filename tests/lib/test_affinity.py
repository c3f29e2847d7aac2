"""What goes with what, worked out by hand."""

import datetime as dt

import pytest

from shop.lib.affinity import BESIDE, SELLERS, Basket, Companion, beside, learn, next_basket
from shop.lib.likeness import alike

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def baskets(*contents, at=NOW):
    return [Basket("", at, frozenset(one)) for one in contents]


def companions(known, product):
    return [one.product for one in known.companions.get(product, [])]


def test_confidence_is_the_share_of_the_products_baskets_that_hold_both():
    known = learn(baskets("MT", "MT", "MT", "M", "T", "T", "T", "T"), now=NOW)

    one = known.companions["M"][0]

    assert (one.product, one.together, one.baskets) == ("T", 3, 4)
    assert one.confidence == 3 / 4


def test_lift_compares_with_chance():
    # 3 of 4 baskets with M hold T; of all 8 baskets, 7 do: 0.75 / 0.875.
    known = learn(baskets("MT", "MT", "MT", "M", "T", "T", "T", "T"), now=NOW)

    assert known.companions["M"][0].lift == pytest.approx(6 / 7)


def test_the_score_mixes_the_two_and_adds_three_baskets_of_chance():
    known = learn(baskets("MT", "MT", "MT", "M", "T", "T", "T", "T"), now=NOW)

    confidence = (3 + 3 * 7 / 8) / (4 + 3)
    assert known.companions["M"][0].score == pytest.approx(
        confidence**0.8 * (confidence / (7 / 8)) ** 0.2
    )


def test_a_pair_seen_once_proves_nothing():
    known = learn(baskets("MT", "MT", "MV", "T"), now=NOW)

    assert companions(known, "M") == ["T"]
    assert companions(known, "V") == []


def test_a_pair_that_is_rarely_bought_does_not_win_by_its_lift():
    often = baskets(*["MT"] * 30, *["M"] * 20, *["T"] * 30, *["X"] * 200)
    known = learn([*often, *baskets("MV", "MV")], now=NOW)

    assert known.companions["M"][1].lift > known.companions["M"][0].lift
    assert companions(known, "M") == ["T", "V"]


def test_what_everybody_buys_gives_way_to_what_belongs():
    known = learn(baskets(*["MTB"] * 8, *["MB"] * 2, *["MT"], *["B"] * 60, *["X"] * 5), now=NOW)

    assert companions(known, "M") == ["T", "B"]


def test_old_baskets_weigh_less():
    long_ago = NOW - dt.timedelta(days=720)
    known = learn([*baskets(*["MT"] * 4, at=long_ago), *baskets("MV", "MV", "MV")], now=NOW)

    assert companions(known, "M") == ["V", "T"]


def test_a_basket_of_hundreds_says_little_about_two_of_them():
    crowd = [f"thing-{number}" for number in range(200)]
    known = learn([*baskets({"M", "T"}, {"M", "T"}), *baskets(*[{"M", "V", *crowd}] * 3)], now=NOW)

    assert companions(known, "M")[0] == "T"


def test_beside_a_product_nobody_bought_stand_best_sellers():
    known = learn(baskets("AB", "AB", "A"), now=NOW)

    assert beside("new", known) == ["A", "B"]
    assert beside("A", known) == ["B"]


def test_people_buy_again_what_they_bought_most():
    visits = [{"tea", "mug"}, {"tea"}, {"tea", "cloth"}]

    assert next_basket(visits, {}, {"pot": 0.01}, limit=3)[0] == "tea"


def test_a_next_basket_adds_up_three_chances():
    # Own share of tea: 2 visits of 2, and one assumed without it.
    known = {"tea": [Companion("pot", 1.0, confidence=0.6, lift=2, together=6, baskets=10)]}

    order = next_basket([{"tea"}, {"tea"}], known, {"pot": 0.1, "mug": 0.2, "tea": 0.0})

    assert order == ["tea", "pot", "mug"]
    assert 2 / 3 > BESIDE * 0.6 + SELLERS * 0.1 > SELLERS * 0.2


def test_what_is_at_hand_is_left_out_where_nothing_is_bought_again():
    known = {"tea": [Companion("pot", 1.0, confidence=0.6, lift=2, together=6, baskets=10)]}

    assert next_basket([{"tea"}], known, {"tea": 0.9}, again=False) == ["pot"]


def test_who_bought_nothing_yet_gets_best_sellers():
    assert next_basket([], {}, {"mug": 0.2, "pot": 0.1}) == ["mug", "pot"]


def test_likeness_counts_rare_tokens_more():
    things = {
        1: ["mug", "ash", "stoneware"],
        2: ["mug", "moss", "stoneware"],
        3: ["bowl", "ash", "stoneware"],
        4: ["bowl", "ash", "linen"],
        5: ["bowl", "moss", "stoneware"],
        6: ["vase", "moss", "linen"],
    }

    likes = dict(alike(things))

    assert likes[1][0][0] == 2
    assert 0 < likes[1][0][1] < 1
    assert all(thing not in {other for other, _ in found} for thing, found in likes.items())


def test_likeness_of_the_same_is_one_and_of_strangers_missing():
    likes = dict(alike({1: ["a", "b"], 2: ["a", "b"], 3: ["c"]}))

    assert likes[1] == [(2, pytest.approx(1.0))]
    assert likes[3] == []


def test_a_shelf_of_many_alike_is_not_compared_in_full():
    likes = dict(alike({number: ["mug"] for number in range(3_000)}, keep=8))

    assert all(len(found) == 8 for found in likes.values())
