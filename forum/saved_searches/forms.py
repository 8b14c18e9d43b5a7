"""What saved searches take from pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.saved_searches.actions import Question
from forum.saved_searches.models import TITLE_MAX_LENGTH
from forum.search.queries import CHARS_MAX, read


class KeepForm(forms.Form):
    """A search as the page of results has it."""

    q = forms.CharField(max_length=CHARS_MAX)
    category = forms.ModelChoiceField(Category.objects.none(), required=False)
    organization = forms.ModelChoiceField(Organization.objects.all(), required=False)
    gmina = forms.ChoiceField(choices=Organization.Gmina.choices, required=False)
    official = forms.BooleanField(required=False)
    attached = forms.BooleanField(required=False)

    def __init__(self, data: object, *, member: User) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.POST
        self.fields["category"].queryset = Category.objects.readable_by(member)  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        text = str(self.cleaned_data["q"])
        if not read(text):
            raise forms.ValidationError(
                _("These words stand in nearly every text. Add one that tells more.")
            )
        return text

    def question(self) -> Question:
        """What is looked for. To be asked of a valid form."""
        given = self.cleaned_data
        return Question(
            text=given["q"],
            category=given["category"],
            organization=given["organization"],
            gmina=given["gmina"],
            is_official=given["official"],
            has_files=given["attached"],
        )


class RenameForm(forms.Form):
    """How a search is called; empty, by its words."""

    title = forms.CharField(label=_("Name"), max_length=TITLE_MAX_LENGTH, required=False)
