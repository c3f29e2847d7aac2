from django.db import migrations

# Arguments: what stands before the slug in the address, and the column that holds the slug.
# What led to the old address leads to the new one from now on, so chains are one step long.
FUNCTION = """
create function catalog_leave_redirect() returns trigger language plpgsql as $$
declare
    was text := tg_argv[0] || (to_jsonb(old) ->> tg_argv[1]) || '/';
    is_now text := tg_argv[0] || (to_jsonb(new) ->> tg_argv[1]) || '/';
begin
    delete from catalog_redirect where old_path = is_now;
    update catalog_redirect set new_path = is_now where new_path = was;
    insert into catalog_redirect (old_path, new_path, is_automatic, created_at)
        values (was, is_now, true, now())
        on conflict (old_path) do update set new_path = excluded.new_path, is_automatic = true;
    return null;
end $$
"""

TRIGGERS = """
create trigger product_has_moved after update of slug on catalog_product
    for each row when (old.slug is distinct from new.slug and old.published_at <= now())
    execute function catalog_leave_redirect('/p/', 'slug');
create trigger category_has_moved after update of url_path on catalog_category
    for each row when (old.url_path is distinct from new.url_path)
    execute function catalog_leave_redirect('/c/', 'url_path');
create trigger collection_has_moved after update of slug on catalog_collection
    for each row when (old.slug is distinct from new.slug)
    execute function catalog_leave_redirect('/collections/', 'slug');
"""

BACK = """
drop trigger product_has_moved on catalog_product;
drop trigger category_has_moved on catalog_category;
drop trigger collection_has_moved on catalog_collection;
drop function catalog_leave_redirect();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_prices_keep_their_history")]

    operations = [migrations.RunSQL(FUNCTION + ";" + TRIGGERS, BACK)]
