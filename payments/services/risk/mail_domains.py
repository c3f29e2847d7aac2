"""Mail services whose addresses last for minutes. A short list, kept by hand."""

from collections.abc import Collection

LIST = """
    0-mail.com 10minutemail.com 10minutemail.net 20minutemail.com anonbox.net
    anonymbox.com burnermail.io byom.de crazymailing.com deadaddress.com
    discard.email discardmail.com discardmail.de dispostable.com dropmail.me e4ward.com
    einrot.com emailfake.com emailondeck.com emltmp.com fakeinbox.com fakemail.net
    fakemailgenerator.com filzmail.com getairmail.com getnada.com grr.la guerrillamail.biz
    guerrillamail.com guerrillamail.de guerrillamail.info guerrillamail.net guerrillamail.org
    guerrillamailblock.com harakirimail.com hidemail.de inboxbear.com inboxkitten.com
    incognitomail.org jetable.org kasmail.com linshiyouxiang.net luxusmail.org mail-temp.com
    mail.tm mailcatch.com maildrop.cc maileater.com mailexpire.com mailforspam.com
    mailinator.com mailinator.net mailmoat.com mailnesia.com mailnull.com mailpoof.com
    mailsac.com mailtemp.net meltmail.com minuteinbox.com mintemail.com mohmal.com
    moakt.com mvrht.net mytemp.email mytrashmail.com nada.email no-spam.ws nowmymail.com
    objectmail.com one-off.email owlymail.com pokemail.net pookmail.com rcpt.at
    sharklasers.com shitmail.me sneakemail.com spam4.me spambog.com spambox.us
    spamcowboy.com spamex.com spamgourmet.com spamhole.com spaml.de spammotel.com
    temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.net tempmail.plus
    tempmailaddress.com tempmailo.com tempr.email throwam.com throwawaymail.com
    trash-mail.com trashmail.com trashmail.de trashmail.net trashmail.ws trbvm.com
    wegwerfemail.de wegwerfmail.de wegwerfmail.net yopmail.com yopmail.fr yopmail.net
    zetmail.com
"""
DISPOSABLE = frozenset(LIST.split())


def is_disposable(domain: str) -> bool:
    return within(domain, DISPOSABLE)


def within(domain: str, listed: Collection[str]) -> bool:
    """Whether a domain, or one it belongs to, is listed: "a.b.example" belongs to "b.example"."""
    parts = domain.lower().rstrip(".").split(".")
    return any(".".join(parts[place:]) in listed for place in range(len(parts) - 1))
