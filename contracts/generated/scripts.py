"""Sequences of calls as something to paste: calls of the thin client, and curl lines for a shell, without the token."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Sequence, Set
from functools import partial

from ..kit.sandbox import ABSENT_ID
from .calls import REFERENCE, CallSequence, CallSpec, JsonValue

TextFormatter = Callable[[str], str]
_DELETE_PATHS = {"webhook": "webhooks", "asset": "assets", "collection": "collections"}

HELPERS: Sequence[tuple[str, str, str]] = (
    ("hashlib.", "hashlib", ""),
    ("re.fullmatch(", "re", ""),
    (
        "made(",
        "",
        '''
def made(answer):
    """What an answer made: each id once."""
    body = answer.json()
    rows = [row for row in body.get("items", [body]) if "id" in row]
    return list({row["id"]: row for row in reversed(rows)}.values())[::-1]
''',
    ),
    (
        "option(",
        "",
        '''
def option(collection, name):
    """The id of an option."""
    options = (one for field in collection["fields"] for one in (field["validations"] or {}).get("options", ()))
    return next(one["id"] for one in options if one["name"] == name)
''',
    ),
    (
        "locales(",
        "",
        '''
def locales(client):
    """The ids of the CMS locales, the primary one first."""
    known = client.sites.get(SITE)["locales"]
    return [locale["cmsLocaleId"] for locale in [known["primary"], *known["secondary"]]]
''',
    ),
    (
        "upload(",
        "requests",
        '''
def upload(asset, text):
    """Posts the upload form of a registered asset."""
    fields = [(name, (None, value)) for name, value in asset["uploadDetails"].items()]
    fields.append(("file", (asset["originalFileName"], text.encode(), asset["contentType"])))
    return requests.post(asset["uploadUrl"], files=fields, allow_redirects=False)
''',
    ),
    (
        "first_with(",
        "requests",
        '''
def first_with(text, answers):
    """Which answer was the first that has a text."""
    return next(number for number, answer in enumerate(answers, 1) if text in answer.text)
''',
    ),
    (
        "elements(",
        "xml.etree.ElementTree",
        '''
def elements(answer):
    """What an answer in XML holds."""
    root = xml.etree.ElementTree.fromstring(answer.text)
    return {"(element)": root.tag, **{child.tag: child.text or "" for child in root}}
''',
    ),
    (
        "conditions(",
        "base64 json",
        '''
def conditions(policy):
    """The conditions of an upload policy by what they are about."""
    listed = json.loads(base64.b64decode(policy))["conditions"]
    rows = [[key, value] for row in listed if isinstance(row, dict) for key, value in row.items()]
    rows += [row if row[0] == "content-length-range" else row[1:] for row in listed if isinstance(row, list)]
    return {name: values[0] if len(values) == 1 else values for name, *values in rows}
''',
    ),
)
"""What a script needs where a word is in it: modules of the library, and a function."""


def format_python_test(name: str, says: str, body: Sequence[str]) -> str:
    """A module with one test.

    Args:
        name: Of the test.
        says: Its docstring.
        body: Its lines, as ``format_python`` makes them, and whatever comes after.
    """
    text = "\n".join(body)
    needed = [(modules.split(), helper) for word, modules, helper in HELPERS if word in text]
    modules = {"os", "uuid", *(module for modules, _ in needed for module in modules)}
    remembers = "first_with(" in text
    return "\n".join(
        [
            *(f"import {module}" for module in sorted(modules - {"requests"})),
            "from contextlib import ExitStack",
            "",
            *(["import requests"] if "requests" in modules else []),
            "from fake_webflow.client import WebflowClient",
            "",
            'SITE = os.environ["WEBFLOW_SITE"]',
            *([f'ABSENT = "{ABSENT_ID}"'] if "ABSENT" in text else []),
            "",
            *(helper for _, helper in needed if helper),
            "",
            f"def test_{variable_name(name)}():",
            f'    """{_in_a_docstring(says)}"""',
            '    url = os.environ.get("WEBFLOW_URL", "https://api.webflow.com/v2")',
            *(_KEEP_ANSWERS if remembers else ()),
            f'    client = WebflowClient(os.environ["WEBFLOW_TOKEN"], base_url=url{", session=http" * remembers})',
            "    with ExitStack() as end:",
            *(f"        {line}" for line in body),
            "",
        ]
    )


_KEEP_ANSWERS = (
    "    http, answers = requests.Session(), []",
    '    http.hooks["response"].append(lambda answer, **_: answers.append(answer))',
)


def _in_a_docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "'")


CURL_HEAD = """\
# WEBFLOW_URL (as https://api.webflow.com/v2), WEBFLOW_TOKEN and WEBFLOW_SITE say where. Needs bash, curl and jq.
mark=$(date +%s)"""
_ONLY_THE_BODY = "$(sed '1,/^\\r$/d' <<< \"$answer\")"


def variable_name(name: str) -> str:
    """What a name is in a script: ``item#3`` is ``item_3``."""
    return re.sub(r"\W", "_", name)


