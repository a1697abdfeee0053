"""What was unique at the source is unique in the scenario, however short it is."""

from __future__ import annotations

import json
import string

from fake_webflow import FakeWebflow


def test_short_values_stay_unique_and_shared_ones_shared(pull, tmp_path):
    fields = [
        {"type": "PlainText", "displayName": "Code", "validations": {"maxLength": 2}},
        {"type": "Email", "displayName": "Mail"},
        {"type": "Phone", "displayName": "Phone"},
    ]
    items = [
        {
            "cmsLocaleIds": ["en", "de"],
            "fieldData": {
                "name": name,
                "slug": f"{name}{name}",
                "code": name,
                "mail": f"{name}@b.c",
                "phone": str(number),
            },
        }
        for number, name in enumerate(string.ascii_lowercase)
    ]
    locales = {"primary": {"tag": "en"}, "secondary": [{"tag": "de"}]}
    site = {"locales": locales, "collections": [{"displayName": "Posts", "fields": fields, "items": items}]}
    with FakeWebflow({"sites": [site]}):
        assert pull("--items", "all", "--out", "site.json") == (0, "")
    [site] = json.loads((tmp_path / "site.json").read_bytes())["sites"]
    [collection] = site["collections"]
    for slug in ("name", "slug", "code", "mail", "phone"):
        by_item = {}
        for item in collection["items"]:
            by_item.setdefault(item["id"], set()).update([item["fieldData"][slug], item["liveItem"]["fieldData"][slug]])
        assert all(len(values) == 1 for values in by_item.values()), slug
        assert len(set.union(*by_item.values())) == len(items), slug
        longest = 2 if slug == "code" else 10
        assert all(len(value) <= longest for values in by_item.values() for value in values)
