"""Tokens and web hooks: one's own, the administrators'; what a program calls opens to a token alone."""

from hls.api.actions import make_token
from hls.api.models import Scope
from hls.hooks.actions import add_hook
from tests.access.rows import SIGNED_IN, Row

ADMIN = frozenset({"admin"})
OWN = frozenset({"worker"})


def build(w):
    """A token of the worker's, and a hook with two messages; each name with who may read it."""
    name = w.secret("name of a token", OWN | ADMIN)
    w.api_token, w.api_token_itself = make_token(user=w.worker, place=w.place, name=name, scopes=Scope.values, days=30)
    w.hook, w.hook_secret = add_hook(
        place=w.place, name=w.secret("name of a web hook", ADMIN), by=w.admin, kinds=["raised"],
        address=f"https://hooks.example.org/{w.secret('address of a web hook', ADMIN)}",
    )  # fmt: skip
    w.hook.messages.create()


def hook(w):
    return {"pk": w.hook.pk}


def issue(w):
    return {"ref": w.issue.ref}


def one(name, kwargs, only_post=False):
    return Row(f"api:{name}", kwargs, token=True, only_post=only_post, posts=frozenset())


def whole(name, only_post=False):
    return Row(f"api:{name}", token=True, only_post=only_post, posts=frozenset())


ROWS = [
    Row("tokens", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("tokens_document", sees=SIGNED_IN),
    Row("token_end", lambda w: {"pk": w.api_token.pk}, posts=OWN | ADMIN, only_post=True),
    Row("place_tokens", sees=ADMIN),
    Row("hooks", sees=ADMIN),
    Row("hook_new", sees=ADMIN, posts=ADMIN),
    Row("hook", hook, sees=ADMIN),
    Row("hook_edit", hook, sees=ADMIN, posts=ADMIN),
    Row("hook_end", hook, posts=ADMIN, only_post=True),
    Row("hook_secret", hook, posts=ADMIN, only_post=True),
    Row("hook_try", hook, posts=ADMIN, only_post=True),
    Row("hook_again", hook, posts=ADMIN, only_post=True),
    whole("openapi"),
    whole("me"),
    whole("issues"),
    whole("issue_search", only_post=True),
    one("issue", issue),
    one("issue_path", issue),
    one("issue_level", issue, only_post=True),
    one("issue_countermeasure", issue, only_post=True),
    one("issue_system_change", issue, only_post=True),
    one("issue_escalate", issue, only_post=True),
    one("issue_close", issue, only_post=True),
    one("issue_reopen", issue, only_post=True),
    whole("cycles"),
    one("cycle", lambda w: {"pk": w.cycle.pk}),
    whole("experiments"),
    one("experiment", lambda w: {"pk": w.experiment.pk}),
    whole("debriefs"),
    one("debrief", lambda w: {"pk": w.held.pk}),
    whole("groups"),
    one("group", lambda w: {"slug": w.leadership.slug}),
]
