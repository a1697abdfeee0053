"""The types of a site's field data say what its API takes, to mypy and to people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from generated_sites import NAMES, make_site
from mypy import api
from pulled_types import PYTHON_USES, TYPED_SITE, expected_errors

from fake_webflow import FakeWebflow


def test_mypy_takes_right_uses_and_refuses_wrong_ones(pull, tmp_path, pytestconfig):
    with FakeWebflow(TYPED_SITE):
        assert pull("--types", "python", "--out", "pulled_site.py") == (0, "")
    (tmp_path / "uses.py").write_text(PYTHON_USES, "utf-8")
    cache = pytestconfig.cache.mkdir("mypy-of-pulled-types")
    said, errors, _ = api.run(
        ["--strict", "--no-error-summary", "--cache-dir", str(cache), "uses.py", "pulled_site.py"]
    )
    assert errors == ""
    found = {int(line) for line in re.findall(r"^uses\.py:(\d+): error", said, re.MULTILINE)}
    assert found == expected_errors(PYTHON_USES)
    assert "pulled_site.py" not in said


@pytest.mark.parametrize("number", range(4))
def test_any_site_gives_a_module_with_a_type_for_each_collection(pull, tmp_path, number):
    with FakeWebflow(make_site(number)) as source:
        fields = [[field.slug for field in one.fields] for one in source.collections.values()]
        assert pull("--types", "python", "--out", "site.py") == (0, "")
        assert pull("--types", "typescript", "--out", "site.ts") == (0, "")
    module: dict[str, object] = {"__name__": "site"}
    exec((tmp_path / "site.py").read_text("utf-8"), module)
    names = [name for name in module["__all__"] if name.endswith("FieldData")]
    assert [[*module[name].__annotations__] for name in names] == fields
    written = (tmp_path / "site.ts").read_text("utf-8")
    assert re.findall(r"^export interface (\w+FieldData)", written, re.MULTILINE) == names
    interfaces = re.findall(r"^export interface \w+FieldData \{\n(.*?)^\}", written, re.MULTILINE | re.DOTALL)
    assert [re.findall(r'^  "([^"]+)"\??: ', body, re.MULTILINE) for body in interfaces] == fields


def test_names_that_could_end_a_comment_or_a_text_do_not(pull, tmp_path):
    odd = ['""" + boom()', "*/ boom()", "line\nbreak \u2028 boom()", "back\\slash", *NAMES]
    fields = [
        {
            "type": "Option",
            "displayName": f"Kind {number}",
            "slug": f"kind-{number}",
            "validations": {"options": [{"name": name}]},
        }
        for number, name in enumerate(odd)
    ]
    collections = [
        {"displayName": name, "singularName": name, "slug": f"c-{n}", "fields": fields} for n, name in enumerate(odd)
    ]
    with FakeWebflow({"sites": [{"displayName": "".join(odd), "collections": collections}]}):
        assert pull("--types", "python", "--out", "site.py") == (0, "")
        assert pull("--types", "typescript", "--out", "site.ts") == (0, "")
    module: dict[str, object] = {"__name__": "site"}
    exec((tmp_path / "site.py").read_text("utf-8"), module)
    assert len(module["__all__"]) == len(odd) + 2
    # Outside of comments nothing is left of them.
    code = [line.partition(" //")[0] for line in Path("site.ts").read_text("utf-8").splitlines()]
    assert not any("boom" in line for line in code if not line.startswith("//"))
