"""No password, token or hash of one is ever in logs, answers, events or the trail of changes."""

import logging
from uuid import uuid4

from sqlalchemy import text

from backend.core.actor import SYSTEM
from backend.core.tx import transaction

API = "/api/v1"
PASSWORD = "zanzibar-quetzal-48151623"


def test_secrets_stay_secret(client, world, caplog):
    caplog.set_level(logging.DEBUG)
    email = f"{uuid4().hex}@exemple.ma"
    account = {"name": "Amina", "email": email, "password": PASSWORD}
    browser = client(None)
    said = [browser.post(f"{API}/people/register", json=account).text for _ in range(2)]
    said.append(browser.post(f"{API}/people/register", json=account | {"phone": "x"}).text)
    said.append(browser.post(f"{API}/sessions", json={"email": email, "password": PASSWORD + "x"}).text)
    said.append(browser.post(f"{API}/sessions", json={"email": 1, "password": PASSWORD}).text)
    opened = browser.post(f"{API}/sessions", json={"email": email, "password": PASSWORD})
    cookie = browser.cookies["indh_session"]
    token = browser.post(f"{API}/tokens", json={"name": "a", "scopes": ["*"]}).json()["secret"]
    said += [opened.text, browser.get(f"{API}/tokens").text, browser.get(f"{API}/me").text]
    said.append(client("administrator").post(f"{API}/people", json=account | {"email": f"b{email}"}).text)
    said.append(browser.get("/me", headers={"accept": "text/html"}).text)

    with transaction(SYSTEM) as tx:
        hashes = tx.session.execute(
            text("SELECT password_hash FROM person WHERE password_hash IS NOT NULL"
                 " UNION SELECT token_hash FROM sign_in UNION SELECT token_hash FROM access_token")
        ).scalars()  # fmt: skip
        secrets = {PASSWORD, cookie, token, *hashes}
        trail = tx.session.execute(
            text("SELECT coalesce(old::text, '') || coalesce(new::text, '') FROM row_change"
                 " UNION ALL SELECT data::text FROM event UNION ALL SELECT body::text FROM idempotent_answer")
        ).scalars()  # fmt: skip
        said += trail
    said.append(caplog.text)
    everything = "\n".join(said)
    assert not {secret for secret in secrets if secret in everything}
    assert "$argon2" not in everything


def test_errors_of_the_database_hide_what_was_sent():
    from backend.core import db

    assert db.engine().hide_parameters
