"""A program of the tests: `manage.py up` whose workers die once, and that looks often."""

import os
import sys
import threading

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")


def die_once() -> None:
    """The first worker of this process ends by an error; who comes after it works."""
    real, deaths = worker.work, []

    def work(stop: threading.Event) -> None:
        if not deaths:
            deaths.append(threading.current_thread().name)
            raise MemoryError
        real(stop)

    worker.work = work
    beating.EVERY_S = 0.2


if __name__ == "__main__":
    import django

    django.setup()
    from forum.jobs import beating, worker

    die_once()
    execute_from_command_line(["manage.py", "up", *sys.argv[1:]])
