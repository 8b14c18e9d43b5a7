"""Posts that go to another thread: numbers stay dense, trees stay trees, addresses lead on."""

from uuid import uuid4

import pytest
from django.urls import reverse

from forum.discussions import actions
from forum.discussions.live import ThreadStream
from forum.discussions.models import Post, ReadMark, Thread
from forum.discussions.reading import by_time, tree_after
from forum.lib.answers import Refused
from forum.lib.paths import segment
from tests.discussions.moving_world import at, fresh, split
from tests.factories import a_category, a_reaction, a_reply, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(bob):
    """1; 2 with 3 under it and 4 under that; 5."""
    thread = a_thread(bob, title="Stary wątek")
    second = a_reply(bob, thread, "drugi")
    third = a_reply(bob, thread, "trzeci", parent=second)
    a_reply(bob, thread, "czwarty", parent=third)
    a_reply(bob, thread, "piąty")
    return thread


def test_a_branch_goes_whole_and_leaves_stubs(talk, carol, bob):
    second, fourth = at(talk, 2), at(talk, 4)
    a_reaction(carol, fourth)
    new = split(carol, talk, 2)

    moved = list(new.posts.order_by("number"))
    assert [post.pk for post in moved][0] == second.pk
    assert [(p.number, p.depth, p.path) for p in moved] == [
        (1, 0, segment(1)),
        (2, 0, segment(2)),  # an answer to the opening post is an answer to the thread
        (3, 1, segment(2) + segment(3)),
    ]
    assert moved[2].reactions.count() == 1
    old = list(talk.posts.order_by("number"))
    assert [post.number for post in old] == [1, 2, 3, 4, 5]
    assert [post.state for post in old[1:4]] == [Post.State.MOVED] * 3
    assert [post.moved_to_id for post in old[1:4]] == [post.pk for post in moved]
    assert (old[1].author, old[1].created_at) == (bob, second.created_at)
    assert [row.post.number for row in tree_after(fresh(talk)).items] == [1, 2, 5]
    assert [row.post.number for row in by_time(fresh(talk), 1).items] == [1, 2, 3, 4, 5]


def test_both_threads_count_what_they_hold(talk, carol):
    category = talk.category
    new = split(carol, talk, 2)
    talk = fresh(talk)
    assert (talk.last_number, talk.replies_count, talk.last_post.number) == (5, 1, 5)
    assert (new.last_number, new.replies_count, new.last_post.number) == (3, 2, 3)
    assert (new.author_id, new.split_from_id) == (talk.author_id, talk.pk)
    category.refresh_from_db()
    assert category.threads_count == 2


def test_every_changed_row_has_a_number_of_its_own(talk, carol):
    before = talk.posts.count()
    new = split(carol, talk, 2)
    seqs = sorted(talk.posts.values_list("seq", flat=True))
    assert len(set(seqs)) == before
    assert max(seqs) == fresh(talk).seq
    assert sorted(new.posts.values_list("seq", flat=True)) == [1, 2, 3]
    assert new.seq == 3


def test_a_branch_under_a_root_that_stays_is_counted_out(talk, carol):
    new = split(carol, talk, 3)
    root = at(talk, 2)
    assert root.branch_count == 1  # the line that says where the rest went
    assert [row.post.number for row in tree_after(fresh(talk)).items] == [1, 2, 3, 5]
    assert new.last_number == 2


def test_several_branches_go_at_once(talk, carol):
    new = split(carol, talk, 3, 4, 5)
    assert list(new.posts.order_by("number").values_list("source", flat=True)) == [
        "trzeci",
        "czwarty",
        "piąty",
    ]
    assert at(talk, 2).branch_count == 1


def test_the_same_split_sent_twice_makes_one_thread(talk, carol):
    assert split(carol, talk, 2) == split(carol, talk, 2)
    assert Thread.objects.count() == 2


@pytest.mark.parametrize("numbers", [(), (1,), (1, 2), (99,), tuple(range(2, 300))])
def test_what_cannot_be_split_off_is_refused(talk, carol, numbers):
    with pytest.raises(Refused):
        split(carol, talk, *numbers)
    assert Thread.objects.count() == 1


def test_only_staff_split_and_merge(talk, bob, alice):
    with pytest.raises(Refused):
        split(bob, talk, 2)
    with pytest.raises(Refused):
        actions.merge(staff=alice, thread=talk, into=a_thread(bob))


def test_a_merged_thread_stands_behind_the_other(talk, carol, bob):
    into = a_thread(bob, title="Nowy dom")
    a_reply(bob, into)
    merged = actions.merge(staff=carol, thread=talk, into=into)

    assert list(merged.posts.order_by("number").values_list("number", flat=True)) == [*range(1, 8)]
    assert [row.post.number for row in tree_after(merged).items] == [*range(1, 8)]
    assert (merged.last_number, merged.replies_count, merged.merged_count) == (7, 6, 1)
    assert at(merged, 4).branch_count == 2
    assert fresh(talk).merged_into == merged
    talk.category.refresh_from_db()
    assert talk.category.threads_count == 0


def test_merging_again_changes_nothing(talk, carol, bob):
    into = a_thread(bob)
    seq = actions.merge(staff=carol, thread=talk, into=into).seq
    assert actions.merge(staff=carol, thread=talk, into=into).seq == seq


def test_no_thread_goes_into_itself_or_into_one_that_is_gone(talk, carol, bob):
    into, other = a_thread(bob), a_thread(bob)
    with pytest.raises(Refused):
        actions.merge(staff=carol, thread=talk, into=talk)
    actions.merge(staff=carol, thread=talk, into=into)
    for thread, target in [(into, talk), (talk, other), (other, talk)]:
        with pytest.raises(Refused):
            actions.merge(staff=carol, thread=thread, into=target)


