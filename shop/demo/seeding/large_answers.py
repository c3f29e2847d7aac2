"""What made-up products answer: three attributes that every shelf can be narrowed by."""

from django.db import connection

from catalog.models import Attribute, AttributeChoice, ProductType, TypeAttribute

CHOICES = {
    "finish": ("Gloss", "Satin", "Matt", "Raw"),
    "occasion": ("Everyday", "Guests", "Holidays", "Presents", "Picnics"),
    "workshop": ("North", "East", "South"),
}
FIRST_PLACE = 50
# Which answer falls to a product follows from its address: the same shop every time.
INSERT = """
with choices as (
    select c.attribute_id, a.code, array_agg(c.id order by c.position) as ids
    from catalog_attributechoice c join catalog_attribute a on a.id = c.attribute_id
    where a.code = any(%(codes)s) group by c.attribute_id, a.code
)
insert into catalog_attributevalue (product_id, attribute_id, choice_id)
select p.id, o.attribute_id,
    o.ids[1 + abs(hashtext(p.slug || o.code)::bigint) %% cardinality(o.ids)]
from catalog_product p cross join choices o
where p.tags @> array['made-up']::varchar[]
on conflict (product_id, attribute_id) do nothing
"""


def fill() -> None:
    """Write the attributes, let every type ask them, and answer for all made-up products."""
    types = list(ProductType.objects.values_list("pk", flat=True))
    for place, (code, names) in enumerate(CHOICES.items(), FIRST_PLACE):
        attribute, is_new = Attribute.objects.get_or_create(
            code=code,
            defaults={
                "name": code.capitalize(),
                "kind": Attribute.Kind.CHOICE,
                "is_facet": True,
                "position": place,
            },
        )
        if is_new:
            AttributeChoice.objects.bulk_create(
                AttributeChoice(attribute=attribute, name=name, position=inner)
                for inner, name in enumerate(names)
            )
        TypeAttribute.objects.bulk_create(
            (TypeAttribute(type_id=pk, attribute=attribute, position=place) for pk in types),
            ignore_conflicts=True,
        )
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"codes": list(CHOICES)})
