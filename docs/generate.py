"""Writes the pages of the docs that follow from the code; ``--check`` only says which are not current."""

from __future__ import annotations

import inspect
import re
import runpy
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from contracts.drift import drifts, harmless_changes
from contracts.drift.suite_runs import DriftRecord
from contracts.ledger_check import ClauseTest, find_clause_tests
from contracts.run.plan import Plan
from contracts.twin import UNSEEN_CHOICES
from contracts.twin.explaining import UNSEEN_OPTIONS
from fake_webflow.api.operations import OPERATIONS, Operation
from fake_webflow.api.router import not_simulated
from fake_webflow.cli import fake_webflow_command
from fake_webflow.conditions import Exchange
from fake_webflow.control.ledger_view import (
    OPTIONS_LABEL,
    ClausePart,
    count_clauses,
    describe_clause,
    describe_live_result,
)
from fake_webflow.fake import State
from fake_webflow.handle.arranging import FakeSite, ItemViews
from fake_webflow.handle.clock import FakeClock
from fake_webflow.handle.faults import FakeFaults, NewFault
from fake_webflow.handle.journal import AssertableJournal
from fake_webflow.handle.stubs import FakeStub
from fake_webflow.rules import (
    Clause,
    choice_options,
    clauses,
    count_by_evidence,
    describe_confidence,
    find_clause,
    live_results,
)
from fake_webflow.testing import plugin
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.testing.server import ServedFake
from fake_webflow.transports.httpx_transport import FakeTransport
from fake_webflow.transports.requests_adapter import FakeAdapter
from fake_webflow.webhooks.deliveries import Delivery
from fake_webflow.webhooks.delivery_log import FakeWebhooks
from fake_webflow.world.collections import Collection, Field
from fake_webflow.world.sites import Site

DOCS = Path(__file__).parent
_IMPLIED = ("self", "cls")
_OF_A_TEST = (
    *(
        FakeWebflow,
        FakeClock,
        FakeFaults,
        NewFault,
        FakeStub,
        AssertableJournal,
        Exchange,
        ItemViews,
        FakeWebhooks,
        Delivery,
    ),
    *(ServedFake, FakeAdapter, FakeTransport, FakeSite, Collection, Field, Site, State),
)
NOTE = "<!-- Written by `make docs` from the code; changes belong there. -->"


def operations_page() -> str:
    """Every operation of Webflow's v2, simulated or not."""
    unknown = not_simulated()
    lines = [
        NOTE,
        "# Operations",
        "",
        f"Webflow's Data API v2 has {len(OPERATIONS) + len(unknown)} operations. {len(OPERATIONS)} are simulated. The "
        f"other {len(unknown)} are known by name: they are answered with status 501, which Webflow never sends, and a "
        "message that says so. A path that is in neither table is answered with Webflow's 404.",
        "",
        "## Simulated",
        "",
        *_table(["name", "method", "path", "scope", "Webflow's operationId"], map(_simulated, OPERATIONS)),
        "",
        "## Not simulated",
        "",
        *_table(
            ["Webflow's operationId", "method", "path"],
            [[_code(known.name), known.method, _code(known.path)] for known in unknown],
        ),
    ]
    return "\n".join(lines) + "\n"


def _simulated(operation: Operation) -> list[str]:
    scope = _code(operation.scope) if operation.scope else "any token"
    return [_code(operation.name), operation.method, _code(operation.path), scope, _code(operation.official)]


def clauses_page() -> str:
    """Every clause of the ledger."""
    lines = [
        NOTE,
        "# Clauses",
        "",
        "The fake follows {all} rules, each under a stable name. By the best evidence each has, {observed} were "
        "observed in answers of the live API, {documented} are documented by Webflow or AWS, and {inferred} are "
        "inferred, which is a guess. Where the evidence is divided or missing, and it shows in answers, there is an "
        "open choice: {choices} of them, each with a default.".format(**count_clauses()),
        "",
        _live_runs(),
        "",
        "`fake-webflow explain CLAUSE` shows the same for one. Every refusal of the fake names its clauses in the "
        "header `X-Fake-Webflow-Clause`.",
        "",
        "## Open choices",
        "",
        "Make one otherwise with `fake-webflow serve --profile CHOICE=OPTION`, or `FakeWebflow(profile={...})`.",
        "",
        *_table(
            ["choice", "default", "other options"],
            [
                [f"[{clause.id}](#{_anchor(clause.id)})", *_default_and_others(clause)]
                for clause in clauses()
                if clause.options
            ],
        ),
    ]
    for family, members in groupby(clauses(), key=lambda clause: clause.id.partition(".")[0]):
        lines += ["", f"## {family}"]
        for clause in members:
            lines += ["", *_clause(clause)]
    return "\n".join(lines) + "\n"


