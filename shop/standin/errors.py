"""Refusals, in the shape Stripe gives them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class ApiError(Exception):
    """A call that is refused. `executed`: the work had begun, so the answer is kept for replays."""

    message: str
    status: int = 400
    code: str = ""
    kind: str = "invalid_request_error"
    param: str = ""
    decline_code: str = ""
    executed: bool = False
    # Whole objects that Stripe puts into the error, such as the intent that was refused.
    about: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message

    def body(self) -> dict[str, Any]:
        fields = {
            "code": self.code,
            "decline_code": self.decline_code,
            "message": self.message,
            "param": self.param,
            "type": self.kind,
        }
        return {"error": {name: value for name, value in fields.items() if value} | self.about}


def missing(param: str) -> ApiError:
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def invalid(param: str, message: str, *, code: str = "parameter_invalid") -> ApiError:
    return ApiError(message, code=code, param=param)


def unknown(param: str) -> ApiError:
    return ApiError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def not_found(noun: str, identifier: str, *, param: str = "id") -> ApiError:
    message = f"No such {noun}: '{identifier}'"
    return ApiError(message, status=404, code="resource_missing", param=param)


def wrong_state(message: str, *, code: str) -> ApiError:
    return ApiError(message, code=code, executed=True)
