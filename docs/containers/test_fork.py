"""An example of a test in another container: it makes a fork of its own, uses it, and drops it. Needs Python alone."""

import json
import os
import unittest
import uuid
from urllib.request import Request, urlopen

URL = os.environ["FAKE_WEBFLOW_URL"]
CONTROL_TOKEN = os.environ["FAKE_WEBFLOW_CONTROL_TOKEN"]


def call(method, url, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def control(method, path, body=None):
    return call(method, f"{URL}/_fake{path}", body, **{"X-Fake-Webflow-Control": CONTROL_TOKEN})


class ForkTest(unittest.TestCase):
    def setUp(self):
        self.name = f"test-{uuid.uuid4()}"
        self.fork = control("PUT", f"/forks/{self.name}", {"idle_seconds": 3600})
        self.addCleanup(control, "DELETE", f"/forks/{self.name}")

    def test_an_item_is_created_in_a_fork_of_its_own(self):
        items = f"{self.fork['own_base_url']}/collections/{self.fork['collection_ids']['authors']}/items"
        headers = {"Authorization": f"Bearer {self.fork['token']}"}
        made = call("POST", items, {"fieldData": {"name": "Ada", "slug": self.name}}, **headers)
        self.assertEqual(call("GET", f"{items}/{made['id']}", **headers), made)
        journal = control("GET", f"/forks/{self.name}/journal")["exchanges"]
        self.assertEqual([exchange["operation"] for exchange in journal], ["items.create", "items.get"])


if __name__ == "__main__":
    unittest.main()
