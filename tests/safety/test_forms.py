"""Every form of every role, found by following links, and tried with what people should not send."""

import pytest

from tests.access.conftest import _as_it_was, _light, clients, worlds  # noqa: F401 - one of everything, for the crawl
from tests.access.rows import PEOPLE, all_rows
from tests.safety import probes

# A helper is a worker of another team; what an evidence team is offered, all others are too.
ROLES = ("worker", "recorder", "leader", "steward", "admin")


def starts(who, world):
    """Addresses in the table too: a page that no link leads to has forms all the same."""
    return [
        "/",
        *[row.url(world) for row in all_rows() if who in row.sees and not row.only_post and row.crawl],
    ]


@pytest.fixture(scope="module")
def crawled(worlds, clients):  # noqa: F811
    """What each person meets when they follow every link, read once."""
    return {who: probes.crawl(clients["here", who], starts(who, worlds[0])) for who in ROLES}


def by_key(crawled, method):
    """Each form once, with who reaches it: {key: (who, form)}."""
    every = {}
    for who, pages in crawled.items():
        for key, form in probes.forms_of(pages, method).items():
            every.setdefault(key, (who, form))
    return every


@pytest.fixture(scope="module")
def found(crawled):
    return by_key(crawled, "post")


@pytest.fixture(scope="module")
def found_elsewhere(found, worlds, clients):  # noqa: F811
    """The same forms as the other place offers them: of its pages in the table that have one, each kind once."""
    from tests.access.conftest import _signed_in

    every, world = {}, worlds[1]
    kinds = {probes.name_of(form.page) for _, form in found.values()}
    for who in ROLES:
        client, seen = _signed_in(getattr(world, who)), {form.page for form in every.values()}
        pages = [url for url in starts(who, world) if url not in seen and probes.name_of(url) in kinds]
        for key, form in probes.forms_on(client, pages).items():
            every.setdefault(key, form)
    return every


def complaints(attempts):
    """All that went wrong, not only the first."""
    told = []
    for attempt in attempts:
        try:
            attempt()
        except AssertionError as problem:
            told.append(str(problem).split("\n")[0])
    return sorted(set(told))


def test_forms_of_every_role_are_found(found):
    names = {key[0] for key in found}
    assert {"people:account", "people:team", "people:invite", "people:membership_new", "people:switch"} & names
    assert len(found) > 8


def test_nasty_text_is_only_ever_text(found, clients):  # noqa: F811
    assert complaints(lambda c=clients["here", who], f=form: probes.fuzz(c, f) for who, form in found.values()) == []


def test_nasty_searches_are_only_ever_searches(crawled, clients):  # noqa: F811
    every = by_key(crawled, "get")
    assert (
        complaints(lambda w=who, f=form: probes.fuzz_query(clients["here", w], f) for who, form in every.values()) == []
    )


# The signed link in the letter is what allows it: a mail program posts it for its reader (RFC 8058).
ALLOWED_BY_A_LINK = {"notices_stop"}


def test_every_form_needs_its_token(found, worlds):  # noqa: F811
    strict = {who: probes.strict_client(getattr(worlds[0], who)) for who in ROLES}
    asked = [(strict[who], form) for key, (who, form) in found.items() if key[0] not in ALLOWED_BY_A_LINK]
    probes.assert_changes_nothing(probes.assert_csrf_enforced, *asked)


def test_reading_a_forms_address_changes_nothing(found, clients):  # noqa: F811
    probes.assert_changes_nothing(
        probes.assert_get_is_safe, *((clients["here", who], form) for who, form in found.values())
    )


def test_choices_of_another_place_are_refused(found, found_elsewhere, clients):  # noqa: F811
    tried = [
        (clients["here", who], form, name, sent)
        for key, (who, form) in found.items()
        if key in found_elsewhere
        for name, sent in probes.foreign_choices(form, found_elsewhere[key])
    ]
    assert tried, "no form offered a choice to try"
    probes.assert_changes_nothing(probes.assert_foreign_choices_refused, *tried, leave_out=probes.KEPT_AS_TYPED)


def test_fields_that_were_not_asked_for_are_ignored(found, clients, worlds):  # noqa: F811
    assert (
        complaints(
            lambda c=clients["here", who], f=form: probes.assert_extra_fields_ignored(c, f, worlds[1])
            for who, form in found.values()
        )
        == []
    )


def test_everyone_is_crawled():
    assert set(ROLES) <= set(PEOPLE)


def test_words_sent_after_the_session_ended_come_back(found, worlds):  # noqa: F811
    from tests.factories import PASSWORD

    tried = []
    told = complaints(
        lambda w=who, f=form: tried.append(probes.assert_words_survive_sign_out(getattr(worlds[0], w), PASSWORD, f))
        for who, form in found.values()
    )
    assert told == []
    assert sum(tried) > 3


def test_second_editor_is_told_and_loses_nothing(found, clients):  # noqa: F811
    versioned = [
        (who, form) for who, form in found.values() if any(c.name == "version" and c.value for c in form.controls)
    ]
    assert len(versioned) > 2
    assert (
        complaints(
            lambda c=clients["here", who], f=form: probes.assert_second_editor_is_told(c, f) for who, form in versioned
        )
        == []
    )
