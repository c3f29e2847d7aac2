"""Templates show, they don't decide; and nothing in them trusts what people typed."""

import re

from tests.house.files import ROOT, name_of, project_files


def _templates():
    return [path for path in project_files(".html", ".txt") if "templates" in name_of(path)]


def _hits(pattern, paths):
    return [
        f"{name_of(path)}: {match.group(0)}"
        for path in paths
        for match in re.finditer(pattern, path.read_text())
    ]


def test_includes_pass_on_only_what_they_name():
    includes = [
        (name_of(path), tag)
        for path in _templates()
        for tag in re.findall(r"{%\s*include\s[^%]*%}", path.read_text())
    ]

    assert includes
    assert not [pair for pair in includes if not re.search(r"\sonly\s*%}$", pair[1])]


def test_a_form_in_an_include_gets_its_token():
    """An include with `only` sees nothing of the request: a form in it would be refused."""
    texts = {name_of(path).split("templates/", 1)[1]: path.read_text() for path in _templates()}
    includes = {
        name: re.findall(r"{%\s*include\s+\"([^\"]+)\"([^%]*)%}", text)
        for name, text in texts.items()
    }

    needing = {name for name, text in texts.items() if "{% csrf_token %}" in text}
    while (
        more := {
            name
            for name, found in includes.items()
            if any(inner in needing for inner, _rest in found)
        }
        - needing
    ):
        needing |= more

    forgotten = [
        f"{name}: {inner}"
        for name, found in includes.items()
        for inner, rest in found
        if inner in needing and "csrf_token=csrf_token" not in rest
    ]
    assert needing
    assert forgotten == []


def test_no_template_switches_escaping_off():
    assert not _hits(r"\|\s*safe\b|{%\s*autoescape\s+off", _templates()) or _only_plain_text()


def _only_plain_text():
    """Plain-text mails have nothing to escape for."""
    hits = _hits(r"\|\s*safe\b|{%\s*autoescape\s+off", _templates())
    return all(re.search(r"emails/.*\.txt: {% autoescape off", hit) for hit in hits)


def test_markup_is_called_safe_in_one_module_only():
    users = [
        name_of(path)
        for path in project_files(".py")
        if re.search(r"\bmark_safe\b|\bSafeString\(", path.read_text())
        and not name_of(path).startswith("tests/")
    ]

    assert users in ([], ["shop/templatetags/ui.py"])


def test_pages_hold_no_inline_script_or_style():
    pages = [path for path in _templates() if "/emails/" not in str(path)]

    assert not _hits(r"<style\b|\sstyle=|\son[a-z]+=\"", pages)
    assert not _hits(r"<script(?![^>]*(\bsrc=|application/ld\+json|application/json))[^>]*>", pages)


def test_components_open_with_their_signature():
    components = (ROOT / "templates/components").glob("*.html")

    unsigned = [path.name for path in components if not path.read_text().startswith("{#")]

    assert not unsigned


def test_every_stylesheet_is_listed():
    folder = ROOT / "static/css"
    entries = (folder / "shop.css").read_text() + (folder / "staff.css").read_text()

    unlisted = [
        path.name
        for path in folder.glob("*.css")
        if path.name not in ("shop.css", "staff.css")
        and not path.name.startswith("admin")
        and f'"{path.name}"' not in entries
    ]

    assert not unlisted


def test_stylesheets_need_no_force():
    sheets = [path for path in project_files(".css") if name_of(path).startswith("static/")]

    assert not _hits(r"!important", sheets)
