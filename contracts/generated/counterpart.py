"""What the rules say to each request of a session: it is made again on a fake of this process.

A contract test says that something is wrong; this says what: the first answers that are not those of a fake that keeps
the rules. Nothing is made again until somebody asks, so that a run in which all is well pays for the memory alone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests

from fake_webflow.client import JsonObject

from ..kit.in_process import TOKEN, InProcessTarget
from ..kit.targets import Target, UrlTarget
from .answers import COMPARED_HEADERS, SITE_WIDE_LISTS, NormalizedAnswer
from .calls import CallSpec
from .comparing import Difference, Fingerprint, find_differences, take_fingerprint
from .playing import Player, list_locales
from .transcript import Transcript

_ID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{24})(?![0-9a-f])")
_MOST_DIFFERENCES = 12
_MOST_INHERITED = 3
_MOST_CALLS = 40
_LONGEST_SEARCHED = 100_000
_NOT_SENT_AGAIN = frozenset(["content-length", "host", "connection"])


@dataclass(frozen=True, slots=True)
class ComparedExchange:
    """A request of the session, with both answers.

    Args:
        response: As the target answered.
        call: The request, ids as they are on the target.
        expected: What is compared of the fake's answer.
        seen: What is compared of the target's.
        differences: The first places where they differ, the fake's value on the left.
        inherited: What was wrong with earlier writes to the same thing, which this may follow from.
    """

    response: requests.Response
    call: CallSpec
    expected: NormalizedAnswer
    seen: NormalizedAnswer
    differences: tuple[Difference, ...]
    inherited: tuple[Fingerprint, ...] = ()

    def fingerprints(self) -> list[Fingerprint]:
        """What makes each difference the same elsewhere.

        Any answer may differ alike in its body or its headers. Of answers that are done on one side alone it counts
        by which clause it is refused, or what was asked: calls are refused for many reasons.
        """
        if self.expected.status == self.seen.status:
            return [take_fingerprint(self.call, one, "form") for one in self.differences]
        statuses = f"{self.expected.status} {self.seen.status}"
        if self.expected.is_done == self.seen.is_done:
            return [("", "status", statuses, "")]
        if self.expected.clauses:
            return [("", "status", statuses, reason) for reason in self.expected.clauses]
        return [(self.call.title, "status", statuses, _refusal_of(self.expected) or _refusal_of(self.seen))]


def _ids_in(request: requests.PreparedRequest) -> set[str]:
    body = request.body if isinstance(request.body, str | bytes) else b""
    text = body if isinstance(body, str) else body.decode("latin-1")
    return {*_ID.findall(str(request.url)), *_ID.findall(text)}


def _are_equal(one: requests.Response, other: requests.Response) -> bool:
    """Whether two answers are the same to the last byte."""
    headers = [[answer.headers.get(name) for name in COMPARED_HEADERS] for answer in (one, other)]
    return one.status_code == other.status_code and one.content == other.content and headers[0] == headers[1]


def _refusal_of(answer: NormalizedAnswer) -> str:
    """The code and the beginning of the message of a refusal."""
    if answer.is_done or not isinstance(answer.body, dict):
        return ""
    return re.sub(r"\W?\d+|'.*?'", "", f"{answer.body.get('code')} {answer.body.get('message')}"[:60])


@dataclass(slots=True)
class _Part:
    """What happened on the target during one test."""

    events: list[Any] = field(default_factory=list)
    compared: list[ComparedExchange] = field(default_factory=list)


class Counterpart:
    """A fake that is asked what a target was asked.

    Args:
        target: What the session sends to. It is watched from now on.
        site: The site that is worked in, as the API answers it.
    """

    def __init__(self, target: Target, site: JsonObject) -> None:
        self._target = target
        self._locale_count = len(list_locales(site))
        self._fake: InProcessTarget | None = None
        self._names = Player(target, site, "").names
        self._site = site
        self._texts: dict[str, str] = {}
        self._parts: dict[str, _Part] = {}
        self._pending: list[tuple[str, float, Any]] = []
        self._history: list[requests.Response] = []
        self._wrong_writes: dict[str, list[Fingerprint]] = {}
        self._test = ""
        self._last_time = time.monotonic()
        target.http.hooks["response"].append(self._record)
        if isinstance(target, InProcessTarget):
            target.watch_acts = self._record_act

    def close(self) -> None:
        """Stops watching."""
        self._target.http.hooks["response"].remove(self._record)
        if isinstance(self._target, InProcessTarget):
            self._target.watch_acts = None
        if self._fake is not None:
            self._fake.close()

    def begin(self, test: str) -> None:
        """Says whose requests come from now on."""
        self._test = test

    def suspect_exchanges(self, test: str) -> list[ComparedExchange]:
        """The exchanges of a test whose answers were not the fake's, or are of a thing that was written wrong."""
        self._catch_up()
        part = self._parts.get(test)
        return [] if part is None else [one for one in part.compared if one.differences or one.inherited]

    def tests_by_fingerprint(self) -> dict[Fingerprint, set[str]]:
        """Which tests met each difference, as far as answers were compared."""
        found: dict[Fingerprint, set[str]] = {}
        for test, part in self._parts.items():
            for exchange in part.compared:
                for fingerprint in (*exchange.fingerprints(), *exchange.inherited) if exchange.differences else ():
                    found.setdefault(fingerprint, set()).add(test)
        return found

    def transcript_of(self, exchange: ComparedExchange, mark: str) -> Transcript:
        """The calls that an exchange needs, and its own as the last: what made the things it speaks of.

        Args:
            exchange: One of those that were compared.
            mark: What makes the names of this run unlike those of others.

        Raises:
            UnicodeDecodeError: A body is not text.
        """
        place = next(number for number, one in enumerate(self._history) if one is exchange.response)
        needed = _ids_in(exchange.response.request) - {self._site["id"]}
        lists_items = exchange.call.method == "GET" and exchange.call.operation.endswith(".list")
        chosen = [exchange.response]
        for response in reversed(self._history[:place]):
            request = response.request
            if request.method == "GET" or response.status_code >= 300 or len(chosen) >= _MOST_CALLS:
                continue
            own = _ids_in(request) - {self._site["id"]}
            made = {*_ID.findall(response.text[:_LONGEST_SEARCHED])} if request.method == "POST" else set()
            is_of_list = lists_items and request.method == "POST" and bool(own & needed)
            if (made - own) & needed or is_of_list or (request.method != "POST" and len(own) > 1 and own <= needed):
                chosen.append(response)
                needed |= own
        return Transcript.of_past(self._target, self._site, mark, reversed(chosen))

    # Watching

    def _record(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        body: Any = response.request.body
        if not isinstance(body, str | bytes | None):
            # A stream, whose file may be closed when it is asked for again.
            response.request.body = b"".join(body)
        self._pending.append((self._test, time.monotonic(), response))

    def _record_act(self, name: str, arguments: tuple[object, ...], options: Mapping[str, object]) -> None:
        self._pending.append((self._test, time.monotonic(), (name, arguments, options)))

    # Asking the fake

    def _catch_up(self) -> None:
        pending, self._pending = self._pending, []
        if self._fake is None:
            self._fake = InProcessTarget(self._target.profile, locales=self._locale_count)
            self._fake_site = self._fake.client.sites.list()["sites"][0]
            self._fake_names = Player(self._fake, self._fake_site, "").names
        for test, moment, event in pending:
            if isinstance(event, tuple):
                self._act(*event)
                continue
            if not isinstance(self._target, InProcessTarget):
                self._fake.advance(max(0.0, moment - self._last_time))
            self._last_time = moment
            part = self._parts.setdefault(test, _Part())
            part.compared += self._compare(event)

    def _act(self, name: str, arguments: tuple[object, ...], options: Mapping[str, object]) -> None:
        assert self._fake is not None
        translated = [self._translate(one) if isinstance(one, str) else one for one in arguments]
        if isinstance(options.get("site_ids"), list):
            options = {**options, "site_ids": [self._translate(str(one)) for one in options["site_ids"]]}  # type: ignore[attr-defined]
        getattr(self._fake, name)(*translated, **options)

    def _compare(self, response: requests.Response) -> Iterator[ComparedExchange]:
        assert self._fake is not None
        self._history.append(response)
        request, base_url = response.request, self._target.client.base_url
        url = str(request.url)
        of_the_api = url.startswith(base_url)
        path = url.removeprefix(base_url).partition("?")[0] if of_the_api else "/"
        call = CallSpec(str(request.method), path, is_upload=not of_the_api and request.method == "POST")
        before = self._fake.fake.state
        try:
            answer = self._send(request, of_the_api=of_the_api)
        except (requests.RequestException, UnicodeError):
            return
        things = _ID.findall(path)[:1] if call.operation not in SITE_WIDE_LISTS else []
        inherited = tuple(dict.fromkeys(known for thing in things for known in self._wrong_writes.get(thing, ())))
        if _are_equal(answer, response):
            for names in (self._names, self._fake_names):
                names.skim(response.text)
            if inherited:
                same = NormalizedAnswer(response.status_code, {}, None)
                yield ComparedExchange(response, call, same, same, (), inherited)
            return
        expected, seen = self._fake_names.normalize(call, answer), self._names.normalize(call, response)
        if expected.is_done and not seen.is_done:
            self._fake.fake.restore(before)  # so that the fake holds what the target holds
        if call.operation == "assets.create" and expected.is_done and seen.is_done:
            with suppress(ValueError):  # an answer that is not JSON has no form to send
                self._pair_texts(response.json(), answer.json())
        found = [one for one in find_differences(expected, seen) if one.path[-1] != "(order of keys)"]
        exchange = ComparedExchange(response, call, expected, seen, tuple(found[:_MOST_DIFFERENCES]), inherited)
        if found and call.method != "GET":
            for thing in things if call.operation != "collections.create" else _ID.findall(response.text)[:1]:
                self._wrong_writes.setdefault(thing, []).extend(exchange.fingerprints()[:_MOST_INHERITED])
        yield exchange

    def _send(self, request: requests.PreparedRequest, *, of_the_api: bool) -> requests.Response:
        assert self._fake is not None
        url = str(request.url)
        headers = {
            name: self._translate_header(name, str(value))
            for name, value in request.headers.items()
            if name.lower() not in _NOT_SENT_AGAIN
        }
        if of_the_api:
            url = self._fake.client.base_url + self._translate(url.removeprefix(self._target.client.base_url))
        else:
            url = self._replace_texts(url)
        body: Any = request.body
        if isinstance(body, str):
            body = self._translate(body).encode()
        elif isinstance(body, bytes):
            # In Latin-1 every byte stands for itself.
            body = self._replace_texts(self._translate(body.decode("latin-1"))).encode("latin-1")
        prepared = requests.Request(str(request.method), url, headers=headers, data=body).prepare()
        prepared.url = url
        return self._fake.http.send(prepared, allow_redirects=False)

    def _translate_header(self, name: str, value: str) -> str:
        is_own = isinstance(self._target, UrlTarget) and value == f"Bearer {self._target.address.token}"
        return f"Bearer {TOKEN}" if is_own and name.lower() == "authorization" else value

    def _translate(self, text: str) -> str:
        """The text with the target's ids replaced by those that the fake calls alike."""
        return _ID.sub(self._translate_id, text)

    def _translate_id(self, match: re.Match[str]) -> str:
        name = self._names.find_name(match[0]) or ""
        return self._fake_names.id_of(name) or self._fake_names.id_of(name.removesuffix("#1")) or match[0]

    def _pair_texts(self, target_value: Any, fake_value: Any) -> None:
        """Notes what the form of an asset, and where it leads, is on the fake."""
        if not isinstance(target_value, dict) or not isinstance(fake_value, dict):
            return
        for key in target_value.keys() & fake_value.keys():
            one, other = target_value[key], fake_value[key]
            if isinstance(one, str) and isinstance(other, str) and len(one) > 8:
                self._texts[one] = other
            elif isinstance(one, dict):
                self._pair_texts(one, other)

    def _replace_texts(self, text: str) -> str:
        for one in sorted(self._texts, key=len, reverse=True):
            text = text.replace(one, self._texts[one]) if one != self._texts[one] else text
        return text
