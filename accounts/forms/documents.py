"""A private document in a form: judged by what it is, whatever it is called."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import documents
from forum.lib.answers import Refusal

CHOOSABLE = ".pdf,image/jpeg,image/png,image/webp"


class DocumentField(forms.FileField):
    """One private document; `accounts.documents.tidy` names it before it is kept."""

    def __init__(self, **options: Any) -> None:
        given = {
            "required": False,
            "widget": forms.FileInput(attrs={"accept": CHOOSABLE}),
            "error_messages": {"empty": _("This file is empty. Choose another one.")},
        }
        super().__init__(**{**given, **options})

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        answer = documents.may_be_kept(upload) if upload else True
        if isinstance(answer, Refusal):
            raise forms.ValidationError(str(answer.sentence))
        return upload
