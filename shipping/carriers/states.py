"""The state of an American address, by the first three figures of its ZIP code."""

from bisect import bisect_right

# From this prefix on, up to the next: (first prefix, state).
STARTS: tuple[tuple[int, str], ...] = (
    (5, "NY"), (6, "PR"), (8, "VI"), (9, "PR"), (10, "MA"), (28, "RI"), (30, "NH"), (39, "ME"),
    (50, "VT"), (55, "MA"), (56, "VT"), (60, "CT"), (63, "NY"), (64, "CT"), (70, "NJ"),
    (90, "AE"), (100, "NY"), (150, "PA"), (197, "DE"), (200, "DC"), (201, "VA"), (202, "DC"),
    (206, "MD"), (220, "VA"), (247, "WV"), (270, "NC"), (290, "SC"), (300, "GA"), (320, "FL"),
    (340, "AA"), (341, "FL"), (350, "AL"), (370, "TN"), (386, "MS"), (398, "GA"), (400, "KY"),
    (430, "OH"), (460, "IN"), (480, "MI"), (500, "IA"), (530, "WI"), (550, "MN"), (569, "DC"),
    (570, "SD"), (580, "ND"), (590, "MT"), (600, "IL"), (630, "MO"), (660, "KS"), (680, "NE"),
    (700, "LA"), (716, "AR"), (730, "OK"), (733, "TX"), (734, "OK"), (750, "TX"), (800, "CO"),
    (820, "WY"), (832, "ID"), (840, "UT"), (850, "AZ"), (870, "NM"), (885, "TX"), (889, "NV"),
    (900, "CA"), (962, "AP"), (967, "HI"), (969, "GU"), (970, "OR"), (980, "WA"), (995, "AK"),
)  # fmt: skip
PREFIXES = [prefix for prefix, _state in STARTS]


def state_of(country: str, postcode: str) -> str:
    """Two letters; empty for other countries and for what is no ZIP code."""
    prefix = postcode.strip()[:3]
    if country != "US" or not (len(prefix) == len("005") and prefix.isdigit()):
        return ""
    place = bisect_right(PREFIXES, int(prefix)) - 1
    return STARTS[place][1] if place >= 0 else ""