# Python


def format_python(calls: CallSequence, mentioned: Set[str] = frozenset()) -> list[str]:
    """The calls as Python; the answer to the last is ``answer``.

    What they make is removed by the ``ExitStack`` called ``end``.

    Args:
        calls: To write down.
        mentioned: Names that whatever comes after the calls speaks of.
    """
    referenced = {*mentioned, *(name for call in calls for name in call.references)}
    lines = ["mark = uuid.uuid4().hex[:8]"]
    if any(name.startswith("locale#") for name in referenced):
        lines.append("locale = locales(client)")
    known: set[str] = set()
    for call in calls[:-1]:
        lines += _keep_answer(call, _format_python_call(call, partial(format_python_text, known=known)), referenced)
        known |= referenced & {*call.makes}
    last = calls[-1]
    lines.append(f"answer = {_format_python_call(last, partial(format_python_text, known=known))}")
    return [*lines, *_removal(last, "answer.json().get('id')")]


def _keep_answer(call: CallSpec, call_code: str, referenced: Set[str]) -> list[str]:
    """A call whose answer is kept where later calls, or its removal, speak of what it made."""
    if _answers_one(call):
        name = variable_name(call.makes[0])
        removal = _removal(call, f"{name}.get('id')")
        return [f"{name} = {call_code}.json()", *removal] if removal or call.makes[0] in referenced else [call_code]
    # What nobody speaks of is not unpacked: a shrunk body may make fewer than the call once did.
    last_referenced = max((place for place, name in enumerate(call.makes, 1) if name in referenced), default=0)
    wanted = [variable_name(name) if name in referenced else "_" for name in call.makes[:last_referenced]]
    return [f"{', '.join(wanted)}, *_ = made({call_code})"] if wanted else [call_code]


def _answers_one(call: CallSpec) -> bool:
    """Whether it makes one thing and answers with it, not with a list."""
    return len(call.makes) == 1 and not call.path.endswith(("/bulk", "/insert"))


def _removal(call: CallSpec, made_id: str) -> list[str]:
    """What removes in the end what a call made, if it is not gone with its collection."""
    path = _DELETE_PATHS.get(_kind_made(call))
    return [f'end.callback(client.request, "DELETE", f"/{path}/{{{made_id}}}", check=False)'] if path else []


def _kind_made(call: CallSpec) -> str:
    return call.makes[0].partition("#")[0] if call.makes else ""


def _format_python_call(call: CallSpec, text: TextFormatter) -> str:
    if call.is_upload:
        return f"upload({variable_name(call.path.strip('{}'))}, {text(call.body)})"
    more = "".join(f", {name}={value}" for name, value in _options(call, text))
    return f"client.request({call.method!r}, {text(call.path)}{more}, check=False)"


def _options(call: CallSpec, text: TextFormatter) -> list[tuple[str, str]]:
    options = []
    if call.query:
        options.append(("query", format_python_value(dict(call.query), text)))
    if call.body is not None:
        options.append(("json", format_python_value(call.body, text)))
    return options


