import pytest

from shop.lib.text import clean, clean_html, markdown, slugify


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        "<svg onload=alert(1)>",
        '<p style="position:fixed">x</p>',
        '<iframe src="https://example.com"></iframe>',
    ],
)
def test_nothing_that_runs_survives_cleaning(hostile):
    html = clean_html(hostile)

    for trace in ("script", "onerror", "onload", "javascript:", "style", "iframe"):
        assert trace not in html


def test_plain_structure_survives_cleaning():
    html = "<p>A <strong>mug</strong></p><ul><li>Blue</li></ul>"

    assert clean_html(html) == html


def test_control_characters_are_dropped():
    assert clean("a\x00b\x07 ") == "ab"


def test_markdown_shows_html_as_text():
    assert "<script>" not in markdown("<script>alert(1)</script>")


def test_slugs_are_made_of_any_script():
    assert slugify("Écuelle à thé") == "ecuelle-a-the"
    assert slugify("北京") == "beijing"
