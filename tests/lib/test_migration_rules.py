"""What may be done to tables while the release of before goes on selling."""

from io import StringIO

import pytest
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.core.management import call_command
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.state import ModelState, ProjectState

from shop.lib.migration_rules import complaints, made

CHECK = models.CheckConstraint(condition=models.Q(weight__gte=0), name="mug_weighs")
INDEX = models.Index(fields=["weight"], name="mug_weight")


@pytest.fixture
def before():
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("weight", models.IntegerField(null=True)),
    ]
    state.add_model(ModelState("potter", "mug", fields))
    state.add_model(ModelState("potter", "kiln", [("id", models.BigAutoField(primary_key=True))]))
    return state


def migration(*steps, atomic=True):
    made_up = Migration("0002_more", "potter")
    made_up.operations, made_up.atomic = list(steps), atomic
    return made_up


def nothing(_apps, _editor):
    """Changes no row."""


BAD = [
    operations.RemoveField("mug", "weight"),
    operations.RenameField("mug", "weight", "mass"),
    operations.RenameModel("mug", "cup"),
    operations.DeleteModel("mug"),
    operations.AlterModelTable("mug", "cups"),
    operations.AddField("mug", "height", models.IntegerField(default=1)),
    operations.AddField("mug", "kiln", models.ForeignKey("kiln", models.CASCADE, null=True)),
    operations.AddField("mug", "code", models.CharField(max_length=9, null=True, unique=True)),
    operations.AlterField("mug", "weight", models.IntegerField()),
    operations.AlterField("mug", "weight", models.DecimalField(max_digits=9, decimal_places=3)),
    operations.AlterField("mug", "name", models.CharField(max_length=20)),
    operations.AlterField("mug", "weight", models.IntegerField(null=True, db_index=True)),
    operations.AddIndex("mug", INDEX),
    operations.AddConstraint("mug", CHECK),
    operations.AlterUniqueTogether("mug", {("name", "weight")}),
    operations.RunPython(nothing),
    operations.RunSQL("update potter_mug set weight = 1"),
    operations.RunSQL("alter table potter_mug drop column weight", operations.RunSQL.noop),
    operations.RunSQL("create index mug_name on potter_mug (name)", operations.RunSQL.noop),
    operations.RunSQL("alter table potter_mug alter name set not null", operations.RunSQL.noop),
    operations.RunSQL("truncate potter_mug", operations.RunSQL.noop),
]
GOOD = [
    operations.CreateModel("glaze", [("id", models.BigAutoField(primary_key=True))]),
    operations.AddField("mug", "height", models.IntegerField(null=True)),
    operations.AddField("mug", "height", models.IntegerField(default=1, db_default=1)),
    operations.AddField("mug", "kilns", models.ManyToManyField("kiln")),
    operations.AlterField("mug", "name", models.CharField("called", max_length=90)),
    operations.RemoveIndex("mug", "mug_weight"),
    AddConstraintNotValid("mug", CHECK),
    ValidateConstraint("mug", "mug_weighs"),
    operations.RunPython(nothing, operations.RunPython.noop),
    operations.RunSQL("create index concurrently i on potter_mug (name)", "drop index i"),
    operations.RunSQL(
        "alter table potter_mug add constraint c check (weight > 0) not valid",
        operations.RunSQL.noop,
    ),
    operations.SeparateDatabaseAndState(state_operations=[operations.RemoveField("mug", "weight")]),
]


def name_of(step):
    """The same in every process: what it looks like may hold an address in memory."""
    return type(step).__name__


@pytest.mark.parametrize("step", BAD, ids=name_of)
def test_what_stops_a_running_shop_is_named(step, before):
    assert len(complaints(migration(step), before, set())) == 1


@pytest.mark.parametrize("step", GOOD, ids=name_of)
def test_what_does_not_is_let_through(step, before):
    assert complaints(migration(step), before, set()) == []


@pytest.mark.parametrize(
    "step", [one for one in BAD if "Run" not in type(one).__name__], ids=name_of
)
def test_a_table_of_the_same_release_is_free(step, before):
    assert complaints(migration(step), before, {"potter_mug"}) == []


def test_sql_about_a_table_of_the_same_release_is_free(before):
    step = operations.RunSQL("create index i on potter_mug (name)", operations.RunSQL.noop)

    assert complaints(migration(step), before, {"potter_mug"}) == []


def test_rows_and_tables_do_not_change_in_one_transaction(before):
    steps = [GOOD[1], operations.RunPython(nothing, operations.RunPython.noop)]

    assert complaints(migration(*steps), before, set())
    assert complaints(migration(*steps, atomic=False), before, set()) == []


def test_a_concurrent_index_wants_no_transaction_around_it(before):
    step = AddIndexConcurrently("mug", INDEX)

    assert "atomic = False" in complaints(migration(step), before, set())[0]
    assert complaints(migration(step, atomic=False), before, set()) == []


def test_a_table_is_known_by_the_name_it_gets():
    plain = operations.CreateModel("Glaze", [])
    named = operations.CreateModel("Clay", [], options={"db_table": "clays"})

    assert made(migration(plain, named)) == {"potter_glaze", "clays"}


def test_migrations_since_the_last_release_do_not_stop_the_shop():
    said = StringIO()

    call_command("lint_migrations", stdout=said)

    assert "0 complaints" in said.getvalue()


def test_nothing_released_means_all_are_looked_at_and_faults_end_it(tmp_path):
    file = tmp_path / "released.toml"
    file.write_text('[released]\naccounts = "0001_initial"\n')
    said = StringIO()

    with pytest.raises(SystemExit):
        call_command("lint_migrations", released=file, stdout=said)

    assert "inventory.0006_people_work_at_locations: changes rows and tables" in said.getvalue()


def test_what_was_accepted_is_passed_over(tmp_path):
    file = tmp_path / "released.toml"
    said = StringIO()
    file.write_text('[accepted]\n"catalog.0011_reviews_know_their_writer" = "few reviews"\n')

    with pytest.raises(SystemExit):
        call_command("lint_migrations", released=file, stdout=said)

    assert "catalog.0011_reviews_know_their_writer" not in said.getvalue()
