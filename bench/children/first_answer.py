"""A fresh interpreter up to the fake's first answer, in this process, through Flask's test client."""

from __future__ import annotations

from time import monotonic


def main() -> None:
    """The usual world, one request, and when it was answered on the clock that all processes share."""
    from fake_webflow import create_app

    app = create_app()
    answer = app.test_client().get("/v2/sites", headers={"Authorization": "Bearer test-token"})
    assert answer.status_code == 200
    print(monotonic())


if __name__ == "__main__":
    main()
