import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from accounts.models import User

PASSWORD = "a-long-test-password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = "Carol Shaw"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(password=PASSWORD, **kwargs)


def staff(role):
    """Somebody who works here, with one role: "owner", "warehouse" …"""
    person = UserFactory(is_staff=True, name=role.capitalize())
    person.groups.set([Group.objects.get(name=role)])
    return person
