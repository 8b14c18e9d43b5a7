"""A small truth to test the browser code against: one thread, drawn by the forum's contract."""

from collections.abc import Callable
from dataclasses import dataclass, field

from forum.lib.paths import segment

LEVELS = 4
CHANGES_AT_ONCE = 3  # few, so that a catch-up takes several rounds
SHOWN_IN_BRANCH = 4

FOLD_WORDS = (
    'data-one="Jeszcze {count} odpowiedź" data-few="Jeszcze {count} odpowiedzi"'
    ' data-many="Jeszcze {count} odpowiedzi"'
)


@dataclass
class Post:
    number: int
    path: str
    root: str
    level: int
    author: int
    words: str
    seq: int
    state: str = "published"
    thanked_by: list[int] = field(default_factory=list)


class World:
    """The thread `thread.1`; every change takes the next number."""

    def __init__(self) -> None:
        self.seq = 0
        self.posts: list[Post] = []
        self.page_size = 1_000  # posts in time, roots in the tree

    def post(self, *, parent: int | None = None, author: int = 2, words: str = "") -> Post:
        self.seq += 1
        number = len(self.posts) + 1
        above = self.posts[parent - 1] if parent else None
        path = (above.path if above else "") + segment(number)
        made = Post(
            number=number,
            path=path,
            root=above.root if above else path,
            level=min(above.level + 1, LEVELS - 1) if above else 0,
            author=author,
            words=words or f"Words of {number}",
            seq=self.seq,
        )
        self.posts.append(made)
        return made

    def edit(self, number: int, words: str) -> Post:
        return self._changed(number, lambda post: setattr(post, "words", words))

    def withdraw(self, number: int) -> Post:
        return self._changed(number, lambda post: setattr(post, "state", "withdrawn"))

    def thank(self, number: int, viewer: int) -> Post:
        def turn(post: Post) -> None:
            (post.thanked_by.remove if viewer in post.thanked_by else post.thanked_by.append)(
                viewer
            )

        return self._changed(number, turn)

    def _changed(self, number: int, change: Callable[[Post], None]) -> Post:
        self.seq += 1
        post = self.posts[number - 1]
        change(post)
        post.seq = self.seq
        return post

    def changes(self, since: int) -> dict[str, object]:
        changed = sorted((p for p in self.posts if p.seq > since), key=lambda p: p.seq)
        now, rest = changed[:CHANGES_AT_ONCE], changed[CHANGES_AT_ONCE:]
        html = "".join(map(draw_post, now)) + self.head()
        seq = now[-1].seq if rest else self.seq
        return {"stream": "thread.1", "seq": seq, "html": html, "more": bool(rest)}

    def frame(self, post: Post) -> dict[str, object]:
        html = draw_post(post) + self.head()
        return {"type": "change", "stream": "thread.1", "seq": self.seq, "html": html}

    def head(self) -> str:
        return (
            f'<header id="thread-head-1" data-kind="thread-head" data-seq="{self.seq}">'
            f"{len(self.posts)} posts</header>"
        )

    def conversation(self, order: str) -> str:
        rows, has_later = self._in_time() if order == "time" else self._in_tree()
        return (
            f'<section class="conversation" id="posts" data-list="post" data-order="{order}"'
            f' data-last-number="{len(self.posts)}" data-has-later="{str(has_later).lower()}">'
            f"{rows}</section>"
        )

    def _in_time(self) -> tuple[str, bool]:
        shown = self.posts[: self.page_size]
        return "".join(map(draw_post, shown)), len(self.posts) > len(shown)

    def _in_tree(self) -> tuple[str, bool]:
        roots = [post for post in self.posts if post.path == post.root]
        shown = roots[: self.page_size]
        return "".join(self.branch(root.root) for root in shown), len(roots) > len(shown)

    def branch(self, root: str, after: str = "") -> str:
        branch = sorted((p for p in self.posts if p.root == root), key=lambda p: p.path)
        left = [post for post in branch if post.path > after]
        shown, rest = left[:SHOWN_IN_BRANCH], left[SHOWN_IN_BRANCH:]
        fold = self._fold(branch[0], shown[-1], len(rest)) if rest else ""
        return "".join(map(draw_post, shown)) + fold

    def _fold(self, root: Post, last: Post, left: int) -> str:
        url = f"/threads/1/branches/{root.number}/?after={last.path}"
        return (
            f'<p class="fold" id="fold-{root.number}" data-root="{root.root}" data-left="{left}"'
            f' data-after="{last.path}" data-last-number="{len(self.posts)}" {FOLD_WORDS}>'
            f'<a href="{url}">Jeszcze {left}</a></p>'
        )


def draw_post(post: Post) -> str:
    by = " ".join(map(str, post.thanked_by))
    words = "<p>withdrawn</p>" if post.state == "withdrawn" else f"<p>{post.words}</p>"
    return (
        f'<article class="post" id="post-{post.number}" data-kind="post" data-seq="{post.seq}"'
        f' data-number="{post.number}" data-path="{post.path}" data-root="{post.root}"'
        f' data-level="{post.level}" data-author="{post.author}" data-state="{post.state}"'
        f' tabindex="-1"><b class="post__name">Member {post.author}</b>'
        f'<div class="post__words words">{words}</div><footer>'
        f'<a data-action="reply" href="/posts/{post.number}/reply/">Odpowiedz</a>'
        f'<reaction-button data-by="{by}"><button form="react" name="kind" value="thank"'
        f' formaction="/posts/{post.number}/reactions/">Dziękuję'
        f" <span>{len(post.thanked_by)}</span></button></reaction-button>"
        f"<details><summary>Kto</summary>{by}</details>"
        f'<read-aloud hidden data-for="post-{post.number}"><button type="button" data-part="toggle"'
        f' data-listen="Odsłuchaj" data-pause="Wstrzymaj" data-resume="Wznów">Odsłuchaj</button>'
        f'<button type="button" data-part="stop" hidden>Zakończ</button></read-aloud>'
        f'<own-actions data-author="{post.author}" hidden><a href="/edit/">Edytuj</a></own-actions>'
        f"</footer></article>"
    )
