"""What each type of field takes, what it keeps, and that what is read can be written again."""

from __future__ import annotations

import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    AUTHORS_ID,
    BLUE,
    EN,
    POSTS_ID,
    RED,
    Moment,
    created,
    every_field,
    field,
    new,
    profile,
    refused,
    world,
)

from fake_webflow.rules import Refusal
from fake_webflow.world.instants import normalise_instant, parse_instant, timestamp
from fake_webflow.world.staged_item_rules import ItemChange, NewItem, create_items, update_items
from fake_webflow.world.values import VALUE_CHECKS, InvalidValue

ACCEPTED = {
    "PlainText": ["", "one", "two\nlines", "日本 \U0001f600", " "],
    "RichText": ["", "<p>é</p><style>p{}</style>"],
    "Email": ["", "ann@example.com", "a+b@c.example.org"],
    "Phone": ["", "+49 30 123456", "٣"],
    "Link": ["", "https://example.com", "http://localhost:8000/a?b#c", "mailto:a@b.c", "tel:+49", "sms:1"],
    "Color": [
        "",
        "#fff",
        "#FFFF",
        "#3F51B5",
        "#3f51b5ff",
        "rgb(1,2,3)",
        "rgba(1 2 3 / 0.5)",
        "hsl(1deg 2% 3%)",
        "hsla(1,2%,3%,1)",
        "red",
        "transparent",
    ],
    "Number": [0, -1, 41.3, 1e300, 2**53],
    "Switch": [True, False],
    "DateTime": ["2024-04-14T00:00:00.000Z"],
    "Option": [RED, BLUE],
    "VideoLink": [{"url": "https://example.com/v", "metadata": {"title": "a"}}],
    "Reference": ["00" * 12],
    "MultiReference": [[], ["00" * 12, "ff" * 12]],
}
OBJECT, LIST = {"a": 1}, [1]
REFUSED = {
    "PlainText": [
        ("text.type", 1),
        ("text.type", True),
        ("text.type", OBJECT),
        ("text.type", LIST),
        ("text.nul", "\0"),
    ],
    "RichText": [("text.type", 1.5), ("text.nul", "<p>\0</p>")],
    "Email": [("email", "ann"), ("email", "ann@"), ("email", "a b@c.d"), ("email", 1), ("email", "a@b@c.d")],
    "Phone": [("phone", "phone"), ("phone", 12), ("phone", [])],
    "Link": [
        ("link", "example.com"),
        ("link", "http://"),
        ("link", "http://a b"),
        ("link", "javascript:1"),
        ("link", 1),
        ("link", "http://[::1"),
    ],
    "Color": [("color", "#12"), ("color", "#12345"), ("color", "rgb(1,2"), ("color", 7), ("color", "red;")],
    "Number": [("number.type", "1"), ("number.type", True), ("number.type", LIST), ("number.type", OBJECT)],
    "Switch": [("switch", 1), ("switch", "true"), ("switch", [])],
    "DateTime": [
        ("date-time", "yesterday"),
        ("date-time", 0),
        ("date-time", ""),
        ("date-time", "2024-13-01"),
        ("date-time", "2024-02-30"),
        ("date-time", "10000-01-01"),
        ("date-time", "0001-01-01T00:00:00+01:00"),
        ("date-time", "9999-12-31T23:59:59-01:00"),
        ("date-time", "\0"),
    ],
    "Option": [("option", "Red"), ("option", "00" * 16), ("option", 1), ("option", [RED]), ("option", {})],
    "VideoLink": [("video-link", "video"), ("video-link", 1), ("video-link", {}), ("video-link", {"url": None})],
    "Reference": [("reference.type", "null"), ("reference.type", 1), ("reference.type", ["00" * 12])],
    "MultiReference": [("multi-reference.type", "00" * 12), ("reference.type", ["x"]), ("reference.type", [None])],
}
FIELDS = {found.type: found for found in every_field()}
PLAIN = profile()
BY_NAME = ["accept", "reject"]


def kept(type_: str, value: object, **rules: object):
    return VALUE_CHECKS[type_](rules or FIELDS[type_].validations or {})(value, PLAIN)


def refusal_of(type_: str, value: object, **rules: object) -> str:
    with pytest.raises(InvalidValue) as caught:
        kept(type_, value, **rules)
    return caught.value.clause.removeprefix("field-data.")


def test_every_type_is_here():
    assert ACCEPTED.keys() == REFUSED.keys() == VALUE_CHECKS.keys()


@pytest.mark.parametrize(("type_", "value"), [(name, value) for name, values in ACCEPTED.items() for value in values])
def test_good_values_are_kept_as_they_are(type_, value):
    assert kept(type_, value) == value


