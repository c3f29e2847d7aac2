"""What a file says of products, whatever its format. None and absent keys: the file is silent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

MAX_OPTIONS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to an option. The option's name may be blank when an earlier row gave it."""

    option: str
    value: str


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A line that sells something. `fields` are attributes of Variant; `quantity` is on hand."""

    line: int
    sku: str = ""
    choices: tuple[Choice, ...] = ()
    price: Decimal | None = None
    compare_at: Decimal | None = None
    says_compare_at: bool = False
    quantity: int | None = None
    picture: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return ", ".join(choice.value for choice in self.choices)


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture's address. `shows` is the option value it shows."""

    line: int
    url: str
    position: int | None = None
    alt: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True)
class TypeRow:
    """The kind of a product. Without a name it only counts for new products."""

    name: str = ""
    is_shipped: bool | None = None
    tax_class: str = ""


@dataclass
class ProductRow:
    """What a file says of one product, or adds to one (`is_addition`) it said the rest of before.

    `ref` is its name in the other shop; `fields` are attributes of Product.
    """

    line: int
    ref: str
    slug: str
    fields: dict[str, Any] = field(default_factory=dict)
    type: TypeRow = TypeRow()
    category: tuple[str, ...] = ()
    is_published: bool | None = None
    is_addition: bool = False
    waits_for_variants: bool = False
    variants: list[VariantRow] = field(default_factory=list)
    pictures: list[PictureRow] = field(default_factory=list)

    def absorb(self, addition: "ProductRow") -> None:
        """Take over what a later row of the same product adds."""
        self.fields |= addition.fields
        self.variants += addition.variants
        self.pictures += addition.pictures
        if not addition.is_addition:
            self.is_addition = False
            self.type, self.category = addition.type, addition.category
            self.is_published = addition.is_published


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a line, or about the whole file."""

    line: int | None
    message: str

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "message": self.message}


@dataclass
class Notes:
    """Errors and warnings; what is said of many lines is counted and said once."""

    errors: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    left_out: int = 0

    def error(self, line: int | None, message: str) -> None:
        self.errors.append(Note(line, message))

    def warn(self, line: int | None, message: str) -> None:
        self.warnings.append(Note(line, message))

    def leave_out(self, line: int, message: str) -> None:
        """Warn of a product that is left out on purpose."""
        self.left_out += 1
        self.warn(line, message)

    def tally(self, line: int, message: str) -> None:
        """Warn once, with the first line and the number of lines."""
        first, count = self.counted.get(message, (line, 0))
        self.counted[message] = (min(first, line), count + 1)

    def add(self, other: "Notes") -> None:
        self.errors += other.errors
        self.warnings += other.warnings
        self.left_out += other.left_out
        for message, (line, count) in other.counted.items():
            first, before = self.counted.get(message, (line, 0))
            self.counted[message] = (min(first, line), before + count)

    def all_warnings(self) -> list[Note]:
        summed = [
            Note(
                line,
                message
                if count == 1
                else _("%(what)s (%(count)s lines; this is the first.)")
                % {"what": message, "count": count},
            )
            for message, (line, count) in self.counted.items()
        ]
        return sorted([*self.warnings, *summed], key=lambda note: note.line or 0)