def test_a_branch_comes_home_by_a_merge(talk, carol):
    pk = at(talk, 3).pk
    new = split(carol, talk, 3)
    home = actions.merge(staff=carol, thread=new, into=fresh(talk))
    assert Post.objects.get(pk=pk).number == 6
    assert at(home, 3).moved_to_id == pk
    assert at(home, 3).fragment_pk == at(home, 3).pk
    html = ThreadStream().changes(home.pk, 0).html
    assert html.count(f'id="post-{pk}"') == 1


def test_old_addresses_lead_to_the_new_places(client, talk, carol, bob):
    pk = at(talk, 3).pk
    new = split(carol, talk, 3)
    stub = at(talk, 3)
    place = client.get(reverse("discussions:place", args=[talk.pk, 3]))
    assert (place.status_code, place["Location"]) == (301, f"/threads/{new.pk}/posts/1/")
    alone = client.get(reverse("discussions:post", args=[stub.pk]))
    assert (alone.status_code, alone["Location"]) == (301, f"/posts/{pk}/")
    actions.merge(staff=carol, thread=talk, into=a_thread(bob))
    merged = client.get(talk.get_absolute_url())
    target = fresh(talk).merged_into
    assert (merged.status_code, merged["Location"]) == (301, target.get_absolute_url())
    followed = client.get(reverse("discussions:place", args=[talk.pk, 3]), follow=True)
    assert followed.redirect_chain[0][0] == f"/threads/{new.pk}/posts/1/"


def test_the_threads_name_each_other(client, talk, carol):
    new = split(carol, talk, 3, title="Dyskusja o kosztach")
    old_page = client.get(talk.get_absolute_url()).content.decode()
    assert f'href="/threads/{new.pk}/posts/1/">Dyskusja o kosztach</a>' in old_page
    new_page = client.get(new.get_absolute_url()).content.decode()
    assert f'href="/threads/{talk.pk}/">Stary wątek</a>' in new_page


def test_a_title_few_may_read_is_not_told_to_all(client, talk, carol):
    hidden = a_category(readers="staff")
    split(carol, talk, 3, title="Poufne rozmowy", category=hidden)
    assert "Poufne" not in client.get(talk.get_absolute_url()).content.decode()
    assert "Poufne" not in ThreadStream().changes(talk.pk, 0).html


def test_the_stream_of_the_old_thread_replaces_moved_posts(talk, carol):
    top, below = at(talk, 3), at(talk, 4)
    since = fresh(talk).seq
    split(carol, talk, 3)
    changes = ThreadStream().changes(talk.pk, since)
    assert changes.seq == fresh(talk).seq
    assert f'id="post-{top.pk}"' in changes.html
    assert f'id="post-{below.pk}"' in changes.html
    assert changes.html.count("data-aside hidden") == 1
    assert "trzeci" not in changes.html


def test_the_answer_and_the_office_go_with_their_posts(talk, carol, starostwo, bob):
    official = a_reply(carol, talk, "urzędowo", parent=at(talk, 2), voice=starostwo)
    actions.accept(author=bob, post=official, on=True)
    new = split(carol, talk, 2)
    talk = fresh(talk)
    assert (talk.accepted, talk.has_official_answer) == (None, False)
    assert (new.accepted, new.has_official_answer) == (official, True)


def test_a_stub_is_unread_for_nobody(talk, carol, alice):
    ReadMark.objects.create(user=alice, thread=talk, ranges="1-2", read_count=2)
    split(carol, talk, 3)
    mark = ReadMark.objects.get(user=alice, thread=talk)
    assert (mark.ranges, mark.read_count) == ("1-4", 4)


def test_a_reply_to_a_moved_post_keeps_its_text(client, talk, carol, bob):
    split(carol, talk, 3)
    client.force_login(bob)
    form = {"body": "Moje długie zdanie", "body_format": "markdown", "parent": "3", "once": uuid4()}
    response = client.post(reverse("discussions:reply", args=[talk.pk]), form)
    assert response.status_code == 422
    assert "Moje długie zdanie" in response.content.decode()


def test_a_reply_that_was_on_its_way_is_refused(talk, carol, bob):
    parent = at(talk, 3)
    split(carol, talk, 3)
    with pytest.raises(Refused):
        a_reply(bob, talk, parent=parent)
    assert not Post.objects.filter(source="Chętnie we wtorki.", author=bob).exists()


def test_what_is_done_with_a_moved_post_is_done_where_it_is(talk, carol, bob):
    stale = Post.objects.select_related("thread").get(pk=at(talk, 3).pk)
    new = split(carol, talk, 3)
    with pytest.raises(Refused):
        actions.withdraw(author=bob, post=stale)
    post = actions.withdraw(author=bob, post=Post.objects.get(pk=stale.pk))
    assert post.seq == fresh(new).seq


def test_ten_thousand_posts_go_in_few_queries(talk, carol, bob, django_assert_max_num_queries):
    first = 6
    Post.objects.bulk_create(
        [
            Post(
                thread=talk,
                number=n,
                path=segment(2) + segment(n),
                depth=1,
                parent=at(talk, 2) if n == first else None,
                author=bob,
                source_format="html",
                seq=n,
            )
            for n in range(first, 10_006)
        ]
    )
    Thread.objects.filter(pk=talk.pk).update(last_number=10_005, seq=10_005)
    with django_assert_max_num_queries(310):
        new = split(carol, talk, 2)
    assert new.last_number == 10_003
    assert new.posts.count() == 10_003
