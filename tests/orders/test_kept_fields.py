"""Fields of a form are rendered once for all who see the same; what was typed is nobody else's."""

import pytest
from django import forms
from django.utils.translation import override

from shop.templatetags.ui import form_field


class Address(forms.Form):
    name = forms.CharField(help_text="As on the bell")
    country = forms.ChoiceField(choices=[("GB", "Great Britain"), ("FR", "France")])


def shown(form, name="name", **attributes):
    return str(form_field(form[name], **attributes))


def test_the_same_field_is_shown_the_same_again():
    assert shown(Address()) == shown(Address())


@pytest.mark.parametrize(
    "changed",
    [
        lambda form: setattr(form.fields["name"], "label", "Your name"),
        lambda form: setattr(form.fields["name"], "help_text", "In full"),
        lambda form: setattr(form.fields["name"], "required", False),
        lambda form: setattr(form.fields["name"], "disabled", True),
        lambda form: form.fields["name"].widget.attrs.update(maxlength=5),
    ],
)
def test_a_field_that_was_changed_is_shown_changed(changed):
    before, form = shown(Address()), Address()
    changed(form)

    assert shown(form) != before


def test_choices_are_those_of_the_form():
    before, form = shown(Address(), "country"), Address()
    form.fields["country"].choices = [("DE", "Germany")]

    assert "Germany" in shown(form, "country")
    assert "Germany" not in before


def test_what_was_chosen_stays_chosen():
    assert '"FR" selected' in shown(Address(initial={"country": "FR"}), "country")
    assert '"FR" selected' not in shown(Address(initial={"country": "GB"}), "country")


def test_nobody_sees_what_another_typed():
    alice, bob = (Address(initial={"name": one}) for one in ("Alice", 'Bob "B" <b>'))

    assert 'value="Alice"' in shown(alice)
    assert "Alice" not in shown(bob)
    assert 'value="Bob &quot;B&quot; &lt;b&gt;"' in shown(bob)
    assert "value" not in shown(Address())


def test_what_was_wrong_is_said_to_who_typed_it():
    assert "field__error" in shown(Address({"name": ""}))
    assert "field__error" not in shown(Address())


def test_words_follow_the_language():
    form = Address()
    with override("de"):
        german = shown(form)

    assert german != shown(form)
