"""Roles are code; people get one; nobody lifts themselves higher."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import PolicyVersion, User
from accounts.services import roles
from tests.factories.people import UserFactory, staff

pytestmark = pytest.mark.django_db


def codes_of(role):
    rows = Permission.objects.filter(group__name=role).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def test_every_role_is_there_after_migrating():
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.NAMES)


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_role_holds_what_its_list_says(role):
    assert codes_of(role) == roles.ROLES[role]


def test_the_manager_may_all_but_people():
    everything, held = codes_of("owner"), codes_of("manager")

    assert "accounts.change_user" in everything
    assert not {code for code in held if code.endswith("_user") or code.startswith("auth.")}
    assert {"orders.cancel_order", "catalog.delete_product", "orders.view_dashboard"} <= held


def test_bringing_roles_up_to_date_twice_changes_nothing():
    before = {role: codes_of(role) for role in roles.NAMES}
    Group.objects.get(name="support").permissions.add(
        Permission.objects.get(codename="delete_order")
    )

    roles.sync()
    roles.sync()

    assert {role: codes_of(role) for role in roles.NAMES} == before


def test_the_owner_invites_a_colleague(owner):
    answer = owner.post(
        "/admin/accounts/user/add/",
        {
            "email": "Erin@Example.com",
            "name": "Erin",
            "usable_password": "true",
            "password1": "heavy-foot-ring-9",
            "password2": "heavy-foot-ring-9",
        },
    )

    assert answer.status_code == 302
    assert User.objects.get(email="erin@example.com").check_password("heavy-foot-ring-9")


def test_an_address_is_taken_in_any_case(owner):
    UserFactory(email="erin@example.com")

    answer = owner.post(
        "/admin/accounts/user/add/",
        {"email": "ERIN@example.com", "usable_password": "false"},
    )

    assert answer.status_code == 200
    assert User.objects.filter(email__iexact="erin@example.com").count() == 1


def test_owners_do_not_make_superusers(client):
    person = staff("owner")
    client.force_login(person)

    client.post(
        reverse("admin:accounts_user_change", args=[person.pk]),
        {
            "email": person.email,
            "name": "Me",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "groups": [Group.objects.get(name="owner").pk],
        },
    )

    person.refresh_from_db()
    assert person.name == "Me"
    assert not person.is_superuser


def test_owners_do_not_touch_superusers(owner):
    root = User.objects.create_superuser("root@example.com", "a-long-test-password")

    answer = owner.post(
        reverse("admin:accounts_user_change", args=[root.pk]), {"email": "mine@example.com"}
    )

    assert answer.status_code == 403


def test_a_policy_in_force_is_never_edited(owner):
    policy = PolicyVersion.objects.create(
        slug="terms", title="Terms", body="Be kind.", published_at=timezone.now()
    )

    answer = owner.post(
        reverse("admin:accounts_policyversion_change", args=[policy.pk]), {"title": "Other"}
    )

    assert answer.status_code == 403


def save(client, person, **values):
    kept = {"email": person.email, "name": person.name, "is_active": "on", "is_staff": "on"}
    return client.post(
        reverse("admin:accounts_user_change", args=[person.pk]),
        {name: value for name, value in (kept | values).items() if value},
    )


@pytest.mark.parametrize("values", [{}, {"is_active": ""}, {"is_staff": ""}])
def test_the_last_owner_can_not_be_taken_away(client, values):
    person, role = staff("owner"), Group.objects.get(name="owner")
    client.force_login(person)

    answer = save(client, person, **(values and values | {"groups": [role.pk]}))

    assert "The shop needs an owner" in answer.content.decode()
    person.refresh_from_db()
    assert roles.is_owner(person)
    assert person.is_active
    assert person.is_staff


def test_an_owner_steps_down_once_there_is_another(client):
    person, _other = staff("owner"), staff("owner")
    client.force_login(person)

    save(client, person)

    assert not roles.is_owner(User.objects.get(pk=person.pk))


@pytest.mark.parametrize("is_many", [False, True])
def test_the_last_owner_is_not_deleted(client, is_many):
    person = staff("owner")
    client.force_login(person)
    page = reverse("admin:accounts_user_changelist")
    data = {"post": "yes"}
    if is_many:
        data |= {"action": "delete_selected", "_selected_action": [person.pk]}
    else:
        page = reverse("admin:accounts_user_delete", args=[person.pk])

    client.post(page, data)

    assert User.objects.filter(pk=person.pk).exists()
