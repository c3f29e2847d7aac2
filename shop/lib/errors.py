"""When the shop says no."""


class Refused(Exception):
    """Something was asked that can't be done now. `message` is for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = str(message)
