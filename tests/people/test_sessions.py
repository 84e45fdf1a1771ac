"""Signing in and out, tokens: nothing tells which accounts exist, limits hold in the real store."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from backend.core.actor import ANONYMOUS, SYSTEM, Actor
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people import commands, passwords, queries, throttle
from backend.people.authentication import COOKIE, SESSION_LENGTH, identify
from backend.people.models import AccessToken, SignIn
from backend.people.schemas import TokenIn
from tests.people import given


class Request:
    """What `identify` reads of a request."""

    def __init__(self, cookie=None, bearer=None):
        self.cookies = {COOKIE: cookie} if cookie else {}
        self.headers = {"authorization": bearer} if bearer else {}


@pytest.fixture
def place():
    """An address of the test's own, so that its failures count for nobody else."""
    return f"192.0.2.1-{uuid4()}"


def sign_in(email, password, place):
    with transaction(ANONYMOUS) as tx:
        return commands.sign_in(tx, email, password, place)


def refusal_of(call):
    with pytest.raises(Problem) as refusal:
        call()
    return refusal.value


def test_signing_in_opens_a_session_that_names_the_person(world, place):
    made = given.registered()
    secret = sign_in(" Amina@exemple.ma ", given.PASSWORD, place)
    actor = identify(Request(cookie=secret))
    assert (actor.id, actor.roles) == (made, {"holder"})
    with transaction(actor) as tx:
        session, person = queries.opened(tx, secret)
        assert session.expires_at - session.created_at == SESSION_LENGTH
        assert person.id == made


def test_refusals_are_alike_and_cost_alike(world, place, monkeypatch):
    given.registered()
    closed = given.person("closed@exemple.ma", password=given.PASSWORD)
    given.person("mail-only@exemple.ma")
    with transaction(world.administrator) as tx:
        commands.disable_person(tx, closed)
    checked = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        passwords,
        "_hasher",
        type("H", (), {"verify": staticmethod(lambda p, h: checked.append(h) or real(p, h))}),
    )
    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_nobody", lambda: passwords.PasswordHash.recommended().hash("nobody"))
    seen = set()
    for email, password in (
        ("amina@exemple.ma", "faux mot de passe"),
        ("nobody@exemple.ma", given.PASSWORD),
        ("closed@exemple.ma", given.PASSWORD),
        ("mail-only@exemple.ma", given.PASSWORD),
        ("not an address", given.PASSWORD),
        ("nul\0@exemple.ma", given.PASSWORD),
    ):
        refusal = refusal_of(lambda e=email, p=password: sign_in(e, p, place))
        seen.add((refusal.code, refusal.status, refusal.errors, str(refusal.params)))
    assert seen == {("bad_credentials", 401, (), "{}")}
    assert len(checked) == 6


def test_five_failures_close_the_door_for_a_while_to_that_place_only(world, place):
    given.registered()
    for _ in range(5):
        assert refusal_of(lambda: sign_in("amina@exemple.ma", "faux mot de passe", place)).status == 401
    late = refusal_of(lambda: sign_in("Amina@exemple.ma", given.PASSWORD, place))
    assert late.code == "too_many_requests"
    assert 0 < late.params["retry_after"] <= 900
    assert late.params["headers"] == {"retry-after": str(late.params["retry_after"])}
    assert sign_in("amina@exemple.ma", given.PASSWORD, place + "-elsewhere")


def test_a_success_forgets_the_failures(world, place):
    given.registered()
    for _ in range(3):
        for _ in range(4):
            refusal_of(lambda: sign_in("amina@exemple.ma", "faux mot de passe", place))
        assert sign_in("amina@exemple.ma", given.PASSWORD, place)


def _settings(monkeypatch, **changes):
    from dataclasses import replace

    made = replace(throttle.settings(), **changes)
    monkeypatch.setattr(throttle, "settings", lambda: made)


def test_an_address_has_a_limit_of_its_own_except_in_a_demonstration(place, monkeypatch):
    few = throttle.RateLimitItemPerMinute(2, 15, namespace="few")
    for _ in range(5):
        throttle.attempt_from(few, place)
    _settings(monkeypatch, demo=False)
    throttle.attempt_from(few, "")
    for _ in range(2):
        throttle.attempt_from(few, place)
    assert refusal_of(lambda: throttle.attempt_from(few, place)).status == 429


@pytest.mark.parametrize("url", ["", "unix:///nowhere/store.sock", "redis+socket:///nowhere/store.sock"])
def test_without_a_store_this_process_counts(place, monkeypatch, url):
    _settings(monkeypatch, redis_url=url)
    few = throttle.RateLimitItemPerMinute(2, 15, namespace="few")
    for _ in range(2):
        throttle.attempt(few, place)
    assert refusal_of(lambda: throttle.attempt(few, place)).status == 429
    throttle.forget(few, place)
    throttle.attempt(few, place)


def test_the_real_store_is_used_and_holds_no_address(place):
    from redis import Redis

    url = throttle._store_url()
    assert url.startswith(("redis+unix://", "redis://"))
    few = throttle.RateLimitItemPerMinute(2, 15, namespace="probe")
    throttle.attempt(few, "amina@exemple.ma", place)
    with Redis.from_url(url.replace("redis+unix://", "unix://")) as store:
        keys = [key.decode() for key in store.keys("*probe*")]
        store.delete(*keys)
    assert keys
    assert not any("amina" in key or place in key for key in keys)


