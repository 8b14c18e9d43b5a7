"""The demo county: complete, consistent as if it had been written live, and never built twice."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone, translation

from accounts import actions
from accounts.models import Mandate, Organization, User, VerificationCase
from accounts.rules import may_speak, voices_of
from forum.categories.models import Category
from forum.categories.rules import may_write
from forum.discussions.models import Mention, Post, Reaction, Thread
from forum.discussions.rules import may_read
from forum.lib import identifiers
from forum.lib.markup import clean_html, is_empty, plain_text, render
from forum.lib.paths import segment
from forum.moderation.rulebook import rules_in_force
from forum.search import queries
from forum.search.finding import Filters, find
from forum.search.models import Entry
from forum_site.demo.county import PASSWORD
from tests.demo_building import build

pytestmark = pytest.mark.django_db

ROOMS = ["accounts", "categories", "discussions", "duty", "account"]
MINIMUM = {Organization: 28, User: 60, Thread: 35, Post: 250, Reaction: 500}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Built once for all tests here: each is rolled back to it."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        translation.override(settings.LANGUAGE_CODE),
    ):
        build(quiet=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def county(built, db):
    """The demo county."""


def everything():
    """All rows of the rooms that the demo fills, links between categories and organizations too."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    models.append(Category.organizations.through)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_a_second_run_changes_nothing():
    before = everything()
    build(quiet=True)
    assert everything() == before


def test_a_run_on_another_day_changes_nothing():
    before = everything()
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        build(quiet=True)
    assert everything() == before


def test_a_missing_thread_is_built_beside_what_is_there():
    renamed = Thread.objects.latest_first().first()
    title, seq_before = renamed.title, renamed.category.seq
    Thread.objects.filter(pk=renamed.pk).update(title="Inny tytuł")
    build(quiet=True)
    again = Thread.objects.get(title=title)
    assert again.posts.count() == renamed.posts.count()
    assert again.category.seq == seq_before + renamed.last_number
    assert again.listing_seq == again.category.seq
    assert again.category.threads_count == again.category.threads.count()


def test_the_county_is_large_enough_to_click_through():
    counts = {model: model.objects.count() for model in MINIMUM}
    assert {model: count for model, count in counts.items() if count < MINIMUM[model]} == {}
    kinds = set(Organization.objects.values_list("kind", flat=True))
    assert kinds == set(Organization.Kind.values)
    gminas = set(Organization.objects.values_list("gmina", flat=True))
    assert gminas == set(Organization.Gmina.values)
    assert not Organization.objects.filter(short_name="").exists()


def test_the_county_has_rules_to_decide_by():
    assert rules_in_force().version == 1


def test_every_openness_occurs_and_has_threads():
    readers = Category.objects.filter(threads_count__gt=0).values_list("readers", flat=True)
    assert set(readers) == set(Category.Readers.values)
    assert set(Category.objects.values_list("writers", flat=True)) == set(Category.Writers.values)
    named = Category.objects.filter(readers=Category.Readers.ORGANIZATIONS)
    assert all(category.organizations.exists() for category in named)
    assert Category.objects.exclude(parent=None).exists()
    assert not Category.objects.filter(name_en="").exists()


def test_posts_are_numbered_in_the_order_of_time_without_gaps():
    for thread in Thread.objects.all():
        posts = list(thread.posts.order_by("number"))
        assert [post.number for post in posts] == list(range(1, len(posts) + 1))
        times = [post.created_at for post in posts]
        assert times == sorted(times), thread.title
        assert thread.last_number == len(posts)
        assert thread.last_post == posts[-1]
        assert thread.last_post_at == posts[-1].created_at
        assert thread.created_at == posts[0].created_at
        assert (thread.author, thread.organization) == (posts[0].author, posts[0].organization)


