"""What a browser sends from the page of a promotion."""

from django.urls import reverse

ADD = "/admin/marketing/promotion/add/"
LIST = "/admin/marketing/promotion/"


def page_of(promotion):
    return reverse("admin:marketing_promotion_change", args=[promotion.pk])


def rows(prefix, listed, *, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(listed), f"{prefix}-INITIAL_FORMS": initial}
    for number, fields in enumerate(listed):
        data |= {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return data


def filled(*, conditions=(), benefits=(), **fields):
    told = {"name": "Spring", "label": "Spring offer", "is_active": "on", "is_automatic": "on"}
    told |= {"lane": "1"} | fields
    kept = {name: value for name, value in told.items() if value is not None}
    return kept | rows("conditions", conditions) | rows("benefits", benefits)


def make(client, **fields):
    return client.post(ADD, filled(**fields))


def said(answer):
    return answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')
