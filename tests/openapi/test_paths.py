"""The matcher of paths: what goes before what, and what stands in a path."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.openapi.paths import PathTree

TREE = PathTree(
    [
        ("GET", "/sites", "list"),
        ("GET", "/sites/{site}", "get"),
        ("PATCH", "/sites/{id}", "change"),
        ("GET", "/sites/all", "all"),
        ("GET", "/sites/{site}/pages/{page}", "page"),
        ("GET", "/sites/all/{kind}/{name}", "kind"),
        ("DELETE", "/{any}/all/pages/home", "home"),
    ]
)


def test_a_fixed_part_comes_before_a_parameter() -> None:
    assert TREE.find("GET", "/sites/all") == ("all", {})
    assert TREE.find("GET", "/sites/one") == ("get", {"site": "one"})
    assert TREE.find("GET", "/sites/all/pages/home") == ("kind", {"kind": "pages", "name": "home"})
    assert TREE.find("GET", "/sites/one/pages/home") == ("page", {"site": "one", "page": "home"})


def test_a_method_is_found_behind_a_better_path_that_lacks_it() -> None:
    assert TREE.find("PATCH", "/sites/all") == ("change", {"id": "all"})
    assert TREE.find("DELETE", "/sites/all/pages/home") == ("home", {"any": "sites"})
    assert [found.template for found in TREE.find_all("/sites/all/pages/home")] == [
        "/sites/all/{kind}/{name}",
        "/sites/{site}/pages/{page}",
        "/{any}/all/pages/home",
    ]


def test_a_path_tells_its_methods() -> None:
    assert [(found.template, list(found.methods)) for found in TREE.find_all("/sites/one")] == [
        ("/sites/{site}", ["GET"]),
        ("/sites/{id}", ["PATCH"]),
    ]
    assert TREE.find_all("/sites/one/pages") == []


def test_a_slash_at_the_end_says_nothing_and_one_within_does() -> None:
    assert TREE.find("GET", "/sites/") == ("list", {})
    assert TREE.find("GET", "/sites//pages/home") == ("page", {"site": "", "page": "home"})
    assert TREE.find("GET", "sites") is None
    assert TREE.find("GET", "//sites") is None


@given(method=st.sampled_from(["GET", "PATCH", "DELETE"]), path=st.text("/{}\0é.", max_size=40))
def test_no_path_breaks_it(method: str, path: str) -> None:
    TREE.find(method, path)
