"""Templates as they are sent: without what only their readers need."""

from pathlib import Path

from django.conf import settings
from django.template import Context, Engine
from django.template.loader import get_template, render_to_string

from shop.lib.templates import Loader


def test_no_line_of_a_page_is_indented():
    said = render_to_string("503.html")

    assert len(said.splitlines()) > 20
    assert [line for line in said.splitlines() if line[:1] in " \t" and line.strip()] == []


def test_a_line_of_tags_leaves_none_and_words_stay_apart(tmp_path):
    (tmp_path / "words.html").write_text(
        "{# for readers #}\n<p>one\n  {% if True %}{# always #}\n    two {% endif %}\n  three</p>\n"
    )
    engine = Engine(dirs=[tmp_path], loaders=["shop.lib.templates.Loader"])

    assert engine.get_template("words.html").render(Context()) == "<p>one\ntwo \nthree</p>\n"


def test_while_debugging_errors_name_the_line_of_the_file():
    loader = Loader(Engine(dirs=settings.TEMPLATES[0]["DIRS"], debug=True))
    (origin,) = loader.get_template_sources("catalog/_chips.html")

    assert loader.get_contents(origin) == Path(origin.name).read_text()


def test_a_mail_in_plain_text_stays_as_it_is_written():
    found = get_template("emails/orders/order_confirmation.txt").template

    assert found.source == Path(found.origin.name).read_text()