def test_signing_out_ends_the_session_everywhere(world, place):
    given.registered()
    secret = sign_in("amina@exemple.ma", given.PASSWORD, place)
    actor = identify(Request(cookie=secret))
    with transaction(world.rival) as tx:
        commands.sign_out(tx, secret)  # somebody else's cookie: nothing happens
    assert identify(Request(cookie=secret)).is_authenticated
    for _ in range(2):
        with transaction(actor) as tx:
            commands.sign_out(tx, secret)
    assert identify(Request(cookie=secret)) is ANONYMOUS
    with transaction(ANONYMOUS) as tx:
        commands.sign_out(tx, None)


def test_a_session_ends_by_itself_and_with_the_account(world, place):
    made = given.registered()
    secret = sign_in("amina@exemple.ma", given.PASSWORD, place)
    with arriving(at=datetime.now(UTC) + SESSION_LENGTH):
        assert identify(Request(cookie=secret)) is ANONYMOUS
    with transaction(world.administrator) as tx:
        commands.disable_person(tx, made)
    assert identify(Request(cookie=secret)) is ANONYMOUS


def token(actor, **given_):
    with transaction(actor) as tx:
        return commands.create_token(tx, TokenIn(**({"name": "tableur", "scopes": ["*.read"]} | given_)))


def test_a_token_is_its_person_within_its_scopes(world):
    made, secret = token(world.officer, scopes=["organisation.*", "organisation.*"])
    assert made.scopes == ["organisation.*"]
    actor = identify(Request(bearer=f"Bearer {secret}"))
    assert (actor.id, actor.scopes) == (world.officer.id, {"organisation.*"})
    with transaction(actor) as tx:
        assert queries.organisation(tx, world.tifaout).id == world.tifaout
        assert refusal_of(lambda: queries.me(tx)).code == "scope_missing"
        tokens = refusal_of(lambda: queries.tokens(tx))
        assert tokens.code == "scope_missing"


@pytest.mark.parametrize("scope", ["nothing.*", "organisation", "", "*.fly"])
def test_scopes_name_rules_that_exist(world, scope):
    error = refusal_of(lambda: token(world.officer, scopes=["*", scope])).errors[0]
    assert (error.field, error.code) == ("scopes.1", "scope_unknown")


def test_a_token_makes_no_token(world):
    _, secret = token(world.officer, scopes=["*"])
    actor = identify(Request(bearer=f"Bearer {secret}"))
    assert refusal_of(lambda: token(actor)).status == 403


def test_nobody_makes_no_token(world):
    assert refusal_of(lambda: token(Actor())).status == 403


def test_a_token_expires_and_is_revoked(world):
    made, secret = token(world.officer, expires_in_days=1)
    assert identify(Request(bearer=f"bearer  {secret} ")).id == world.officer.id
    with arriving(at=datetime.now(UTC) + timedelta(days=1, seconds=1)):
        assert refusal_of(lambda: identify(Request(bearer=f"Bearer {secret}"))).status == 401
    for _ in range(2):
        with transaction(world.officer) as tx:
            assert commands.revoke_token(tx, made.id).revoked_at
    assert refusal_of(lambda: identify(Request(bearer=f"Bearer {secret}"))).status == 401
    assert refusal_of(lambda: identify(Request(bearer="Basic abc"))).status == 401


def test_tokens_of_others_are_invisible_but_an_administrator_may_stop_them(world):
    made, _ = token(world.officer)
    with transaction(world.rival) as tx:
        assert refusal_of(lambda: commands.revoke_token(tx, made.id)).status == 404
        assert queries.tokens(tx).items == []
    with transaction(world.administrator) as tx:
        assert queries.tokens(tx).items == []
        assert commands.revoke_token(tx, made.id).revoked_at


def test_only_hashes_are_kept(world, place):
    given.registered()
    secret = sign_in("amina@exemple.ma", given.PASSWORD, place)
    _, key = token(world.officer)
    with transaction(SYSTEM) as tx:
        hashes = [
            *tx.session.scalars(select(SignIn.token_hash)),
            *tx.session.scalars(select(AccessToken.token_hash)),
        ]
    assert secret not in hashes
    assert key not in hashes
    assert {len(kept) for kept in hashes} == {64}


def test_a_disabled_person_has_no_token(world):
    _, secret = token(world.coach)
    with transaction(world.administrator) as tx:
        commands.disable_person(tx, world.coach.id)
    assert refusal_of(lambda: identify(Request(bearer=f"Bearer {secret}"))).status == 401


def test_an_old_password_hash_is_still_a_hash(world, place):
    from backend.people.models import Person

    given.registered()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        other = passwords.PasswordHash.recommended().hash(given.PASSWORD)
        tx.session.execute(
            update(Person).where(Person.email == "amina@exemple.ma").values(password_hash=other)
        )
    assert sign_in("amina@exemple.ma", given.PASSWORD, place)
