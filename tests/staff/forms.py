"""What a browser would send back from a staff page."""

from django.urls import reverse

ROWS = ("variants", "options", "images", "extras")
NO_ROWS = {f"{name}-{count}_FORMS": 0 for name in ROWS for count in ("TOTAL", "INITIAL")}


def address_of(product):
    return reverse("admin:catalog_product_change", args=[product.pk])


def form_of(page):
    """What a browser would send back from a product's page without touching anything."""
    main = page.context["adminform"].form
    forms = [main, *(form for one in page.context["inline_admin_formsets"] for form in one.formset)]
    data = {}
    for form in forms:
        for bound in form:
            data |= sent_by(bound)
    for one in page.context["inline_admin_formsets"]:
        prefix = one.formset.prefix
        data[f"{prefix}-TOTAL_FORMS"] = data[f"{prefix}-INITIAL_FORMS"] = (
            one.formset.initial_form_count()
        )
    return data


def sent_by(bound):
    value = bound.value()
    if value is None or value is False or "DELETE" in bound.html_name:
        return {}
    if hasattr(bound.field.widget, "decompress"):
        parts = bound.field.widget.decompress(value)
        return {f"{bound.html_name}_{n}": part or "" for n, part in enumerate(parts)}
    value = bound.field.prepare_value(value)
    return {bound.html_name: list(value) if isinstance(value, list | tuple) else value}
