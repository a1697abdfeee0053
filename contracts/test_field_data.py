"""Field data: what each type of field takes, and how it is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from .kit.clauses import Choices, ClauseDiffers, clause, needs
from .kit.expect import expect_field_problems, expect_json, expect_refusal
from .kit.field_values import create_with, expect_not_taken, print_as_node
from .kit.in_process import InProcessTarget
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.strategies import dates, property_test, texts, words
from .kit.targets import FIELD_RULES

RULES: dict[str, dict[str, object]] = {
    "line": {"singleLine": True, "minLength": 3, "maxLength": 20},
    "count": {"format": "integer", "allowNegative": False, "minValue": 0, "maxValue": 10},
    "ratio": {"format": "decimal", "precision": 2, "allowNegative": True, "minValue": -5, "maxValue": 5},
}


def write_and_read(sandbox: Sandbox, slug: str, value: Any) -> Any:
    """What a field holds after it was created with that value, the same in the answer and on reading."""
    item = expect_json(create_with(sandbox, **{slug: value}), 202)
    data = sandbox.get_staged(item)["fieldData"]
    assert data == item["fieldData"]
    return data.get(slug, "absent")


@clause("field-data.invalid", "field-data.text-suffix", "errors.details")
def test_every_bad_field_of_every_item_is_told(sandbox: Sandbox) -> None:
    data = [
        {"name": sandbox.name(), "switch": "yes", "number": "5"},
        {"name": sandbox.name()},
        {"name": sandbox.name(), "no-such-field": 1, "text": {"a": [1, "b"]}},
    ]
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", f"{sandbox.everything.path}/bulk", json={"fieldData": data})
    expect_field_problems(
        answer,
        ("switch", "field-data.switch", {"value": "'yes'"}),
        ("number", "field-data.number.type", {"value": "'5'"}),
        ("no-such-field", "field-data.unknown-field"),
        ("text", "field-data.text.type", {"value": "{ a: [ 1, 'b' ] }"}),
    )


WRONG_VALUES: list[tuple[str, Any, str]] = [
    ("name", "x" * 257, "field-data.text.too-long"),
    ("slug", "", "field-data.text.too-short"),
    ("text", 5, "field-data.text.type"),
    ("rich", 5, "field-data.text.type"),
    ("number", "5", "field-data.number.type"),
    ("switch", "yes", "field-data.switch"),
    ("date", "tomorrow", "field-data.date-time"),
    ("email", "nobody", "field-data.email"),
    ("phone", "none", "field-data.phone"),
    ("link", "example.com", "field-data.link"),
    ("color", "#ff", "field-data.color"),
    ("option", "0" * 32, "field-data.option"),
    ("images", 5, "field-data.multi-image.type"),
    ("file", {"alt": "x"}, "field-data.file.url"),
    ("video", "video", "field-data.video-link"),
    ("author", "nothing", "field-data.reference.type"),
    ("authors", "nothing", "field-data.multi-reference.type"),
    ("no-such-field", 1, "field-data.unknown-field"),
]


@clause(*dict.fromkeys(clause_id for _, _, clause_id in WRONG_VALUES))
def test_a_wrong_value_of_each_type_is_told(sandbox: Sandbox) -> None:
    with sandbox.expect_unchanged():
        answer = create_with(sandbox, **{slug: value for slug, value, _ in WRONG_VALUES})
    problems = [(slug, clause_id, {"value": print_as_node(value)}) for slug, value, clause_id in WRONG_VALUES]
    expect_field_problems(answer, *problems)


@clause("field-data.text-suffix")
@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        (5, "5"),
        (1.5, "1.5"),
        (True, "true"),
        ([], "[]"),
        ({}, "{}"),
        ([1, "a", None], "[ 1, 'a', null ]"),
        ({"a-b": 1}, "{ 'a-b': 1 }"),
        (["it's"], '[ "it\'s" ]'),
    ],
)
def test_values_are_quoted_as_node_prints_them(sandbox: Sandbox, value: Any, quoted: str) -> None:
    expect_not_taken(sandbox, "text", value, "field-data.text.type", quoted)


@clause("field-data.unknown-field", "field-data.invalid")
def test_an_unknown_field(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item()
    for where in ("", "/live"):
        with sandbox.expect_unchanged():
            answer = sandbox.call(
                "PATCH", f"{sandbox.everything.path}/{item['id']}{where}", json={"fieldData": {"Text": "x"}}
            )
        expect_field_problems(answer, ("Text", "field-data.unknown-field"))


@clause("field-data.v1-flags")
def test_the_flags_of_version_one_are_dropped(sandbox: Sandbox) -> None:
    item = expect_json(create_with(sandbox, _archived=True, _draft=False), 202)
    assert not {"_archived", "_draft"} & item["fieldData"].keys()
    assert item["isArchived"] is False


@clause("field-data.required")
@pytest.mark.parametrize("path", ["", "/bulk", "/live"])
@pytest.mark.parametrize("needed", [{}, {"needed": None}], ids=["absent", "null"])
def test_a_required_field_is_missed_at_once(sandbox: Sandbox, path: str, needed: dict[str, None]) -> None:
    slug = sandbox.new_item(sandbox.rules, slug=sandbox.slug(), needed="x")["fieldData"]["slug"]
    data = {"name": sandbox.name(), "slug": slug, "no-such-field": 1, **needed}
    with sandbox.expect_unchanged(sandbox.rules):
        answer = sandbox.call("POST", sandbox.rules.path + path, json={"fieldData": data})
    expect_refusal(answer, "field-data.required", field="needed")


@clause("field-data.required-cleared")
def test_a_required_field_cannot_be_cleared(sandbox: Sandbox, choice: Choices) -> None:
    choice("items.update.null").needs("clears")
    item = sandbox.new_item(sandbox.rules, needed="here")
    with sandbox.expect_unchanged(sandbox.rules):
        path = f"{sandbox.rules.path}/{item['id']}"
        answer = sandbox.call("PATCH", path, json={"fieldData": {"needed": None}})
    expect_field_problems(answer, ("needed", "field-data.required-cleared"))


@clause("field-data.text.type")
@pytest.mark.parametrize("slug", ["text", "rich"])
@pytest.mark.parametrize("value", [5, True, ["a"], {"a": 1}])
def test_texts_are_strings(sandbox: Sandbox, slug: str, value: Any) -> None:
    expect_not_taken(sandbox, slug, value, "field-data.text.type")


@clause("field-data.text.type", "field-data.rich-text", "http.json")
@property_test(examples=30, text=texts())
def test_texts_are_kept_as_sent(sandbox: Sandbox, text: str) -> None:
    item = expect_json(create_with(sandbox, text=text, rich=f"<p>{text}</p>"), 202)
    assert (item["fieldData"]["text"], item["fieldData"]["rich"]) == (text, f"<p>{text}</p>")
    assert sandbox.get_staged(item) == item


@clause("field-data.text.nul")
@pytest.mark.parametrize("slug", ["text", "rich"])
def test_texts_have_no_nul(sandbox: Sandbox, slug: str) -> None:
    value = "a\x00b"
    answer = create_with(sandbox, **{slug: value})
    assert answer.status_code == 400
    entry = answer.json()["details"][0]
    if entry["param"] != slug or not entry["description"].startswith("Expected value to be a string without NUL"):
        raise ClauseDiffers("field-data.text.nul", "refused", str(entry))


@clause("field-data.text.too-short")
@pytest.mark.parametrize("slug", ["name", "slug"])
def test_name_and_slug_are_not_empty(sandbox: Sandbox, slug: str) -> None:
    expect_not_taken(sandbox, slug, "", "field-data.text.too-short")


@clause("field-data.text.too-long")
@pytest.mark.parametrize("slug", ["name", "slug"])
def test_name_and_slug_have_256_characters_at_most(sandbox: Sandbox, slug: str) -> None:
    expect_not_taken(sandbox, slug, "x" * 257, "field-data.text.too-long")
    longest = sandbox.slug().ljust(256, "x")
    assert expect_json(create_with(sandbox, **{slug: longest}), 202)["fieldData"][slug] == longest


@needs(FIELD_RULES)
@pytest.mark.parametrize(
    ("slug", "value", "clause_id"),
    [
        pytest.param(slug, value, clause_id, marks=clause(clause_id))
        for slug, value, clause_id in (
            ("line", "one\ntwo", "field-data.text.single-line"),
            ("line", "ab", "field-data.text.too-short"),
            ("line", "x" * 21, "field-data.text.too-long"),
            ("count", 1.5, "field-data.number.integer"),
            ("count", -1, "field-data.number.negative"),
            ("count", 11, "field-data.number.too-large"),
            ("ratio", 0.125, "field-data.number.precision"),
            ("ratio", -5.5, "field-data.number.too-small"),
            ("ratio", 5.01, "field-data.number.too-large"),
        )
    ],
)
def test_a_fields_rules_are_kept(
    sandbox: Sandbox, target: InProcessTarget, slug: str, value: Any, clause_id: str
) -> None:
    with target.preserve_state():
        target.set_field_rules(sandbox.rules.id, RULES)
        quoted = print_as_node(value).replace("\n", "\\n")
        with sandbox.expect_unchanged(sandbox.rules):
            answer = create_with(sandbox, sandbox.rules, needed="x", **{slug: value})
        expect_field_problems(answer, (slug, clause_id, {"value": quoted}))


@needs(FIELD_RULES)
@pytest.mark.parametrize(
    ("slug", "value"),
    [
        pytest.param("line", "abc", marks=clause("field-data.text.single-line", "field-data.text.too-short")),
        pytest.param("line", "x" * 20, marks=clause("field-data.text.too-long")),
        pytest.param("line", None, marks=clause("field-data.text.too-short")),
        pytest.param("count", 0, marks=clause("field-data.number.negative", "field-data.number.integer")),
        pytest.param("count", 10, marks=clause("field-data.number.too-large")),
        pytest.param("ratio", -5, marks=clause("field-data.number.too-small")),
        pytest.param("ratio", 4.99, marks=clause("field-data.number.precision")),
    ],
)
def test_what_the_rules_allow_is_taken(sandbox: Sandbox, target: InProcessTarget, slug: str, value: Any) -> None:
    with target.preserve_state():
        target.set_field_rules(sandbox.rules.id, RULES)
        made = expect_json(create_with(sandbox, sandbox.rules, needed="x", **{slug: value}), 202)["fieldData"]
    assert made[slug] == value


@clause("field-data.number.type")
@pytest.mark.parametrize("value", ["5", True, [5], {}])
def test_numbers_are_json_numbers(sandbox: Sandbox, value: Any) -> None:
    expect_not_taken(sandbox, "number", value, "field-data.number.type")


@clause("field-data.number.type", "field-data.number.whole")
@property_test(
    examples=20,
    value=st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.decimals(-1000, 1000, places=3).map(float)),
)
def test_numbers_are_kept(sandbox: Sandbox, value: float) -> None:
    assert write_and_read(sandbox, "number", value) == value


@clause("field-data.number.whole")
@pytest.mark.parametrize("value", [31.0, 0.0, -5.0, 1e3])
def test_a_whole_number_is_read_without_a_fraction(sandbox: Sandbox, value: float) -> None:
    answer = create_with(sandbox, number=value)
    expect_json(answer, 202)
    kept = answer.json()["fieldData"]["number"]
    if kept != value:
        raise ClauseDiffers("field-data.number.whole", str(int(value)), str(kept))
    if not isinstance(kept, int):
        sandbox.target.recorder.note("whole numbers have a fraction or an exponent in JSON")


@clause("field-data.switch")
@pytest.mark.parametrize("value", ["true", 1, 0, "", []])
def test_switches_are_true_or_false(sandbox: Sandbox, value: Any) -> None:
    expect_not_taken(sandbox, "switch", value, "field-data.switch")
    assert (write_and_read(sandbox, "switch", True), write_and_read(sandbox, "switch", False)) == (True, False)


@clause("field-data.date-time")
@pytest.mark.parametrize("value", ["tomorrow", "", "31.12.2026", "2026-02-30", 1772000000, True, "10:00"])
def test_dates_are_iso_8601(sandbox: Sandbox, value: Any) -> None:
    expect_not_taken(sandbox, "date", value, "field-data.date-time")


@clause("field-data.date-time.normalised")
@property_test(examples=6, date=dates())
def test_dates_are_read_in_utc_with_milliseconds(sandbox: Sandbox, date: tuple[str, str]) -> None:
    sent, expected = date
    if (read := write_and_read(sandbox, "date", sent)) != expected:
        raise ClauseDiffers("field-data.date-time.normalised", expected, str(read))


FORMS: list[tuple[str, str, list[str], list[Any]]] = [
    (
        "email",
        "field-data.email",
        ["someone@example.com", "a.b+c@d.example", ""],
        ["nobody", "@example.com", "a@b", "a b@example.com", 5],
    ),
    ("phone", "field-data.phone", ["+49 30 123", "(555) 0100", "1", ""], ["none", "+", 5]),
    (
        "link",
        "field-data.link",
        ["https://example.com/a?b=c#d", "http://example.com", "mailto:a@example.com", "tel:+4930123", "sms:123", ""],
        ["example.com", "//example.com", "ftp://example.com", "https://", "https://exa mple.com", "javascript:1", 5],
    ),
    (
        "color",
        "field-data.color",
        [
            "#fff",
            "#FFF8",
            "#3F51B5",
            "#3f51b5ff",
            "rgb(1, 2, 3)",
            "rgba(1,2,3,.5)",
            "hsl(1, 2%, 3%)",
            "tomato",
            "transparent",
        ],
        ["#ff", "#ggg", "#12345", "rgb()", "rgb(1", "1", 5],
    ),
]


@pytest.mark.parametrize(
    ("slug", "value"),
    [pytest.param(slug, value, marks=clause(clause_id)) for slug, clause_id, good, _ in FORMS for value in good],
)
def test_values_of_the_form_are_kept_as_sent(sandbox: Sandbox, slug: str, value: str) -> None:
    assert write_and_read(sandbox, slug, value) == value


@pytest.mark.parametrize(
    ("slug", "clause_id", "value"),
    [
        pytest.param(slug, clause_id, value, marks=clause(clause_id))
        for slug, clause_id, _, bad in FORMS
        for value in bad
    ],
)
def test_values_of_another_form_are_refused(sandbox: Sandbox, slug: str, clause_id: str, value: Any) -> None:
    expect_not_taken(sandbox, slug, value, clause_id)


@clause("field-data.option")
@pytest.mark.parametrize("wrong", ["0" * 32, "", 5, ["a"]])
def test_an_option_is_written_and_read_as_its_id(sandbox: Sandbox, wrong: Any) -> None:
    for option in sandbox.everything.fields["option"]["validations"]["options"]:
        assert write_and_read(sandbox, "option", option["id"]) == option["id"]
    expect_not_taken(sandbox, "option", wrong, "field-data.option")


@clause("items.option.write-by-name")
def test_whether_an_option_may_be_written_by_its_name(sandbox: Sandbox, choice: Choices) -> None:
    first = sandbox.everything.fields["option"]["validations"]["options"][0]
    answer = create_with(sandbox, option=first["name"])
    saw = "accept" if answer.status_code == 202 and answer.json()["fieldData"]["option"] == first["id"] else None
    if answer.status_code == 400:
        expect_field_problems(answer, ("option", "field-data.option", {"value": print_as_node(first["name"])}))
        saw = "reject"
    choice("items.option.write-by-name").record(saw, answer)


@clause("field-data.video-link")
@pytest.mark.parametrize("value", ["video", "", 5, {"url": 5}, {"metadata": {}}, []])
def test_a_video_link_is_an_address(sandbox: Sandbox, value: Any) -> None:
    expect_not_taken(sandbox, "video", value, "field-data.video-link")


@clause("items.video-link.read", "field-data.video-link")
def test_what_a_video_link_is_read_as(sandbox: Sandbox, choice: Choices) -> None:
    url = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
    item = expect_json(create_with(sandbox, video=url), 202)
    read = sandbox.get_staged(item)["fieldData"]["video"]
    saw = "string" if read == url else None
    if isinstance(read, dict) and {*read} == {"url", "metadata"} and read["url"] == url:
        saw = "object"
    choice("items.video-link.read").record(saw, read)
    assert expect_json(create_with(sandbox, video=read), 202)["fieldData"]["video"] == read


@clause("field-data.reference.type", "field-data.multi-reference.type")
@pytest.mark.parametrize("value", ["nothing", "", 5, {}, True])
def test_references_are_item_ids(sandbox: Sandbox, value: Any) -> None:
    expect_not_taken(sandbox, "author", value, "field-data.reference.type")
    expect_not_taken(sandbox, "authors", value, "field-data.multi-reference.type")
    expect_not_taken(sandbox, "authors", [value], "field-data.reference.type", print_as_node(value))


@clause("field-data.reference.type", "field-data.multi-reference.type")
@property_test(examples=6, order=st.permutations(range(3)))
def test_references_are_kept_in_their_order(sandbox: Sandbox, order: list[int]) -> None:
    authors = [item["id"] for item in sandbox.new_items([{}] * 3, sandbox.authors)]
    wanted = [authors[n] for n in order]
    item = expect_json(create_with(sandbox, author=wanted[0], authors=wanted), 202)
    assert (item["fieldData"]["author"], item["fieldData"]["authors"]) == (wanted[0], wanted)
    assert sandbox.get_staged(item) == item
    changed = sandbox.client.items.update(sandbox.everything.id, item["id"], {"fieldData": {"authors": []}})
    assert changed["fieldData"]["authors"] == []


@clause("field-data.reference.not-found")
def test_a_referenced_item_is_there(sandbox: Sandbox) -> None:
    stranger = sandbox.new_item(sandbox.plain)["id"]
    gone = sandbox.new_item(sandbox.authors)["id"]
    sandbox.client.items.delete(sandbox.authors.id, gone)
    for item_id in (ABSENT_ID, stranger, gone):
        expect_not_taken(sandbox, "author", item_id, "field-data.reference.not-found")
        expect_not_taken(sandbox, "authors", [item_id], "field-data.reference.not-found", print_as_node(item_id))


@clause("field-data.reference.not-found")
def test_a_referenced_item_is_there_in_the_items_own_locale(sandbox: Sandbox) -> None:
    author = sandbox.new_item(sandbox.authors)["id"]
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    body = {"fieldData": {"name": sandbox.name(), "author": author}, "cmsLocaleIds": locales}
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", f"{sandbox.everything.path}/bulk", json=body)
    expect_field_problems(answer, ("author", "field-data.reference.not-found", {"value": print_as_node(author)}))


@clause("field-data.text.type", "items.update.merges")
@property_test(examples=12, name=words(longest=256))
def test_names_of_any_script_are_kept(sandbox: Sandbox, name: str) -> None:
    assert write_and_read(sandbox, "name", name) == name
