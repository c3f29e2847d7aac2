"""Unfold's classes under Django's types: unfold has none, and what they stand for is Django's."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, SimpleListFilter, TabularInline
    from django.contrib.admin.views.main import ChangeList as UnfoldChangeList
    from django.forms import (
        CheckboxSelectMultiple,
        DateInput,
        FileInput,
        Select,
        Textarea,
        TextInput,
    )
    from django.forms.models import BaseInlineFormSet

    UnfoldAdmin = ModelAdmin[Any]
    UnfoldFormSet = BaseInlineFormSet[Any, Any, Any]
    UnfoldInline = TabularInline[Any, Any]
    DropdownFilter = SimpleListFilter
    NumberInput = TextInput
else:
    from unfold.admin import ModelAdmin as UnfoldAdmin
    from unfold.admin import TabularInline as UnfoldInline
    from unfold.contrib.filters.admin import DropdownFilter
    from unfold.forms import PaginationInlineFormSet as UnfoldFormSet
    from unfold.views import ChangeList as UnfoldChangeList
    from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget as CheckboxSelectMultiple
    from unfold.widgets import UnfoldAdminFileFieldWidget as FileInput
    from unfold.widgets import UnfoldAdminIntegerFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminSingleDateWidget as DateInput
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

__all__ = [
    "CheckboxSelectMultiple",
    "DateInput",
    "DropdownFilter",
    "FileInput",
    "NumberInput",
    "Select",
    "TextInput",
    "Textarea",
    "UnfoldAdmin",
    "UnfoldChangeList",
    "UnfoldFormSet",
    "UnfoldInline",
]
