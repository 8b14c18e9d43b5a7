"""A column that follows from the others of its row."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class DerivedTextField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """What a method of the row gives, written whenever the row is, as `auto_now` writes a time.

    A save that names its fields names this one too; an update of a query set writes it itself.
    Compared byte by byte on every database (PostgreSQL would use the locale's order).
    """

    def __init__(self, *, method: str = "", **options: Any) -> None:
        self.method = method
        super().__init__(**{"default": "", "editable": False, **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "method": self.method}

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # The models that a migration sees have no methods: there the text stays as it is.
        derive = getattr(model_instance, self.method, None)
        if derive is not None:
            setattr(model_instance, self.attname, derive())
        return getattr(model_instance, self.attname)
