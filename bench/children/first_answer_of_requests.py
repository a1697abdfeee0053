"""A fresh interpreter up to the fake's first answer to unmodified code that uses requests: no Flask is needed."""

from __future__ import annotations

from time import monotonic


def main() -> None:
    """The usual world, one request, and when it was answered on the clock that all processes share."""
    import requests

    from fake_webflow import FakeWebflow

    with FakeWebflow() as webflow:
        headers = {"Authorization": f"Bearer {webflow.token}"}
        assert requests.get("https://api.webflow.com/v2/sites", headers=headers, timeout=5).status_code == 200
        print(monotonic())


if __name__ == "__main__":
    main()
