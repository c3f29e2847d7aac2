"""Version 1 of the API, and its description in OpenAPI."""

from typing import Any

from django.conf import settings
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from shop.api import customers, order_moves, orders, problems, products, stock
from shop.api.problems import MEDIA_TYPE

ABOUT = (
    "For the merchant's own systems. Every request carries a key, `Authorization: Bearer mk_…`;"
    " what a key may do is said by its scopes. Amounts are text, so that no digit is lost."
)
FIRST_PROBLEM = 400


class Api(NinjaAPI):
    """As ninja describes itself, with what it leaves out: scopes, and what problems look like."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for details in methods.values():
                _complete(details["responses"])
        return schema


def _complete(responses: dict[int, dict[str, Any]]) -> None:
    for status, response in responses.items():
        if status >= FIRST_PROBLEM:
            response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
        if status == 429:
            seconds = {"schema": {"type": "integer"}, "description": "Seconds to wait."}
            response["headers"] = {"Retry-After": seconds}


def make() -> Api:
    api = Api(
        title=f"{settings.SHOP['name']} API",
        version="1",
        description=ABOUT,
        docs_url=None,
        urls_namespace="api",
    )
    problems.install(api)
    for part in (products, stock, orders, order_moves, customers):
        api.add_router("", part.router)
    return api


api = make()