def testing_page() -> str:
    """What tests use, from its docstrings."""
    lines = [
        NOTE,
        "# Reference: the handle of a test",
        "",
        "What the fixture `fake_webflow` gives, and `FakeWebflow()` without pytest. [How to use it](how-to/pytest.md).",
        "",
        "Public is what this page describes, what `fake_webflow` exports, and the thin client `fake_webflow.client`. "
        "Whatever else can be imported may change with any version.",
        "",
        "## Fixtures",
    ]
    for name, fixture in vars(plugin).items():
        if name.startswith("fake_webflow"):
            lines += ["", f"### {name}", "", *_docstring(fixture)]
    for shown in _OF_A_TEST:
        lines += ["", f"## {shown.__name__}", "", *_docstring(shown)]
        for name, member in _members(shown):
            found = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
            signature = "" if isinstance(member, property) else _signature(found)
            lines += ["", f"### {shown.__name__}.{name}", "", f"`{name}{signature}`", "", *_docstring(found)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _members(shown: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, those of its own bases first."""
    bases = [base for base in reversed(shown.__mro__) if base.__module__.startswith("fake_webflow")]
    members = {name: member for base in bases for name, member in vars(base).items()}
    for name, member in members.items():
        # Records make changed copies of themselves by methods that are the fake's own.
        if not name.startswith(("_", "with_")) and (
            isinstance(member, property | classmethod) or inspect.isfunction(member)
        ):
            yield name, member


def _signature(function: Any) -> str:
    signature = inspect.signature(function)
    names = [one.replace(annotation=one.empty) for one in signature.parameters.values() if one.name not in _IMPLIED]
    return str(signature.replace(parameters=names, return_annotation=signature.empty))


def _docstring(shown: Any) -> Iterator[str]:
    """A Google-style docstring as Markdown: examples as code, sections as lists."""
    for block in inspect.cleandoc(shown.__doc__ or "").split("\n\n"):
        first, *rest = block.split("\n")
        if first.startswith(">>>"):
            yield from ["```python", *map(_typed_in, (first, *rest)), "```", ""]
        elif first == "Returns:":
            yield from ["**Returns**", "", *(line.strip() for line in rest), ""]
        elif first in ("Args:", "Raises:"):
            yield from [f"**{first[:-1]}**", "", *_listed(rest), ""]
        else:
            yield from [block, ""]


def _typed_in(line: str) -> str:
    """A line of an example without its prompt; what it prints becomes a comment."""
    return line[4:] if line.startswith((">>> ", "... ")) else f"# {line}"


def _listed(lines: list[str]) -> Iterator[str]:
    for line in lines:
        name, colon, text = line.strip().partition(": ")
        is_entry = line.startswith("    ") and not line.startswith("     ") and colon and " " not in name
        yield f"- `{name}`: {text}" if is_entry else f"  {line.strip()}"


def _live_runs() -> str:
    results = live_results().values()
    if not results:
        return (
            "Nobody has run the [contract suite](verify.md) against the live API yet, so no clause has a live result. "
            "Whether it could have one is said with each."
        )
    holding = sum(result.holds for result in results)
    counts = count_by_evidence(
        (find_clause(name).kind, result.holds)
        for name, result in live_results().items()
        if result.outcome != "other-option"
    )
    return (
        f"{len(results)} clauses have a result of a [run](verify.md) against the live API, the last one of "
        f"{max(result.date for result in results)}: {holding} hold, {len(results) - holding} differ. "
        f"By evidence: {describe_confidence(counts)}."
    )


def _clause(clause: Clause) -> Iterator[str]:
    yield f'<a id="{_anchor(clause.id)}"></a>'
    yield f"### {clause.id}"
    yield ""
    yield f"**{clause.kind}.** {_text(clause.says)}"
    for part in describe_clause(clause):
        yield ""
        yield from _part(part)
    yield ""
    yield _checked(clause)
    yield ""
    yield f"Last live result: {_text(describe_live_result(clause.id)) or 'none'}."


def _part(part: ClausePart) -> Iterator[str]:
    if part.label == OPTIONS_LABEL:
        yield from _table(["option", "meaning"], [[_code(name), _text(says)] for name, says in part.rows])
    elif part.rows:
        yield from (f"- {name}: {_text(text)}" for name, text in part.rows)
    elif part.links:
        yield f"{part.title}: {', '.join(f'[{_text(name)}]({address})' for name, address in part.links.items())}"
    elif part.text:
        yield f"{_text(part.title)}: {_text(part.text)}"
    else:
        yield f"{part.title}: {', '.join(map(_code, part.names or [part.code]))}"


@cache
def tests() -> list[ClauseTest]:
    """The tests of the contract suite."""
    return find_clause_tests()


def _checked(clause: Clause) -> str:
    """By which tests a clause is checked, and where."""
    if clause.unchecked:
        return f"Not checked by a contract test: {_text(clause.unchecked)}"
    own = [test for test in tests() if clause.id in test.clauses]
    if not own:
        return "Checked on the fake only, by tests of its own."
    where = (
        "on any API"
        if any(test.checks_any_api for test in own)
        else "on the fake only, since calls alone cannot show it"
    )
    return f"Checked {where}, by {', '.join(_code(test.name) for test in own)}."


def _default_and_others(clause: Clause) -> tuple[str, str]:
    default, *others = clause.options
    return _code(default), ", ".join(map(_code, others))


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        cells = [cell.replace("|", "\\|") for cell in row]
        yield f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """The text as code, between as many back-ticks as it needs."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def _text(text: str) -> str:
    """The text without what Markdown or HTML would make of its signs."""
    for sign in "\\`*_<[":
        text = text.replace(sign, "\\" + sign)
    return text


def _anchor(clause_id: str) -> str:
    return clause_id.replace(".", "-")


def drift_page() -> str:
    """Every drift of the library, with the clauses that notice it."""
    found, record = drifts(), DriftRecord.read()
    caught = sum(1 for drift in found if record.caught[drift.name])
    lines = [
        NOTE,
        "# Drifts",
        "",
        "A contract suite is worth what it notices. So it is itself tested, by APIs that are wrong: each line below is "
        f"one way in which an API changes behind its clients' backs. There are {len(found)}. The clauses' own tests "
        f"were run against a fake behind each, and noticed {caught} by a clause that concerns the change; the whole "
        f"suite was run against {record.clean} clean fakes, each with ids of its own, and raised no alarm. That took "
        f"{record.seconds} seconds of one processor. {len(harmless_changes())} harmless changes were tried as well, "
        "which no client can depend on; none raised an alarm.",
        "",
        "`make drift` does all of this again and writes down what noticed what. `make test` holds it against the code "
        "for the tests of the clauses a drift concerns.",
        "",
        "To see what one does to a client, put it before an API on this machine:",
        "",
        "```",
        "fake-webflow serve",
        "fake-webflow drift pages-of-fifty --upstream http://127.0.0.1:8787 --port 8788",
        "```",
        "",
        "A source other than *realistic* is a change that the official OpenAPI document went through, made or undone "
        "here. Clauses of the family `fake` are about this fake alone and cannot drift. A change that leaves the suite "
        "no sandbox to work in (assets that can no longer be listed, say) is not a drift of this library: it ends the "
        "whole run with exit code 2 and one line.",
    ]
    for family, members in groupby(found, key=lambda drift: drift.family):
        rows = [
            [
                _code(drift.name),
                _text(drift.effect),
                drift.kind,
                _text(drift.source),
                ", ".join(f"[{name}](clauses.md#{_anchor(name)})" for name in record.caught[drift.name]),
            ]
            for drift in members
        ]
        lines += ["", f"## {family}", "", *_table(["drift", "what changed", "where", "source", "noticed by"], rows)]
    harmless = [[_code(drift.name), _text(drift.effect), drift.kind] for drift in harmless_changes()]
    lines += ["", "## Harmless", "", *_table(["change", "what changed", "where"], harmless)]
    return "\n".join(lines) + "\n"


def command_line_page() -> str:
    """Every command with its help."""
    lines = [
        NOTE,
        "# The command line",
        "",
        "`fake-webflow COMMAND --help` shows what stands here. A misspelt command or option is answered with the "
        "nearest, in one line on standard error and with exit code 2. Output is coloured on a terminal and nowhere "
        "else; `NO_COLOR=1` leaves colours out there as well.",
        "",
        "**Completion.** One line in the shell's start file switches it on. It completes commands, options, scenarios, "
        "choices and clauses.",
        "",
        *_table(
            ["shell", "file", "line"],
            [
                ["bash", "`~/.bashrc`", '`eval "$(_FAKE_WEBFLOW_COMPLETE=bash_source fake-webflow)"`'],
                ["zsh", "`~/.zshrc`", '`eval "$(_FAKE_WEBFLOW_COMPLETE=zsh_source fake-webflow)"`'],
                [
                    "fish",
                    "`~/.config/fish/completions/fake-webflow.fish`",
                    "`_FAKE_WEBFLOW_COMPLETE=fish_source fake-webflow \\| source`",
                ],
            ],
        ),
        "",
        "**Open choices.** `--profile` takes `CHOICE=OPTION` or a YAML file of such lines "
        "(`items.update.null: ignored`), in every command and as often as you like; what comes later counts.",
        "",
        "**Variables.** Each option of `serve` can be set by a variable: `--rate-limit` by `FAKE_WEBFLOW_RATE_LIMIT`. "
        "Commas stand between the values of an option that may be repeated, a flag takes `1` or `0`, and an empty "
        "variable counts as not set. Options of the command line come first. `FAKE_WEBFLOW_PORT` is ignored where it "
        "begins with `tcp://`, which Kubernetes sets for a service named fake-webflow. `verify` and `twin` read their "
        "tokens from `WEBFLOW_TOKEN`, `WEBFLOW_LEFT_TOKEN` and `WEBFLOW_RIGHT_TOKEN`.",
        "",
        "**Log.** On a terminal, or with `--log`, `serve` prints a line on standard error for each request of the API: "
        "status, operation, milliseconds, and the clauses that refused it. Tokens are in no line. With `--json` it "
        "prints no log.",
    ]
    commands = _fake_webflow_commands()
    for name, context in commands.items():
        text = context.get_help().replace("\b\n", "").rstrip()
        lines += ["", f"## {name}", "", "```text", *(line.rstrip() for line in text.splitlines()), "```"]
    return "\n".join(lines) + "\n"


def _fake_webflow_commands() -> dict[str, click.Context]:
    """A context of 80 columns for each command, by its name."""
    found: dict[str, click.Context] = {}
    todo = [click.Context(fake_webflow_command, info_name="fake-webflow", terminal_width=80)]
    while todo:
        context = todo.pop(0)
        found[context.command_path] = context
        if isinstance(context.command, click.Group):
            named = (
                (name, context.command.get_command(context, name)) for name in context.command.list_commands(context)
            )
            todo += [click.Context(child, context, name, terminal_width=80) for name, child in named if child]
    return found


def readme() -> str:
    """The README with its figures as they are."""
    record = DriftRecord.read()
    others = sum(len(options) - 1 for options in choice_options().values())
    unseen = sum(len(choice_options()[name]) - 1 for name in UNSEEN_CHOICES) + len(UNSEEN_OPTIONS)
    text = (DOCS / "../README.md").read_text(encoding="utf-8")
    for words, figures in (
        (r"contract suite, {} tests", (len(Plan.read().cases),)),
        (r"notices all {} changes", (len(record.caught),)),
        (r"alarm over {} clean fakes", (record.clean,)),
        (r"each of {} of the {} other options", (others - unseen, others)),
    ):
        text, found = re.subn(words.replace("{}", r"[\d,]+"), words.format(*(f"{one:,}" for one in figures)), text)
        if found != 1:
            raise LookupError(f"README.md says {found} times: {words}")
    return text


def typescript_file() -> str:
    """The TypeScript file for tests with the types as the control interface has them."""
    text = (DOCS / "how-to" / "fake-webflow.ts").read_text(encoding="utf-8")
    head, begin, rest = text.partition("do not edit them by hand.\n")
    _, end, tail = rest.partition("// End of these types.\n")
    if not end:
        raise LookupError("how-to/fake-webflow.ts has lost the lines between which its types stand")
    types = runpy.run_path(str(DOCS / "typescript.py"))["render_types"]()
    return f"{head}{begin}\n{types}\n\n{end}{tail}"


PAGES: dict[str, Callable[[], str]] = {
    "../README.md": readme,
    "command-line.md": command_line_page,
    "operations.md": operations_page,
    "clauses.md": clauses_page,
    "testing.md": testing_page,
    "drift.md": drift_page,
    "how-to/fake-webflow.ts": typescript_file,
}


def stale() -> list[str]:
    """The pages that are not as the code would have them."""
    return [name for name, page in PAGES.items() if not _is(DOCS / name, page())]


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Writes the pages, or checks them."""
    if arguments == ["--check"]:
        for name in stale():
            print(f"docs/{name} is not current: make docs", file=sys.stderr)
        return 1 if stale() else 0
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