@pytest.mark.clause(
    "field-data.text.type",
    "field-data.text.nul",
    "field-data.email",
    "field-data.phone",
    "field-data.link",
    "field-data.color",
    "field-data.number.type",
    "field-data.switch",
    "field-data.date-time",
    "field-data.option",
    "field-data.video-link",
    "field-data.reference.type",
    "field-data.multi-reference.type",
)
@pytest.mark.parametrize(("type_", "clause", "value"), [(name, *row) for name, rows in REFUSED.items() for row in rows])
def test_bad_values_are_refused(type_, clause, value):
    assert refusal_of(type_, value) == clause


@pytest.mark.clause("field-data.text.single-line", "field-data.text.too-short", "field-data.text.too-long")
def test_rules_of_texts():
    assert refusal_of("PlainText", "a\nb", singleLine=True) == "text.single-line"
    assert refusal_of("PlainText", "a\rb", singleLine=True) == "text.single-line"
    assert kept("PlainText", "a\nb", singleLine=False) == "a\nb"
    assert [refusal_of("PlainText", text, minLength=2, maxLength=3) for text in ("a", "abcd")] == [
        "text.too-short",
        "text.too-long",
    ]
    assert [kept("PlainText", text, minLength=2, maxLength=3) for text in ("ab", "abc")] == ["ab", "abc"]


@pytest.mark.clause(
    "field-data.number.integer",
    "field-data.number.precision",
    "field-data.number.negative",
    "field-data.number.too-small",
    "field-data.number.too-large",
)
def test_rules_of_numbers():
    assert refusal_of("Number", 1.5, format="integer") == "number.integer"
    assert refusal_of("Number", 1.25, precision=1) == "number.precision"
    assert refusal_of("Number", -1, allowNegative=False) == "number.negative"
    assert refusal_of("Number", 1.9, minValue=2) == "number.too-small"
    assert refusal_of("Number", 3.1, maxValue=3) == "number.too-large"
    assert kept("Number", 1.5, precision=1, minValue=1.5, maxValue=1.5, allowNegative=False, format="decimal") == 1.5


