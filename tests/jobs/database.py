"""The tests' own database as other processes are told about it."""

from urllib.parse import quote, urlencode

from django.db import connection


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(str(given['NAME']))}"
    address = f"{quote(given['USER'], '')}:{quote(given['PASSWORD'], '')}"
    port = f":{given['PORT']}" if given["PORT"] else ""
    if given["HOST"].startswith("/") or not given["HOST"]:
        # A socket's directory does not fit where a host stands.
        query = urlencode({"host": given["HOST"]}) if given["HOST"] else ""
        return f"postgres://{address}@{port}/{given['NAME']}?{query}"
    return f"postgres://{address}@{given['HOST']}{port}/{given['NAME']}"
