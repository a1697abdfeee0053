"""Calls as lines for a shell: bash, curl and jq. Ids stand in variables, the token comes from the environment."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Container, Iterator, Sequence

from fake_webflow.message import join_curl

from ..kit.recorder import TOKEN_HEADER
from ..kit.sandbox import ABSENT_ID
from .answers import A_NUMBER, MISSING, NO_NUMBER, SITE_WIDE_LISTS, Places
from .calls import REFERENCE, CallSequence, CallSpec, JsonValue
from .playing import DELETE_PATHS

_HEAD = """\
# WEBFLOW_URL (as https://api.webflow.com/v2), WEBFLOW_TOKEN and WEBFLOW_SITE say where. Needs bash, curl and jq.
mark=$(date +%s)"""
_BODY = "$(sed '1,/^\\r$/d' <<< \"$answer\")"
_READ_STATUS = "sed -n '1s/^[^ ]* \\([0-9]*\\).*/\\1/p' <<< \"$answer\""
_HEADER_FORMS = {"ETag": 's/"[^"]*"/"..."/', "Location": "s/.+/(there)/", "Content-Type": ""}
_NUMBER_FORM = f"s/^[0-9]+$/{A_NUMBER}/; t; s/.+/{NO_NUMBER}/"
_UNTELLABLE = re.compile(r"\((?:any|value|not compared|order|X-Amz-\w+)\)|Policy")
_VARYING = (
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z", "TIME"),
    (r"https?://[^\" ]*", "URL"),
    (r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{24}", "ID"),
    (r"-[0-9a-f]{5}\"", '-SUFFIX"'),
)
"""What a shell reads a value without: which time, address or id it is, the Python test alone can tell."""
_NAMED = (
    (r"time of call \d+'*(?:, before others)?", "TIME"),
    (r"<(?:API|FILES|BUCKET)>[^\" ]*", "URL"),
    (r"\??[a-z]+#\d+(?::\d+)?(?:\.\w+)*", "ID"),
    (r"-\(suffix\)\"", '-SUFFIX"'),
    ("<MARK>", "MARK"),
)
"""What stands for these in an answer that was read by name."""


def shell_lines(calls: CallSequence, expected: Places | str, seen: Places) -> list[str]:
    """A script that makes the calls, says what was expected and what is seen, and removes what was made.

    It runs in a shell of its own, so that it can be pasted.

    Args:
        calls: What is asked.
        expected: What the last answer should hold, or words.
        seen: What it held instead, by which words are judged.
    """
    referenced = set().union(*(call.references for call in calls))
    kept = [name for call in calls for name in call.makes if name in referenced or _delete_path(name)]
    lines = ["(", _HEAD, *_removal_lines([name for name in kept if _delete_path(name)])]
    lines += [_locale_line(name) for name in sorted(referenced) if name.startswith("locale#")]
    known: list[str] = []
    for number, call in enumerate(calls, 1):
        is_last = number == len(calls)
        wanted = [name for name in call.makes if name in kept]
        line = (_curl_upload if call.is_upload else _curl_call)(call, known, shown=is_last)
        lines.append(f"answer=$({line})" if wanted or is_last else f"{line} > /dev/null")
        body = _BODY if is_last else "$answer"
        lines += [f"{_variable(name)}={_row(call.makes.index(name), body)}" for name in wanted]
        known += wanted
    return [*lines, 'echo "$answer"', *_comparison_lines(calls[-1], expected, seen), ")"]


def _removal_lines(made: Sequence[str]) -> Iterator[str]:
    """Lines that have things removed when the script ends, however it does."""
    if made:
        yield " ".join(f"{_variable(name)}=" for name in made)
        yield "remove() {"
        for name in reversed(made):
            deletion = CallSpec("DELETE", f"/{_delete_path(name)}/{{{name}}}")
            yield f'  [ -z "${_variable(name)}" ] || {_curl_call(deletion, [name], shown=False)} > /dev/null'
        yield from ("}", "trap remove EXIT")


def _delete_path(name: str) -> str:
    return DELETE_PATHS.get(name.partition("#")[0], "")


def _comparison_lines(call: CallSpec, expected: Places | str, seen: Places) -> list[str]:
    """Lines that compare one place of the answer; where a shell cannot, one that says what to look for."""
    for place, wrong in reversed([*seen.items()]):
        wanted = wrong if isinstance(expected, str) else expected[place]
        reader = "" if _UNTELLABLE.search(f"{wanted} {wrong} {place}") else _place_reader(place, call)
        wanted_text, wrong_text = _without_varying(place, wanted), _without_varying(place, wrong)
        # jq takes 1 and 1.0 for the same number, as == does.
        if reader and (isinstance(expected, str) or (wanted != wrong and wanted_text != wrong_text)):
            shown = shlex.quote(expected if isinstance(expected, str) else wanted_text)
            judged = f"!= {shlex.quote(wrong_text)}" if isinstance(expected, str) else f"= {shown}"
            return [f"seen=$({reader})", f'echo expected: {shown}; echo "seen: $seen"', f'[ "$seen" {judged} ]']
    text = expected if isinstance(expected, str) else json.dumps(expected, ensure_ascii=False)
    return [f"echo {shlex.quote(f'expected: {text} (only the Python test can tell)')}"]


def _without_varying(place: str, value: JsonValue) -> str:
    """The value as the reader of its place prints it."""
    if not place.startswith("body"):
        return str("" if value == MISSING else value)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for pattern, sign in (*_NAMED, *_VARYING):
        text = re.sub(pattern, sign, text)
    return text


def _place_reader(place: str, call: CallSpec) -> str:
    """A command that prints what is in a place of the answer; nothing where a shell cannot read it."""
    if place == "status":
        return _READ_STATUS
    if place.startswith("headers."):
        name = place.removeprefix("headers.")
        form = shlex.quote(_HEADER_FORMS.get(name, _NUMBER_FORM))
        return f"""tr -d '\\r' <<< "$answer" | sed -n 's/^{name}: //Ip' | sed -E {form}"""
    if call.is_upload or call.operation in SITE_WIDE_LISTS:
        return ""
    edits = "; ".join(f"s#{pattern}#{sign}#g" for pattern, sign in _VARYING).replace('\\"', '"')
    return (
        f'jq -c {shlex.quote(_jq_program(place))} <<< "{_BODY}" | sed -E "s/$mark/MARK/g" | sed -E {shlex.quote(edits)}'
    )


def _jq_program(place: str) -> str:
    keys = [name or int(number) for name, number in re.findall(r"\.([^.\[]+)|\[(\d+)\]", place)]
    if not keys:
        return "."
    inside = "." + "".join(f"[{json.dumps(key)}]" for key in keys[:-1])
    end = {"(length)": "length", "(order of keys)": "keys_unsorted"}
    last = json.dumps(keys[-1])
    return f"{inside} | {end.get(str(keys[-1]), f'if has({last}) then .[{last}] else {json.dumps(MISSING)} end')}"


def _variable(name: str) -> str:
    """What a name is in a script: ``item#3`` is ``item_3``."""
    return re.sub(r"\W", "_", name)


