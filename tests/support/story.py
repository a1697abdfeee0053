"""One script of calls, for every transport: reads, writes, refusals, odd calls, an upload, files."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from callers import Got, Send

from fake_webflow.testing.handle import FakeWebflow

API = "https://api.webflow.com/v2"
FRESH = "https://api-cdn.webflow.com/v2"
_PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
_BOUNDARY = "a-boundary"


def tell(webflow: FakeWebflow, send: Send, api: str = API, fresh: str = FRESH) -> list[Got]:
    """Everything that was answered, in order."""
    teller = _Teller(webflow, send, api, fresh)
    teller.read()
    teller.write()
    teller.ask_oddly()
    teller.upload()
    return teller.got


class _Teller:
    def __init__(self, webflow: FakeWebflow, send: Send, api: str, fresh: str) -> None:
        self._send = send
        self._api = api
        self._fresh = fresh
        self._headers = {"Authorization": f"Bearer {webflow.token}"}
        self._site = webflow.site.id
        self._items = f"/collections/{webflow.collections['authors'].id}/items"
        self.got: list[Got] = []

    def _call(self, method: str, url: str, body: Any = None, **headers: str) -> Any:
        if not isinstance(body, bytes | None):
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
        got = self._send(method, url, self._headers | headers, body)
        self.got.append(got)
        return json.loads(got.body) if got.body.startswith(b"{") else None

    def read(self) -> None:
        self._call("GET", f"{self._api}/sites")
        self._call("GET", f"{self._fresh}{self._items}/live?limit=2")
        self._call("GET", f"{self._api}{self._items}?name=caf%C3%A9+%26+co&limit=3")
        self._call("HEAD", f"{self._api}/sites")
        self._call("GET", f"{self._api}/no/such/route")
        self._call("GET", f"{self._api}/sites", Authorization="Bearer nobody")

    def write(self) -> None:
        item = self._call("POST", f"{self._api}{self._items}", {"fieldData": {"name": "Größe", "slug": "size"}})
        self._call("PATCH", f"{self._api}{self._items}/{item['id']}", {"fieldData": {"name": "Grösse"}})
        self._call("PATCH", f"{self._api}{self._items}/{item['id']}", b"{no json", **{"Content-Type": "text/plain"})
        self._call("DELETE", f"{self._api}{self._items}/{item['id']}")

    def ask_oddly(self) -> None:
        items, unknown = f"{self._api}{self._items}", "99" * 12
        portrait = {"url": "https://example.com/a%20b.png"}
        self._call("POST", items, {"fieldData": {"name": "Über 日本", "slug": "a", "portrait": portrait}})
        self._call("POST", items, {"fieldData": {"name": "x", "slug": "a b"}})
        self._call("GET", f"{items}?limit=1&name=%C3%9Cber%20%E6%97%A5%E6%9C%AC&createdOn[gte]=2020-01-01")
        self._call("GET", f"{items}?name=a+b&name=%ff")
        self._call("POST", items, b"{", **{"Content-Type": "application/json"})
        self._call("PATCH", items, {"items": []})
        self._call("DELETE", items, {"items": [{"id": unknown}]})
        self._call("GET", f"{self._api}/%E2%82%AC/%2F/%00")
        self._call("OPTIONS", f"{self._api}/sites")
        self._call("POST", f"{self._api}/sites/{self._site}/assets", {"fileName": "ü.png", "fileHash": "x"})
        self._call("DELETE", f"{self._api}/assets/{unknown}")

    def upload(self) -> None:
        registered = {"fileName": "dot.jpg", "fileHash": hashlib.md5(_PICTURE).hexdigest()}
        asset = self._call("POST", f"{self._api}/sites/{self._site}/assets", registered)
        form = "".join(
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in asset["uploadDetails"].items()
        )
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="dot.jpg"\r\n\r\n'
        whole = (form + head).encode() + _PICTURE + f"\r\n--{_BOUNDARY}--\r\n".encode()
        self._headers = {}
        multipart = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        self._call("POST", asset["uploadUrl"], b"no form", **{"Content-Type": "application/json"})
        self._call("POST", asset["uploadUrl"], b"no form", **multipart)
        self._call("POST", asset["uploadUrl"], whole, **multipart)
        for url in (asset["assetUrl"], asset["hostedUrl"]):
            self._call("GET", url)
            self._call("HEAD", url)
        self._call("GET", asset["hostedUrl"] + "x")
        self._call("GET", asset["hostedUrl"] + "/here%20.png")
