"""Customers as a table, taken along and brought back."""

from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from accounts.services import customer_files
from shop.admin.discretion import SEE_PEOPLE
from shop.admin.file_in import FileIn


class CustomerFile(FileIn):
    columns = customer_files.COLUMNS
    columns_told = lazy(
        "Columns: email, by which customers are found; name, company, language (en-gb, de), groups and tags"
        " (codes with commas between). Logins and consents are never changed. At most 2,000 rows."
    )

    def may_bring(self, request: HttpRequest) -> bool:
        may_write = self.has_add_permission(request) and self.has_change_permission(request)
        return may_write and request.user.has_perm(SEE_PEOPLE)

    def rows_of(self, request: HttpRequest) -> Iterator[tuple[str, ...]]:  # noqa: ARG002
        return customer_files.rows()

    def take_file(self, request: HttpRequest, file: Path) -> int:  # noqa: ARG002
        return customer_files.take(path=file, now=timezone.now())
