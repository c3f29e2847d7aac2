"""Lists remembered by name."""

import pytest

from accounts.models import SavedView
from tests.exported import without_mark
from tests.factories import CategoryFactory
from tests.factories.people import staff

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/product/"


def keep(client, query, **values):
    return client.post(f"{LIST}views/", {"name": "Drafts", "query": query, **values}, follow=True)


def test_a_list_is_kept_under_a_name_and_found_again(owner):
    page = keep(owner, "status__exact=draft&q=mug&o=2&p=3")

    view = SavedView.objects.get()
    assert (view.page, view.query) == ("catalog.product", "status__exact=draft&q=mug&o=2")
    assert f'href="?{view.query.replace("&", "&amp;")}" aria-current="page">Drafts' in (
        page.content.decode()
    )


def test_a_name_said_again_means_the_new_list(owner):
    keep(owner, "status__exact=draft")
    keep(owner, "status__exact=idea")

    assert SavedView.objects.get().query == "status__exact=idea"


def test_own_views_are_seen_by_one_and_shared_ones_by_all(client, db):
    alice, bob = staff("catalogue"), staff("owner")
    client.force_login(alice)
    keep(client, "q=own", name="Hers")
    keep(client, "q=all", name="For all", is_shared="on")

    client.force_login(bob)
    names = [one["name"] for one in client.get(LIST).context["list_head"]["views"]]

    assert names == ["For all"]


def test_a_view_is_deleted_by_its_owner_alone(client, db):
    alice, bob = staff("catalogue"), staff("warehouse")
    client.force_login(alice)
    keep(client, "q=all", is_shared="on")
    address = f"{LIST}views/{SavedView.objects.get().pk}/deletion/"

    client.force_login(bob)
    assert client.post(address).status_code == 403
    client.force_login(alice)
    assert client.get(address).status_code == 405
    client.post(address)

    assert not SavedView.objects.exists()


def test_the_owner_clears_away_what_others_share_and_nothing_else(client, db):
    client.force_login(staff("catalogue"))
    keep(client, "q=own", name="Hers")
    keep(client, "q=all", name="For all", is_shared="on")

    client.force_login(staff("owner"))
    codes = [
        client.post(f"{LIST}views/{view.pk}/deletion/").status_code
        for view in SavedView.objects.order_by("is_shared")
    ]

    assert codes == [403, 302]
    assert SavedView.objects.get().name == "Hers"


def test_any_list_goes_out_as_it_is_filtered(owner, demo_market):
    CategoryFactory(name="=Mugs")
    CategoryFactory(name="Bowls")

    answer = owner.get("/admin/catalog/category/list.csv?q=mugs")

    lines = without_mark(answer.getvalue().decode("utf-8-sig")).splitlines()
    assert lines[0] == "Category,Address,Products"
    assert lines[1].startswith("'=Mugs,")
    assert len(lines) == 2


def test_a_list_goes_out_only_to_who_may_see_it(sign_in, demo_market):
    assert sign_in("warehouse").get("/admin/accounts/user/list.csv").status_code == 403


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"name": "x" * 41}, {"query": "q=" + "x" * 4000}],
)
def test_a_view_that_can_not_be_kept_is_refused_in_words(owner, values):
    page = keep(owner, values.pop("query", "q=1"), **values)

    assert "The view was not saved." in page.content.decode()
    assert not SavedView.objects.exists()


def test_names_and_filters_are_never_markup(owner):
    page = keep(owner, 'q="><script>alert(1)</script>', name="<script>alert(2)</script>")

    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("name", ["category", "collection", "redirect", "importrun", "review"])
def test_every_list_of_the_catalogue_keeps_views(owner, demo_market, name):
    page = owner.get(f"/admin/catalog/{name}/")

    assert page.status_code == 200
    assert "Save this view" in page.content.decode()
