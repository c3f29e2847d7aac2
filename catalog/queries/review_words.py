"""Reviews as a product's page tells them: all in texts, see `{% stencil %}`."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from catalog.queries.products import Reviews, ReviewView
from shop.templatetags.shop_text import decimal, half_steps, longdate


@dataclass(frozen=True, slots=True)
class RatingWords:
    """stars: ten times as many as are drawn, in halves."""

    stars: str
    average: str
    summary: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave so many stars. percent: of all."""

    stars: str
    percent: str
    count: str


@dataclass(frozen=True, slots=True)
class ReviewWords:
    author: str
    stars: str
    drawn: str
    title: str
    text: str
    day: str
    is_verified: bool
    reply: str


@dataclass(frozen=True, slots=True)
class ReviewsWords:
    average: str
    stars: str
    summary: str
    bars: tuple[Bar, ...]
    items: tuple[ReviewWords, ...]


def rating_words(reviews: Reviews) -> RatingWords | None:
    """The line beside the name; None while nobody has said anything."""
    if not reviews.count or reviews.average is None:
        return None
    average = round(reviews.average, 2)
    told = {"average": decimal(average), "count": reviews.count}
    summary = ngettext(
        "%(average)s from %(count)s review", "%(average)s from %(count)s reviews", reviews.count
    )
    return RatingWords(str(half_steps(average)), decimal(average), summary % told)


def reviews_words(reviews: Reviews) -> ReviewsWords | None:
    if not reviews.count:
        return None
    summary = ngettext("%(count)s review", "%(count)s reviews", reviews.count)
    return ReviewsWords(
        average=decimal(reviews.average),
        stars=str(half_steps(reviews.average)),
        summary=summary % {"count": reviews.count},
        bars=tuple(_bar(*one) for one in reviews.distribution),
        items=tuple(_review(one) for one in reviews.items),
    )


def _bar(stars: int, count: int, percent: int) -> Bar:
    label = ngettext("%(stars)s star", "%(stars)s stars", stars) % {"stars": stars}
    return Bar(label, str(percent), str(count))


def _review(one: ReviewView) -> ReviewWords:
    return ReviewWords(
        author=one.author,
        stars=decimal(one.stars),
        drawn=str(half_steps(one.stars)),
        title=one.title,
        text=one.text,
        day=longdate(one.date),
        is_verified=one.is_verified,
        reply=one.reply,
    )
