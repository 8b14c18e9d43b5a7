"""A backup holds everything of one moment, is whole or refused, and comes back the same."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organization, User
from forum.discussions.models import Attachment, Post, Thread
from forum.jobs.models import Job
from forum.lib import fragments
from forum.operation import actions
from forum.operation.models import Beat
from forum_site.backing_up import Failed, archive, making, places, restoring, tables, trying
from tests.factories import a_category, a_reaction, a_reply, a_thread, an_attachment
from tests.floors import ROOT
from tests.jobs import sample_tasks
from tests.jobs.database import database_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_places() -> Iterator[None]:
    _clear()
    yield
    _clear()


def _clear() -> None:
    for root in places.places().values():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)


@pytest.fixture
def forum(alice, bob, carol) -> Thread:
    """A thread with a reply, a reaction, a file, a job that waits, and a private document."""
    thread = a_thread(bob, a_category(name="Sprawy „różne”"), title="Zażółć gęślą jaźń")
    reply = a_reply(alice, thread, "**Tak**, we wtorki.\n\nI w środy.")
    a_reaction(bob, reply)
    an_attachment(alice, reply, content=b"%PDF-1.4 \x00\xff regulamin")
    sample_tasks.note.enqueue("nowhere", "żółw")
    (Path(settings.PRIVATE_DIR) / "ab").mkdir()
    (Path(settings.PRIVATE_DIR) / "ab" / "cd").write_bytes(b"a document")
    return thread


@pytest.fixture
def file(forum, tmp_path) -> Path:
    path = tmp_path / "forum.tar.gz"
    making.make(path)
    return path


def rows() -> dict[str, tuple[int, str]]:
    return {model._meta.label: tables.digest_of(model) for model in tables.kept_models()}


def restored(file: Path, **options: object) -> archive.Manifest:
    return restoring.restore(file, **{"replaces": True, "keeps_jobs": True, **options})


def test_every_table_is_kept_or_left_out_for_a_reason():
    kept = {model._meta.label for model in tables.kept_models()}
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert kept | tables.LEFT_OUT.keys() == labels
    assert not kept & tables.LEFT_OUT.keys()
    assert all(tables.LEFT_OUT.values())


def test_what_is_restored_is_what_was_there(file, forum, client):
    before, stood = rows(), forum.get_absolute_url()
    Post.objects.create(
        thread=forum, number=99, path="9", author=forum.author, source="x", html="x", seq=99
    )
    User.objects.filter(pk=forum.author_id).update(display_name="Ktoś Inny")
    kept_file = Attachment.objects.get().file
    Path(kept_file.path).unlink()
    (Path(settings.PRIVATE_DIR) / "new").write_bytes(b"written after the backup")

    told = restored(file)
    assert rows() == before
    assert told.rows_count == sum(count for count, _digest in before.values())
    with Attachment.objects.get().file.open() as content:
        assert content.read() == b"%PDF-1.4 \x00\xff regulamin"
    assert Path(kept_file.path).stat().st_mode & 0o077 == 0
    assert [path.name for path in places.files_in(Path(settings.PRIVATE_DIR))] == ["cd"]
    assert "Zażółć gęślą jaźń" in client.get(stood).content.decode()
    # Numbering goes on behind what was restored.
    assert Organization.objects.create(name="Nowe koło", kind="association").pk
    assert a_reply(User.objects.get(pk=forum.author_id), Thread.objects.get()).pk


def test_the_append_only_tables_are_guarded_after_a_restore_as_before(file):
    restored(file)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name GLOB 'append_*'")
        else:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'append%'")
        assert cursor.fetchone()[0] > 0


def test_a_backup_is_of_one_moment_while_people_write(forum, tmp_path, monkeypatch):
    """Somebody posts between the reading of two tables; the file knows nothing of it."""
    tables_read, original = [], making._write_rows

    def write_and_interrupt(writer, model):
        if not tables_read:
            original_count.append(Post.objects.count())
            worker = threading.Thread(target=reply_elsewhere)
            worker.start()
            worker.join(20)
            assert not worker.is_alive(), "who writes must not wait for the backup"
        tables_read.append(model)
        return original(writer, model)

    def reply_elsewhere():
        try:
            a_reply(User.objects.get(pk=forum.author_id), Thread.objects.get(pk=forum.pk))
        finally:
            connection.close()

    original_count: list[int] = []
    monkeypatch.setattr(making, "_write_rows", write_and_interrupt)
    told = making.make(tmp_path / "while.tar.gz")
    assert told.tables["discussions.Post"].rows == original_count[0]
    assert Post.objects.count() == original_count[0] + 1
    restored(tmp_path / "while.tar.gz")
    assert Post.objects.count() == original_count[0]


def test_a_file_that_is_deleted_meanwhile_is_said_to_be_missing(
    forum, tmp_path, monkeypatch, capsys
):
    """Its row is of the moment before: who restores it must not think that all is there."""
    lost, path = Path(Attachment.objects.get().file.path), tmp_path / "while.tar.gz"
    original = making._write_files

    def delete_and_write(*given):
        lost.unlink(missing_ok=True)
        original(*given)

    assert making.make(tmp_path / "before.tar.gz").missing == []
    monkeypatch.setattr(making, "_write_files", delete_and_write)
    call_command("backup", str(path))
    name = f"files/{lost.relative_to(settings.FILES_DIR)}"
    assert name in capsys.readouterr().out
    call_command("restore", str(path), "--yes-replace-everything", "--no-index")
    assert name in capsys.readouterr().out
    assert archive.checked(path).missing == [name]


def test_after_a_restore_no_page_shows_what_was_kept_of_the_forum_before(file):
    """Redis outlives it: the numbers of its fragments may be those of other texts now."""
    fragments.forget_names()
    fragments.keep({"post-1": "<p>Z innego forum</p>"}, fragments.names())
    assert fragments.find(["post-1"]).fragments
    restored(file)
    assert not fragments.find(["post-1"]).fragments


def test_it_is_readable_for_its_owner_only_and_overwrites_nothing(file):
    assert file.stat().st_mode & 0o077 == 0
    content = file.read_bytes()
    with pytest.raises(Failed, match=file.name):
        making.make(file)
    assert file.read_bytes() == content
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_no_secret_of_the_installation_is_in_it(file):
    with tarfile.open(file) as tar:
        content = b"".join(tar.extractfile(member).read() for member in tar)
    assert b"regulamin" in content
    assert settings.SECRET_KEY.encode() not in content


def test_sessions_and_the_index_are_left_out(file, client, alice):
    client.force_login(alice)
    with tarfile.open(file) as tar:
        names = set(tar.getnames())
    assert "rows/discussions.Post" in names
    assert not {f"rows/{name}" for name in tables.LEFT_OUT} & names


# --- Refusals ------------------------------------------------------------------------------------
def tampered(file: Path, *, change=None, without: str = "") -> Path:
    """The backup with other content in a member, or without one."""
    other = file.with_name("tampered.tar.gz")
    with (
        tarfile.open(file) as source,
        other.open("wb") as target,
        archive.writing(target) as writer,
    ):
        for member in source:
            content = source.extractfile(member).read()
            if member.name != without:
                content = change(member.name, content) if change else content
                with (file.parent / "part").open("w+b") as part:
                    part.write(content)
                    part.seek(0)
                    writer.add(member.name, part, len(content))
    return other


def damaged(file: Path, how: str) -> Path:
    if how == "cut":
        other = file.with_name("cut.tar.gz")
        other.write_bytes(file.read_bytes()[:-400])
        return other
    if how == "no archive":
        other = file.with_name("none.tar.gz")
        other.write_bytes(gzip.compress(b"nothing"))
        return other
    if how == "a row changed":
        return tampered(file, change=lambda name, c: c.replace(b"wtorki", b"soboty"))
    if how == "a file changed":
        return tampered(file, change=lambda name, c: c.replace(b" regulamin", b" regulaamin"))
    if how == "a table missing":
        return tampered(file, without="rows/discussions.Reaction")
    return tampered(file, without=archive.MANIFEST)


@pytest.mark.parametrize(
    "how",
    ["cut", "no archive", "a row changed", "a file changed", "a table missing", "no manifest"],
)
def test_a_damaged_backup_is_refused_and_nothing_changes(file, how):
    before = rows()
    with pytest.raises(Failed):
        restored(damaged(file, how))
    assert rows() == before
    assert places.has_files()


def test_a_backup_of_another_version_is_refused(file):
    def other_version(name: str, content: bytes) -> bytes:
        if name != archive.MANIFEST:
            return content
        told = json.loads(content)
        told["migrations"].append(["accounts", "0099_of_tomorrow"])
        return json.dumps(told).encode()

    before = rows()
    with pytest.raises(Failed, match="0099_of_tomorrow"):
        restored(tampered(file, change=other_version))
    assert rows() == before


def test_a_forum_that_is_there_is_replaced_only_when_that_is_said(file):
    before = rows()
    with pytest.raises(CommandError, match="yes-replace-everything"):
        call_command("restore", str(file))
    assert rows() == before


def test_a_forum_that_works_is_not_replaced(file):
    actions.beat("machine.1")
    with pytest.raises(Failed):
        restored(file)
    Beat.objects.update(at=timezone.now() - timedelta(minutes=10))
    restored(file)


def test_what_differs_after_loading_is_undone(file, monkeypatch):
    before, original = rows(), tables.load

    def load_less(model, lines):
        return original(model, list(lines)[1:] if model is Post else lines)

    monkeypatch.setattr(tables, "load", load_less)
    with pytest.raises(Failed, match="discussions.Post"):
        restored(file)
    assert rows() == before
    assert not any((root / places.STAGED).exists() for root in places.places().values())


def test_jobs_that_waited_can_be_left_out(file):
    assert Job.objects.unfinished().exists()
    restored(file, keeps_jobs=False)
    assert not Job.objects.unfinished().exists()


@pytest.mark.parametrize("name", ["files/../../x", "elsewhere/x", "files//etc/x", "files/"])
def test_no_name_leads_out_of_the_places(name):
    with pytest.raises(Failed):
        places.place_and_path(name)


# --- The commands --------------------------------------------------------------------------------
def test_the_commands_make_verify_and_restore(forum, tmp_path, capsys):
    path, before = tmp_path / "by-command.tar.gz", rows()
    call_command("backup", str(path), "--verify")
    assert ("PostgreSQL" if connection.vendor == "postgresql" else "SQLite") in (
        capsys.readouterr().out
    )
    with transaction.atomic():
        Post.objects.update(source="changed")
    # The index made anew would read attached files anew, too.
    call_command("restore", str(path), "--yes-replace-everything", "--no-index")
    assert rows() == before
    shutil.copy(path, tmp_path / "copy.tar.gz")
    call_command("restore", str(tmp_path / "copy.tar.gz"), "--trial")
    with pytest.raises(CommandError):
        call_command("restore", str(damaged(path, "a row changed")), "--trial")


@pytest.mark.postgresql
def test_a_forum_moves_from_postgresql_to_sqlite_row_by_row(forum, tmp_path, monkeypatch):
    """And so the other way: the trial compares the same lines on both."""
    path = tmp_path / "moving.tar.gz"
    making.make(path)
    monkeypatch.setattr(trying, "_created", lambda name: False)
    assert trying.try_out(path) == "SQLite"


def test_a_backup_passes_through_a_pipe(forum, tmp_path):
    """As with docker compose: out of the one container, into the other."""
    program = [sys.executable, "manage.py"]
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "FILES_DIR": str(settings.FILES_DIR),
        "DJANGO_SETTINGS_MODULE": "forum_site.settings",
    }
    done = {"cwd": ROOT, "env": environment, "capture_output": True, "check": True}
    made = subprocess.run([*program, "backup", "-"], **done)
    assert b"tables" in made.stderr or b"tabel" in made.stderr
    tried = subprocess.run([*program, "restore", "-", "--trial"], input=made.stdout, **done)
    assert b"SQL" in tried.stdout
