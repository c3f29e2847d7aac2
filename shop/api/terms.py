"""The words that all parts of the API are made of."""

from typing import Annotated

from ninja import Header, Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

LARGEST_ID = 2**63 - 1
LARGEST_COUNT = 1_000_000
SKU_LENGTH = 64


# No control characters: they are found again by nobody, and the database keeps no NUL.
PLAIN = r"^[^\x00-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=SKU_LENGTH, pattern=PLAIN)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
# Years that every clock of ours can count in.
Moment = Annotated[AwareDatetime, Field(description="With its offset: 2026-11-22T09:30:00Z.")]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="Made up by the caller, new for every new request. The same again within two"
        " days gets the first answer again, and nothing is done twice.",
    ),
]


class Sent(Schema):
    """What callers send. A field that nobody knows is a mistake, not a detail."""

    model_config = ConfigDict(extra="forbid")


class Made(Schema):
    """What a write came to. Kept for as long as its Idempotency-Key, so without anybody's data."""

    id: int
