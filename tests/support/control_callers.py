"""A program that uses a fork by plain HTTP, as one in any language would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import md5
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import requests
from werkzeug.test import Client, TestResponse

from fake_webflow.control.access import Access
from fake_webflow.control.document import find_control_route, load_control_document
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.control.interface import ControlInterface
from fake_webflow.control.served import ServedFakes
from fake_webflow.transports.wsgi import create_wsgi_app


def check_control_answer(method: str, path: str, status: int, said: Any) -> None:
    """An answer of the control interface is as its document says; those of the API are left alone."""
    found = find_control_route(path.partition("?")[0])
    if found is not None and method in found.methods:
        _make_validator(found.template, method.lower(), str(status)).validate(said)


@cache
def _make_validator(template: str, method: str, status: str) -> Any:
    document = load_control_document()
    stated = document["paths"][template][method]["responses"]
    answer = stated.get(status, stated["default"])
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = answer["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


class Fork:
    """One fork, by what the control interface answered when it was made."""

    def __init__(self, made: dict[str, Any], session: requests.Session) -> None:
        self.id: str = made["id"]
        self.token: str = made["token"]
        self.base_url: str = made["base_url"]
        self.own_base_url: str = made["own_base_url"]
        self.control_url: str = made["control_url"]
        self.site_id: str = made["site_id"]
        self.collection_ids: dict[str, str] = made["collection_ids"]
        self.session = session

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Calls the API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.session.request(method, self.base_url + path, headers=headers, timeout=10, **options)

    def control(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """Calls the control interface."""
        sent = {} if body is None and method in ("GET", "DELETE") else {"json": body or {}}
        url = self.control_url + path
        answer = self.session.request(method, url, timeout=10, **sent, **options)
        check_control_answer(method, urlsplit(url).path, answer.status_code, answer.json())
        return answer

    def create_item(self, name: str, collection: str = "authors") -> requests.Response:
        """Creates an item."""
        return self.call(
            "POST", f"/collections/{self.collection_ids[collection]}/items", json={"fieldData": {"name": name}}
        )

    def names(self, collection: str = "authors") -> list[str]:
        """The names of the items of a collection."""
        items = self.call("GET", f"/collections/{self.collection_ids[collection]}/items").json()["items"]
        return [item["fieldData"]["name"] for item in items]

    def item_with_a_picture(self) -> tuple[str, str, dict[str, Any]]:
        """The path of a seeded item, the slug of its picture, and its field data."""
        path = f"/collections/{self.collection_ids['posts']}/items"
        for item in self.call("GET", path).json()["items"]:
            for slug, value in item["fieldData"].items():
                if isinstance(value, dict) and "fileId" in value:
                    return f"{path}/{item['id']}", slug, item["fieldData"]
        raise LookupError("no seeded post has a picture")

    def register(self, content: bytes, name: str = "note.txt") -> dict[str, Any]:
        """Registers an asset."""
        asked = {"fileName": name, "fileHash": md5(content, usedforsecurity=False).hexdigest()}
        made: dict[str, Any] = self.call("POST", f"/sites/{self.site_id}/assets", json=asked).json()
        return made

    def post_form(self, asset: dict[str, Any], content: bytes) -> requests.Response:
        """Posts the bytes of an asset that is registered; without a token, as S3 wants it."""
        details = {**asset["uploadDetails"], "success_action_status": "201"}
        return requests.post(asset["uploadUrl"], data=details, files={"file": ("f", content)}, timeout=10)

    def operations(self) -> list[str]:
        """What its journal holds."""
        return [one["operation"] for one in self.control("GET", "/journal").json()["exchanges"]]


@contextmanager
def fork_at(origin: str, **options: Any) -> Iterator[Fork]:
    """A fork with these options, which is deleted at the end."""
    with requests.Session() as session:
        made = session.post(f"{origin}/_fake/forks", json=options, timeout=10)
        assert made.status_code == 201, made.text
        fork = Fork(made.json(), session)
        yield fork
        session.delete(fork.control_url, timeout=10)


class LocalClient(Client):
    """Asks a WSGI app as a program on this machine does."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Asks it once."""
        return super().open(*args, **{"environ_overrides": {"REMOTE_ADDR": "127.0.0.1"}, **options})


def served_app(hosted_fakes: HostedFakes, access: Access | None = None, *, is_on: bool = True, **options: Any) -> Any:
    """The WSGI app that a server runs for these fakes; ``options`` may hold a ``console``."""
    access = access or Access()
    control = ControlInterface(hosted_fakes, access, is_on=is_on)
    return create_wsgi_app(ServedFakes(hosted_fakes, access, control=control, **options).answer)


class ControlCaller:
    """A program on this machine, without a socket between: it asks the app that a server runs.

    Args:
        hosted_fakes: Who answers.
        origin: Where it believes them to be.
    """

    def __init__(self, hosted_fakes: HostedFakes, origin: str = "http://127.0.0.1") -> None:
        self._client = LocalClient(served_app(hosted_fakes))
        self._origin = origin

    def send(self, method: str, path: str, body: Any = None, token: str = "") -> TestResponse:
        """Asks once; POST and PUT have a JSON body in any case."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {"json": body or {}} if method in ("PATCH", "POST", "PUT") or body else {}
        answer = self._client.open(path, method=method, headers=headers, base_url=self._origin, **sent)
        if answer.content_type == "application/json; charset=utf-8":
            check_control_answer(method, path, answer.status_code, answer.get_json())
        return answer

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """Status and JSON of an answer."""
        answer = self.send(method, path, body, token)
        return answer.status_code, answer.get_json()