def format_python_value(value: JsonValue, text: TextFormatter = repr) -> str:
    """A JSON value as Python."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {format_python_value(part, text)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(format_python_value(part, text) for part in value) + "]"
    return repr(value)


def format_python_text(text: str, known: set[str]) -> str:
    """A text with references as a Python expression."""
    whole = REFERENCE.fullmatch(text)
    if whole:
        return _format_python_reference(whole[1], known)
    if not REFERENCE.search(text):
        return repr(text)
    parts = REFERENCE.split(text)
    pieces = [
        f"{{{_format_python_reference(part, known)}}}" if number % 2 else _in_f_string(part)
        for number, part in enumerate(parts)
    ]
    return 'f"' + "".join(pieces) + '"'


def _in_f_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")


def _format_python_reference(name: str, known: set[str]) -> str:
    if name in ("site", "mark"):
        return {"site": "SITE", "mark": "mark"}[name]
    if name.startswith("md5 "):
        return f"hashlib.md5((mark + {name.removeprefix('md5 ')!r}).encode()).hexdigest()".replace('"', "'")
    symbol, _, rest = name.partition(".")
    if symbol.startswith("locale#"):
        return f"locale[{symbol.removeprefix('locale#')}]"
    if symbol not in known:
        return "ABSENT"
    if rest.startswith("option."):
        return f"option({variable_name(symbol)}, {rest.removeprefix('option.')!r})"
    return f"{variable_name(symbol)}[{rest or 'id'!r}]"


# Shell


def format_shell(calls: CallSequence) -> list[str]:
    """The calls as lines for a shell; the last shows the whole answer. What was made is removed then."""
    referenced = set().union(*(call.references for call in calls))
    lines = [CURL_HEAD, *(_locale_line(name) for name in sorted(referenced) if name.startswith("locale#"))]
    known: dict[str, None] = {}
    for call in calls[:-1]:
        line = (_curl_upload if call.is_upload else _curl_call)(call, known, shown=False)
        wanted = [name for name in call.makes if name in referenced or _kind_made(call) in _DELETE_PATHS]
        if wanted and _answers_one(call):
            lines.append(f"{variable_name(wanted[0])}=$({line})")
        else:
            lines.append(f"answer=$({line})" if wanted else f"{line} > /dev/null")
            lines += [f"{variable_name(name)}={_row(call.makes.index(name))}" for name in wanted]
        known |= dict.fromkeys(wanted)
    last = calls[-1]
    line = (_curl_upload if last.is_upload else _curl_call)(last, known, shown=True)
    if _kind_made(last) in _DELETE_PATHS:
        lines += [f'answer=$({line}); echo "$answer"', f"{variable_name(last.makes[0])}={_ONLY_THE_BODY}"]
        known |= dict.fromkeys(last.makes)
    else:
        lines.append(line)
    for name in reversed(known):
        if path := _DELETE_PATHS.get(name.partition("#")[0]):
            lines.append(f"{_curl_call(CallSpec('DELETE', f'/{path}/{{{name}}}'), known, shown=False)} > /dev/null")
    return lines


def _locale_line(name: str) -> str:
    number = int(name.removeprefix("locale#"))
    path = f".locales.secondary[{number - 1}].cmsLocaleId" if number else ".locales.primary.cmsLocaleId"
    site_request = _curl("GET", '"$WEBFLOW_URL/sites/$WEBFLOW_SITE"', [], shown=False)
    return f"{variable_name(name)}=$({site_request} | jq -r '{path}')"


def _row(number: int) -> str:
    once = "reduce .[] as $row ([]; if any(.[]; .id == $row.id) then . else . + [$row] end)"
    return f"$(jq -c '(.items // [.]) | {once} | .[{number}]' <<< \"$answer\")"


def _curl(method: str, url: str, more: Sequence[str], *, shown: bool) -> str:
    parts = ["curl", "-i" if shown else "-s", "-X", method, url, "-H", '"Authorization: Bearer $WEBFLOW_TOKEN"', *more]
    return " ".join(parts)


def _curl_call(call: CallSpec, known: Container[str], *, shown: bool) -> str:
    text = "&".join(f"{name}={value}" for name, value in call.query).replace(" ", "%20").replace("[", "%5B")
    url = _quoted(f"{call.path}{'?' * bool(text)}{text}", known, before="$WEBFLOW_URL")
    more = []
    if call.body is not None:
        body = _quoted(json.dumps(call.body, ensure_ascii=False), known)
        more = ["-H", "'Content-Type: application/json'", "--data-binary", body]
    return _curl(call.method, url, more, shown=shown)


def _curl_upload(call: CallSpec, known: Container[str], *, shown: bool) -> str:
    asset = variable_name(call.path.strip("{}"))
    # curl reads the form's fields from a configuration file, here its input; S3 ignores fields that follow the file.
    form = r"""jq -r '.uploadDetails | to_entries[] | "form-string = \("\(.key)=\(.value)" | tojson)"'"""
    url, file = f'"$(jq -r .uploadUrl <<< "${asset}")"', _quoted(f"file={call.body};filename=file", known)
    return f'{form} <<< "${asset}" | curl {"-i" if shown else "-s"} -K - -F {file} {url}'


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
        return f"${variable_name(symbol)}"
    if symbol not in known:
        return ABSENT_ID
    path = f".{rest or 'id'}"
    if rest.startswith("option."):
        wanted = rest.removeprefix("option.")
        path = f'[.fields[].validations.options[]? | select(.name == "{wanted}").id][0]'
    return f"$(jq -r '{path}' <<< \"${variable_name(symbol)}\")"
