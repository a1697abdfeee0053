"""Pseudonyms keep the form of what they stand for, and nothing of what it says."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.pulling.pseudonyms import Pseudonym, replace_value
from fake_webflow.rules import Profile
from fake_webflow.world.slugs import SLUG_PATTERN
from fake_webflow.world.values import VALUE_CHECKS

ITEM = "67c8157e70a4acb44e00000c"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=80)
LABELS = st.from_regex(r"[a-z]{2,12}", fullmatch=True)
MAILS = st.builds("{}.{}@{}.{}".format, LABELS, LABELS, LABELS, LABELS)
LINKS = st.builds("https://{}.{}/{}?{}=%C3%BC#{}".format, LABELS, LABELS, LABELS, LABELS, LABELS)
PLAIN = TEXTS.map(lambda text: text.replace("<", ""))
VALUES = {
    "PlainText": TEXTS,
    "RichText": st.builds("<p id='{1}'>{0} <a href=\"{2}\">{1}</a></p>".format, PLAIN, LABELS, LINKS),
    "Email": MAILS,
    "Phone": st.from_regex(r"\+[1-9][0-9]{1,2} [0-9]{3,9}", fullmatch=True),
    "Link": st.one_of(LINKS, MAILS.map("mailto:{}".format)),
}  # fmt: skip


def field(kind: str, slug: str = "text", **rules: object) -> dict[str, object]:
    return {"type": kind, "slug": slug, "validations": rules or None}


def words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}|\d{6,}", text)}


@given(st.data())
def test_length_and_form_are_kept_and_no_word_is(data):
    kind = data.draw(st.sampled_from([*VALUES]))
    value = data.draw(VALUES[kind])
    made = replace_value(value, field(kind), ITEM)
    assert len(value) / 2 <= len(made) <= 2 * len(value)
    VALUE_CHECKS[kind]({"maxLength": 2 * len(value)})(made, Profile())
    shared = words(value) & words(made) - {"https", "mailto", "test", "href"}
    assert not shared
    assert replace_value(value, field(kind), ITEM) == made


@given(st.sampled_from([*VALUES]), st.data())
def test_a_longest_length_is_kept(kind, data):
    value = data.draw(VALUES[kind])
    made = replace_value(value, field(kind, maxLength=len(value)), ITEM)
    VALUE_CHECKS[kind]({"maxLength": len(value)})(made, Profile())


@given(st.from_regex(SLUG_PATTERN, fullmatch=True))
def test_a_slug_stays_a_slug(slug):
    made = replace_value(slug, field("PlainText", "slug"), ITEM)
    assert SLUG_PATTERN.fullmatch(made)
    assert len(made) == len(slug)


@pytest.mark.parametrize("kind", [*VALUE_CHECKS, "Image", "MultiImage", "File", "ExtFileRef", "OfNextYear"])
@pytest.mark.parametrize("value", ["", None, [], {}])
def test_what_is_empty_stays_empty(kind, value):
    assert replace_value(value, field(kind), ITEM) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Number", 4711),
        ("Switch", True),
        ("DateTime", "2025-01-01T00:00:00.000Z"),
        ("Color", "#1B4965"),
        ("Option", "0a" * 16),
        ("Reference", ITEM),
        ("MultiReference", [ITEM]),
    ],
)
def test_what_measures_or_names_stays(kind, value):
    assert replace_value(value, field(kind), ITEM) == value


def test_files_keep_their_ids_and_endings():
    base = f"https://cdn.prod.website-files.com/{ITEM}/{ITEM}"
    made = replace_value({"fileId": ITEM, "url": f"{base}_jane%20doe.jpg", "alt": "Jane"}, field("Image"), ITEM)
    assert made["fileId"] == ITEM
    assert made["url"].startswith(f"{base}_")
    assert made["url"].endswith(".jpg")
    assert "jane" not in made["url"]
    assert made["alt"] != "Jane"
    [elsewhere] = replace_value([{"url": "https://acme.com/jane.jpg", "alt": None}], field("MultiImage"), ITEM)
    assert "acme" not in elsewhere["url"]
    assert elsewhere["alt"] is None


@pytest.mark.parametrize("tail", ["", "?who=jane", "#jane", "/jane/x.jpg"])
def test_addresses_of_files_hide_no_names_in_other_places(tail):
    for host in ("cdn.prod.website-files.com", "jane@cdn.prod.website-files.com", "jane.website-files.com.acme.com"):
        assert "jane" not in replace_value({"url": f"https://{host}/jane/a.jpg{tail}"}, field("Image"), ITEM)["url"]


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[object] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, [name for name, _ in attrs], dict(attrs).get("class")))

    def handle_endtag(self, tag):
        self.tags.append(tag)


def test_tags_of_rich_text_stay_and_nothing_else_does():
    text = (
        '<h2 id="jane-doe">Jane &amp; M&uuml;ller &#74;ane</h2><figure class="w-richtext-align-center" data-who=jane>'
        '<img src="https://acme.com/jane.jpg" alt="Jane > all" srcset="https://acme.com/jane.jpg 2x"></figure>'
        "<!-- Jane --><script>jane()</script><p style='background:url(https://acme.com/jane.png)'>5 < 6 jane</p>"
    )
    made = replace_value(text, field("RichText"), ITEM)
    assert Tags(made).tags == Tags(text).tags
    assert not re.search("jane|doe|ller|acme|&#74;", made, re.IGNORECASE)
    assert "&amp;" in made


def test_metadata_of_videos_is_replaced_in_depth():
    value = {
        "url": "https://acme.com/jane",
        "metadata": {"width": 16, "by": ["Jane"], "html": "<b title='jane'>Jane</b>"},
    }
    made = replace_value(value, field("VideoLink"), ITEM)
    assert "jane" not in repr(made).lower()
    assert made["metadata"]["width"] == 16


def test_mails_and_links_lead_nowhere_wherever_they_stand():
    made = replace_value("Ask jane@acme.com or see http://acme.com/x.", field("PlainText"), ITEM)
    assert len(re.findall(r"\.test\b", made)) == 2
    assert replace_value("+49 170 1234567", field("Phone"), ITEM).startswith("+00 ")


def test_the_address_of_a_webhook_keeps_its_host():
    made = Pseudonym(ITEM).write_webhook_address("https://user:key@hooks.acme.com:8443/T00/secret?token=xoxb#part")
    assert re.fullmatch(r"https://\w+:\w+@hooks\.acme\.com:8443/\w\d\d/\w{6}\?\w{5}=\w{4}#\w{4}", made)
    assert not re.search("user|key|secret|token|xoxb|part", made)


@pytest.mark.parametrize("text", ["https://" + "a" * 20_000, "<" * 10_000, "a@" * 10_000, "<p " + "a='" * 20_000])
def test_odd_texts_take_no_time(text):
    for kind in ("PlainText", "RichText", "Email", "Link"):
        assert len(replace_value(text, field(kind), ITEM)) <= 2 * len(text)
