"""A fresh interpreter up to bare Flask's first answer, in this process, through its test client."""

from __future__ import annotations

from time import monotonic


def main() -> None:
    """One parametrised rule, prebuilt bytes, and when it was answered on the clock that all processes share."""
    import flask

    app = flask.Flask("bare", static_folder=None)

    @app.get("/v2/<name>")
    def answer(name: str) -> flask.Response:
        del name
        return flask.Response(b"{}", content_type="application/json")

    assert app.test_client().get("/v2/sites").status_code == 200
    print(monotonic())


if __name__ == "__main__":
    main()
