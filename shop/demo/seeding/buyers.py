"""Who buys: made-up people, of whom a part comes back."""

import random
from typing import Any

from anyascii import anyascii

from orders.services.orders import Buyer
from shop.demo.seeding.places import read

COMES_BACK = 0.34
HAS_PHONE = 0.3
DOMAINS = ("example.com", "example.org", "example.net")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


class Crowd:
    """The people of one market, who are remembered once they have bought."""

    def __init__(self, countries: list[str], rng: random.Random) -> None:
        people = read("people.toml")
        known = [country for country in countries if country in people]
        self._countries = {country: people[country] for country in known}
        self._weights = [people[country]["weight"] for country in known]
        self._rng = rng
        self._seen: list[Buyer] = []

    def next(self) -> Buyer:
        """Somebody new, or somebody who bought before: more likely not long ago."""
        rng = self._rng
        if self._seen and rng.random() < COMES_BACK:
            return self._seen[int(len(self._seen) * (1 - rng.random() ** 2)) - 1]
        country = rng.choices(list(self._countries), self._weights)[0]
        buyer = _person(country, self._countries[country], len(self._seen), rng)
        self._seen.append(buyer)
        return buyer


def _person(country: str, data: dict[str, Any], number: int, rng: random.Random) -> Buyer:
    given, family = rng.choice(data["given"]), rng.choice(data["family"])
    city, area = rng.choice(data["towns"])
    address = anyascii(f"{given}.{family}").lower().replace("'", "").replace(" ", "")
    line1 = data["line1"].format(number=rng.randint(1, 120), street=rng.choice(data["streets"]))
    has_phone = rng.random() < HAS_PHONE
    return Buyer(
        email=f"{address}.{country.lower()}{number}@{rng.choice(DOMAINS)}",
        name=f"{given} {family}",
        line1=line1,
        line2="",
        city=city,
        postcode=_postcode(data["postcode"], area, rng),
        country=country,
        phone=data["phone"].format(digits=rng.randrange(1000)) if has_phone else "",
    )


def _postcode(pattern: str, area: str, rng: random.Random) -> str:
    return pattern.format(
        area=area,
        digit=rng.randint(1, 9),
        digit2=rng.randint(1, 9),
        letter=rng.choice(LETTERS),
        letter2=rng.choice(LETTERS),
        letters=rng.choice(LETTERS) + rng.choice(LETTERS),
    )
