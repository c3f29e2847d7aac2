from catalog.models import Redirect


def moved_to(path: str) -> str | None:
    """Where an address has gone; None when it has not. Paths below the market's prefix."""
    if len(path) > Redirect._meta.get_field("old_path").max_length:  # noqa: SLF001 — Django's public Meta API
        return None
    return Redirect.objects.filter(old_path=path).values_list("new_path", flat=True).first()