def _locale_line(name: str) -> str:
    number = int(name.removeprefix("locale#"))
    path = f".locales.secondary[{number - 1}].cmsLocaleId" if number else ".locales.primary.cmsLocaleId"
    site_request = join_curl("GET", '"$WEBFLOW_URL/sites/$WEBFLOW_SITE"', [TOKEN_HEADER], None, options="-s")
    return f"{_variable(name)}=$({site_request} | jq -r '{path}')"


def _row(number: int, body: str) -> str:
    """The row of that number in an answer, each id counted once."""
    once = "reduce .[] as $row ([]; if any(.[]; .id == $row.id) then . else . + [$row] end)"
    return f"$(jq -c '(.items // [.]) | {once} | .[{number}]' <<< \"{body}\")"


def _curl_call(call: CallSpec, known: Container[str], *, shown: bool) -> str:
    text = "&".join(f"{name}={value}" for name, value in call.query).replace(" ", "%20").replace("[", "%5B")
    url = _quoted(f"{call.path}{'?' * bool(text)}{text}", known, before="$WEBFLOW_URL")
    own = dict(call.headers)
    # curl leaves a header without a value out, unless it ends with a semicolon.
    headers = [shlex.quote(f"{name}: {value}" if value else f"{name};") for name, value in own.items()]
    headers += [] if "Authorization" in own else [TOKEN_HEADER]
    body = None if call.data is None else _quoted(call.data, known)
    if call.body is not None:
        headers.append("'Content-Type: application/json'")
        body = _quoted(json.dumps(call.body, ensure_ascii=False), known)
    return join_curl(call.method, url, headers, body, options="-si" if shown else "-s")


def _curl_upload(call: CallSpec, known: Container[str], *, shown: bool) -> str:
    asset = _variable(call.path.strip("{}"))
    # curl reads the form's fields from a configuration file, here its input; S3 ignores fields that follow the file.
    form = r"""jq -r '.uploadDetails | to_entries[] | "form-string = \("\(.key)=\(.value)" | tojson)"'"""
    url, file = f'"$(jq -r .uploadUrl <<< "${asset}")"', _quoted(f"file={call.body};filename=file", known)
    return f'{form} <<< "${asset}" | curl -s{"i" if shown else ""} -H Expect: -K - -F {file} {url}'


def _quoted(text: str, known: Container[str], before: str = "") -> str:
    parts = REFERENCE.split(text)
    pieces = [
        _shell_reference(part, known) if number % 2 else re.sub(r'(["\\$`])', r"\\\1", part)
        for number, part in enumerate(parts)
    ]
    return f'"{before}{"".join(pieces)}"'


def _shell_reference(name: str, known: Container[str]) -> str:
    if name in ("site", "mark"):
        return {"site": "$WEBFLOW_SITE", "mark": "${mark}"}[name]
    if name.startswith("md5 "):
        return f'$(printf %s "${{mark}}{name.removeprefix("md5 ")}" | md5sum | cut -c-32)'
    symbol, _, rest = name.partition(".")
    if symbol.startswith("locale#"):
        return f"${_variable(symbol)}"
    if symbol not in known:
        return ABSENT_ID
    path = f".{rest or 'id'}"
    if rest.startswith("option."):
        wanted = rest.removeprefix("option.")
        path = f'[.fields[].validations.options[]? | select(.name == "{wanted}").id][0]'
    return f"$(jq -r '{path}' <<< \"${_variable(symbol)}\")"
