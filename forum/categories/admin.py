"""The administration of categories."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.admin import StaffMay
from forum.categories.models import Category


class CategoryForm(forms.ModelForm):
    """Two levels and no more: readable_by looks at a category and its parent."""

    parent = forms.ModelChoiceField(
        Category.objects.roots(), required=False, label=_("inside the category")
    )

    templates = forms.MultipleChoiceField(
        choices=Category.Template,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("templates of threads"),
        help_text=_("Short forms that whoever starts a thread here may choose from."),
    )

    class Meta:
        model = Category
        fields = [
            "parent",
            "position",
            "name",
            "name_en",
            "description",
            "description_en",
            "readers",
            "writers",
            "organizations",
            "templates",
        ]

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if parent is None or self.instance.pk is None:
            return parent
        if parent == self.instance or self.instance.children.exists():
            raise ValidationError(_("This category has categories inside: it must stay outside."))
        return parent


@admin.register(Category)
class CategoryAdmin(StaffMay, admin.ModelAdmin):
    form = CategoryForm
    fields = [*CategoryForm.Meta.fields]
    list_display = ["name", "parent", "position", "readers", "writers"]
    list_editable = ["position"]
    list_filter = ["readers", "writers"]
    list_select_related = ["parent"]
    search_fields = ["name", "name_en"]
    autocomplete_fields = ["organizations"]
