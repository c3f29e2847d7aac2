"""The shop's own list: people, mail domains, places and networks it has had trouble with."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from payments.services.risk.facts import Facts
from payments.services.risk.mail_domains import within

Network = IPv4Network | IPv6Network
# "DE 10115": a postcode of one country. No British postcode starts with two letters and a space.
OF_COUNTRY = re.compile(r"^([A-Z]{2}) (.+)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; which fields are filled says what it is. value: as it was typed."""

    value: str
    email: str = ""
    domain: str = ""
    network: Network | None = None
    street: str = ""
    postcode: str = ""
    country: str = ""

    def fits(self, facts: Facts) -> bool:
        if self.email:
            return facts.email == self.email
        if self.domain:
            return within(facts.email.rpartition("@")[2], [self.domain])
        if self.network:
            return holds(self.network, facts.ip)
        return (
            self.country in ("", facts.country)
            and self.street in ("", squeezed(facts.street))
            and self.postcode in ("", squeezed(facts.postcode))
        )


def entry(value: str) -> Entry:
    """Read one line: an e-mail, "@domain", an IP address or network, "street, postcode", a postcode.

    Raises ValueError when it is none of these.
    """
    text = value.strip()
    if "@" in text:
        mailbox, _at, domain = text.lower().partition("@")
        if "." not in domain or "@" in domain:
            raise ValueError(value)
        return Entry(text, email=text.lower()) if mailbox else Entry(text, domain=domain)
    if network := _network(text):
        return Entry(text, network=network)
    street, _comma, postcode = text.rpartition(",")
    country = ""
    if found := OF_COUNTRY.match(postcode.strip().upper()):
        country, postcode = found.groups()
    if not squeezed(postcode) or (not street and not any(one.isdigit() for one in postcode)):
        raise ValueError(value)
    return Entry(text, street=squeezed(street), postcode=squeezed(postcode), country=country)


def _network(text: str) -> Network | None:
    if "." not in text and ":" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        if "/" in text:
            raise
        return None


def holds(network: Network, address: str) -> bool:
    """Whether an address is in the network; never when it is of the other kind, or none."""
    return bool(address) and ip_address(address) in network


def squeezed(text: str) -> str:
    """Letters and digits only: "ne1 1aa" and "NE11AA" are one."""
    return "".join(one for one in text.upper() if one.isalnum())
