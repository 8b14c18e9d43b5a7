from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CategoriesConfig(AppConfig):
    name = "forum.categories"
    verbose_name = _("categories")

    def ready(self) -> None:
        from accounts import personal_data
        from forum.categories.models import Category

        personal_data.register_impersonal(Category, "a place to write, and for whom it is")
