from catalog.models import Redirect


def moved_to(path: str) -> str | None:
    """Where an address has gone; None when it has not. Paths below the market's prefix."""
    return Redirect.objects.filter(old_path=path).values_list("new_path", flat=True).first()