def test_paths_depths_and_branch_counts_follow_from_the_parents():
    branches = Counter()
    posts = {post.pk: post for post in Post.objects.select_related("parent").order_by("pk")}
    for post in posts.values():
        parent = posts.get(post.parent_id)
        assert post.path == (parent.path if parent else "") + segment(post.number)
        assert post.depth == (parent.depth + 1 if parent else 0)
        if parent:
            assert parent.thread_id == post.thread_id
            assert 1 < parent.number < post.number  # answers to the opening post have no parent
            branches[post.thread_id, post.root_path] += 1
    for post in posts.values():
        expected = branches[post.thread_id, post.path] if post.depth == 0 else 0
        assert post.branch_count == expected
    assert max(post.depth for post in posts.values()) >= 8
    assert max(Counter(post.thread_id for post in posts.values()).values()) >= 60


def test_change_numbers_are_those_of_the_changes_made():
    for thread in Thread.objects.all():
        posts = list(thread.posts.all())
        edits = sum(post.edited_at is not None for post in posts)
        withdrawals = sum(post.is_withdrawn for post in posts)
        reactions = Reaction.objects.filter(post__thread=thread).count()
        assert thread.seq == len(posts) + edits + withdrawals + reactions
        seqs = [post.seq for post in posts]
        assert len(set(seqs)) == len(seqs)
        assert min(seqs) >= 1
        assert max(seqs) == thread.seq


def test_categories_count_their_threads_and_the_changes_of_their_lists():
    for category in Category.objects.all():
        threads = list(category.threads.order_by("last_post_at"))
        seqs = [thread.listing_seq for thread in threads]
        assert category.threads_count == len(threads)
        assert category.seq == Post.objects.filter(thread__category=category).count()
        assert seqs == sorted(set(seqs))
        assert max(seqs, default=0) == category.seq


def test_official_answers_are_marked_and_do_not_count_the_opening_post():
    for thread in Thread.objects.all():
        office = thread.posts.filter(organization__kind=Organization.Kind.OFFICE, number__gt=1)
        assert thread.has_official_answer == office.exists()
    assert Thread.objects.filter(has_official_answer=True).count() >= 8


def test_the_html_of_posts_is_the_cleaned_rendering_of_their_source():
    for post in Post.objects.all():
        assert post.html == render(post.source, post.source_format)
        assert post.html == clean_html(post.html)
        assert not is_empty(post.html)


def test_everybody_writes_and_reacts_only_where_and_as_whom_they_may():
    spoken = {(post.author, post.organization) for post in Post.objects.for_display()}
    spoken |= {(row.user, row.organization) for row in Reaction.objects.all()}
    spoken |= {(user, user.last_voice) for user in User.objects.all()}
    refused = [f"{user} – {voice}" for user, voice in spoken if not may_speak(user, voice)]
    written = {
        (post.author, post.thread.category)
        for post in Post.objects.select_related("author", "thread__category")
    }
    refused += [
        f"{user} @ {category}" for user, category in written if not may_write(user, category)
    ]
    given = {
        (row.user, row.post.thread)
        for row in Reaction.objects.select_related("user", "post__thread")
    }
    refused += [f"{user} @ {thread}" for user, thread in given if not may_read(user, thread)]
    own = [
        row for row in Reaction.objects.select_related("post") if row.user_id == row.post.author_id
    ]
    assert (refused, own) == ([], [])
    assert not Reaction.objects.filter(post__state=Post.State.WITHDRAWN).exists()


def test_there_are_edited_withdrawn_and_unanswered_posts():
    assert Post.objects.exclude(edited_at=None).count() >= 3
    assert Post.objects.filter(state=Post.State.WITHDRAWN).count() == 2
    questions = Thread.objects.filter(last_number=1, category__writers=Category.Writers.MEMBERS)
    assert questions.count() == 3
    assert set(Reaction.objects.values_list("kind", flat=True)) == set(Reaction.Kind.values)


