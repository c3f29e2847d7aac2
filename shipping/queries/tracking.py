from shipping.models import Method


def tracking_page(*, method_code: str, number: str) -> str:
    """Where a parcel is followed; empty when its method has no such page."""
    template = (
        Method.objects.filter(code=method_code).values_list("tracking_url", flat=True).first()
    )
    return template.replace("{number}", number) if template and number else ""