@pytest.mark.clause("field-data.number.whole")
@given(value=st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_value_and_whole_ones_lose_the_fraction(value):
    found = kept("Number", value)
    assert found == value
    assert orjson.loads(orjson.dumps(found)) == value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        assert isinstance(found, int)
    assert kept("Number", found) == found


@pytest.mark.clause("field-data.number.whole")
def test_negative_zero_is_zero():
    assert math.copysign(1, kept("Number", -0.0)) == 1


@pytest.mark.clause("field-data.date-time.normalised")
@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2024-04-14", "2024-04-14T00:00:00.000Z"),
        ("2025-11-14T15:19:03", "2025-11-14T15:19:03.000Z"),
        ("2025-11-14T15:19:03.1239Z", "2025-11-14T15:19:03.123Z"),
        ("2025-11-14T15:19:03+05:30", "2025-11-14T09:49:03.000Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_dates_are_read_as_instants_in_utc(sent, read):
    assert kept("DateTime", sent) == read


@pytest.mark.clause("field-data.date-time.normalised", "items.object.timestamps")
@given(moment=st.datetimes(timezones=st.timezones() | st.none()))
def test_a_read_date_is_written_again_unchanged(moment):
    try:
        read = kept("DateTime", moment.isoformat())
    except InvalidValue:  # in UTC it lies before the year 1 or after 9999
        assert moment.year in (1, 9999)
        return
    assert kept("DateTime", read) == read
    assert timestamp(parse_instant(read)) == read
    assert len(read) == 24


@pytest.mark.clause("field-data.date-time")
@given(text=st.text(max_size=30))
def test_no_text_breaks_the_date(text):
    try:
        read = kept("DateTime", text)
    except InvalidValue as invalid:
        read, clause = "", invalid.clause
    assert len(read) == 24 or clause == "field-data.date-time"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["https://example.com/a.png", RED, "2024-01-01", "a@b.cd", "#fff"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["url", "alt", "fileId", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


RULES = st.fixed_dictionaries(
    {},
    optional={
        "minLength": st.none() | st.integers(0, 3),
        "maxLength": st.none() | st.integers(0, 30),
        "singleLine": st.booleans(),
        "precision": st.none() | st.integers(0, 3),
        "format": st.sampled_from(["integer", "decimal", "date", "date-time"]),
        "allowNegative": st.booleans(),
        "minValue": st.none() | st.integers(-5, 5),
        "maxValue": st.none() | st.integers(-5, 5),
        "options": st.lists(st.sampled_from([{"id": RED, "name": "Red"}, {"id": BLUE, "name": RED}]), max_size=3),
    },
)


def outcome(check, *arguments):
    """What a check keeps, or the clause and the text it refuses by."""
    try:
        found = check(*arguments)
    except InvalidValue as invalid:
        return invalid.clause, invalid.values
    return type(found), found


@given(
    type_=st.sampled_from(sorted(VALUE_CHECKS)), rules=st.none() | RULES, value=JSON, by_name=st.sampled_from(BY_NAME)
)
def test_a_field_checks_as_its_type_does_however_often_it_is_asked(type_, rules, value, by_name):
    asked, choices = field(type_, "x", validations=rules), profile(items_option_write_by_name=by_name)
    if type_ in ("VideoLink", "Reference", "MultiReference"):
        assert asked.check is None
        return
    likely = [*ACCEPTED[type_], *(bad for _, bad in REFUSED[type_])]
    for one in (value, *likely, value):
        assert outcome(asked.check, one, choices) == outcome(VALUE_CHECKS[type_](rules or {}), one, choices)


@given(value=JSON, shortest=st.none() | st.integers(0, 3))
def test_name_and_slug_are_texts_and_never_empty(value, shortest):
    rules = {"minLength": shortest, "maxLength": 15}
    text = outcome(VALUE_CHECKS["PlainText"](rules), value, PLAIN)
    named = outcome(field("PlainText", "name", validations=rules).check, value, PLAIN)
    assert named == (text if value != "" else ("field-data.text.too-short", {"value": "''"}))
    slug = outcome(field("PlainText", "slug", validations=rules).check, value, PLAIN)
    assert slug == named or (slug[0], named) == ("items.slug.pattern", (str, value))


@given(moment=st.datetimes(timezones=st.timezones() | st.none()), unit=st.sampled_from(["seconds", "microseconds"]))
def test_what_is_normalised_is_the_instant_as_it_is_written(moment, unit):
    for text in (moment.isoformat(timespec=unit), moment.strftime("%Y-%m-%dT%H:%M:%S.123Z")):
        try:
            written = timestamp(parse_instant(text))
        except OverflowError:  # in UTC it lies before the year 1 or after 9999
            written = None
        except ValueError:  # strftime does not fill up years with zeros
            written = None
            assert moment.year < 1000
        try:
            assert normalise_instant(text) == written
        except (OverflowError, ValueError):
            assert written is None


def with_authors(moment: Moment):
    before = world()
    options = {"skip_invalid_files": True, "suffix_duplicates": True}
    names = [NewItem({"name": name}, (EN,), False, False) for name in ("Ann", "Ben")]
    before, authors = create_items(before, before.collection(AUTHORS_ID), names, moment, **options)
    return before, [author.id for author in authors]


@given(data=st.data(), type_=st.sampled_from(sorted(FIELDS)))
def test_what_is_read_can_be_written_again(data, type_):
    moment = Moment()
    before, authors = with_authors(moment)
    slug = type_.lower()
    likely = {
        "Reference": st.sampled_from(authors),
        "MultiReference": st.lists(st.sampled_from(authors), max_size=3),
        "MultiImage": st.lists(st.just({"url": "https://example.com/a.png", "alt": "a"}), max_size=3),
    }
    value = data.draw(
        JSON
        | likely.get(type_, st.just({"url": "https://example.com/%20b.png"}))
        | st.sampled_from(ACCEPTED.get(type_, [None]))
    )
    item = new("One", **{slug: value})
    if isinstance(outcome := attempt(lambda: created(before, moment, item)), str):
        assert outcome == "field-data.invalid"
        return
    made, (first,) = outcome
    change = ItemChange(first.id, EN, first.field_data)
    _, (second,) = update_items(made, made.collection(POSTS_ID), [change], moment, skip_invalid_files=False)
    assert without_ids(second.field_data) == without_ids(first.field_data)


def attempt(call):
    try:
        return call()
    except Refusal as refusal:
        return refusal.clause


def without_ids(value):
    """The value without what each import makes anew: file ids, and the addresses they stand in."""
    if isinstance(value, dict):
        return {name: without_ids(part) for name, part in value.items() if "fileId" not in value or name == "alt"}
    return [without_ids(part) for part in value] if isinstance(value, list) else value


@pytest.mark.clause("field-data.reference.not-found")
def test_a_reference_needs_an_item_in_the_same_locale():
    moment = Moment()
    before, (ann, _) = with_authors(moment)
    german = new("One", "b2" * 12, reference=ann)
    for item in (german, new(reference="99" * 12), new(multireference=[ann, "99" * 12])):
        refusal = refused(lambda item=item: created(before, moment, item))
        assert [problem.clause for problem in refusal.problems] == ["field-data.reference.not-found"]
    created(before, moment, new(reference=ann, multireference=[ann, ann]))


@pytest.mark.clause("field-data.reference.not-found")
def test_a_reference_to_a_collection_that_is_gone_finds_nothing():
    lost = field("Reference", "lost", validations={"collectionId": "99" * 12})
    refusal = refused(lambda: created(world(lost), Moment(), new(lost="00" * 12)))
    assert refusal.clauses == ("field-data.invalid", "field-data.reference.not-found")