def test_there_are_mentions_and_quotes_that_lead_to_their_place():
    mentions = Mention.objects.select_related("user", "post")
    assert mentions.exclude(user=None).count() >= 3
    assert mentions.exclude(organization=None).exists()
    for mention in mentions.exclude(user=None):
        assert mention in Mention.objects.of(mention.user)
    quoting = Post.objects.filter(html__contains="<blockquote><p><a href=")
    for post in quoting:
        quoted = post.thread.posts.get(number=int(post.html.split("/posts/")[1].split("/")[0]))
        assert quoted.number < post.number
        assert plain_text(quoted.html) in plain_text(post.html)
    assert quoting.exists()


def test_mandates_of_every_role_some_ended_some_members_in_two_organizations():
    assert set(Mandate.objects.values_list("role", flat=True)) == set(Mandate.Role.values)
    today = timezone.localdate()
    assert Mandate.objects.filter(valid_to__lt=today).count() >= 3
    assert Mandate.objects.exclude(revoked_at=None).exists()
    organizations = Counter(Mandate.objects.current().values_list("user", flat=True))
    assert sum(count > 1 for count in organizations.values()) >= 2
    represented = set(Mandate.objects.current().that_speak().values_list("organization", flat=True))
    claimed = Organization.objects.claimed().values_list("pk", flat=True)
    assert represented == set(claimed)


def test_two_cases_wait_for_the_adviser_and_a_decision_stays():
    waiting = VerificationCase.objects.waiting().oldest_first()
    assert [case.kind for case in waiting] == ["claim", "new"]
    assert all(case.entries.exists() for case in waiting)
    adviser = User.objects.get(email="doradca@example.org")
    for case in waiting:
        actions.decide(
            staff=adviser,
            case=case,
            version=0,
            verdict=actions.Verdict(VerificationCase.State.ACCEPTED),
        )
    build(quiet=True)
    assert not VerificationCase.objects.open().exists()


def test_the_four_accounts_log_in_and_are_what_the_table_says():
    people = {}
    for name in ("czlonkini", "reprezentant", "doradca", "administrator"):
        email = f"{name}@example.org"
        assert authenticate(None, email=email, password=PASSWORD).email == email
        people[name] = User.objects.get(email=email)
    verified = EmailAddress.objects.filter(verified=True, primary=True)
    assert verified.count() == EmailAddress.objects.count() == User.objects.count()
    assert not voices_of(people["czlonkini"]).exists()
    assert people["czlonkini"].mandates.current().exists()
    assert voices_of(people["reprezentant"]).exists()
    assert people["doradca"].is_staff
    assert voices_of(people["doradca"]).get().is_office
    assert people["administrator"].is_superuser
    assert User.objects.filter(is_superuser=True).count() == 1


def test_organizations_have_numbers_that_fit_and_some_are_verified_some_unclaimed():
    organizations = list(Organization.objects.prefetch_related("spheres"))
    for each in organizations:
        assert not each.nip or identifiers.nip(each.nip) == each.nip
        assert not each.regon or identifiers.regon(each.regon) == each.regon
        if each.register == Organization.Register.KRS:
            assert identifiers.krs(each.register_number) == each.register_number
            assert each.register_number.startswith("00099000")  # the register is not there yet
    assert Organization.objects.verified().count() >= 8
    assert Organization.objects.unclaimed().count() >= 2
    assert not Organization.objects.unclaimed().verified().exists()
    waiting = VerificationCase.objects.open().filter(kind="new")
    newcomers = set(waiting.values_list("organization", flat=True))
    filled = [each for each in organizations if each.is_entitled and each.pk not in newcomers]
    assert len(filled) > len(newcomers)
    assert all(each.spheres.all() for each in filled)
    registers = {each.register for each in organizations}
    assert registers == set(Organization.Register.values) - {"church", "other"}


def test_the_search_finds_its_posts_and_files():
    (hit,) = find(AnonymousUser(), queries.read("koszt ogrzewania dzielimy"), Filters()).hits
    assert hit.shown.names["file"].name == "Zasady korzystania z sali.pdf"
    published = Post.objects.filter(state=Post.State.PUBLISHED)
    assert Entry.objects.filter(kind="post").count() == published.count()
