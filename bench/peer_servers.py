"""How each peer is started with one item of 0.7 KB in it, and how that item is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from . import served
from .peers import Peers
from .places import HERE
from .served import Asked, Served
from .worlds import POSTS_ID, item_id, item_path, world_with

PRISM, MOCKOON, JSON_SERVER, MOTO = "Prism", "Mockoon, CRUD", "json-server", "moto, DynamoDB"
Serving = Callable[[], AbstractContextManager[Served]]
_TABLE = {
    "TableName": "items",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
_DYNAMODB = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, "
    "Signature=none",
    "Content-Type": "application/x-amz-json-1.0",
}


def the_item() -> dict[str, Any]:
    """The item that every peer keeps."""
    item: dict[str, Any] = orjson.loads(next(iter(world_with(1).collections[POSTS_ID].staged)).json)
    return item


def serving(folder: Path, peers: Peers, document: Path) -> tuple[dict[str, Serving], dict[str, str]]:
    """How to serve each peer; and for those that cannot be had, why.

    Args:
        folder: For the files they read.
        peers: What is installed.
        document: The OpenAPI document that Prism mocks.
    """
    programs: dict[str, tuple[str, Callable[[Path], Serving]]] = {
        PRISM: ("prism", partial(_prism, document)),
        MOCKOON: ("mockoon-cli", partial(_mockoon, folder)),
        JSON_SERVER: ("json-server", partial(_json_server, folder)),
    }
    found = {name: (peers.command(program), make) for name, (program, make) in programs.items()}
    found[MOTO] = (peers.python(), _moto)
    can = {name: make(path) for name, ((path, _), make) in found.items() if path is not None}
    return can, {name: reason for name, ((path, reason), _) in found.items() if path is None}


def _prism(document: Path, program: Path) -> Serving:
    # Prism serves the paths of the document, without the base path of its servers.
    asked = Asked(item_path(0).removeprefix("/v2"), {"Authorization": "Bearer any"})
    return _peer(lambda port: [str(program), "mock", "-h", "127.0.0.1", "-p", port, str(document)], asked)


def _mockoon(folder: Path, program: Path) -> Serving:
    environment = orjson.loads((HERE / "mockoon.json").read_bytes())
    environment["data"][0]["value"] = json.dumps([the_item()])
    start = [str(program), "start", "--data", str(_written(folder, "mockoon.json", environment))]
    options = ["--hostname", "127.0.0.1", "--disable-log-to-file"]
    return _peer(lambda port: [*start, "--port", port, *options], Asked(f"/items/{item_id(0)}"))


def _json_server(folder: Path, program: Path) -> Serving:
    start = [str(program), str(_written(folder, "db.json", {"items": [the_item()]}))]
    options = ["--host", "127.0.0.1", "--quiet"]
    return _peer(lambda port: [*start, "--port", port, *options], Asked(f"/items/{item_id(0)}"))


def _moto(python: Path) -> Serving:
    item = {"id": {"S": item_id(0)}, "json": {"S": json.dumps(the_item())}}
    return partial(
        served.peer,
        lambda port: [str(python), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        _dynamodb("GetItem", {"TableName": "items", "Key": {"id": item["id"]}}),
        [
            _dynamodb("ListTables", {}),
            _dynamodb("CreateTable", _TABLE),
            _dynamodb("PutItem", {"TableName": "items", "Item": item}),
        ],
    )


def _peer(command: Callable[[str], list[str]], asked: Asked) -> Serving:
    return partial(served.peer, lambda port: command(str(port)), asked)


def _dynamodb(operation: str, body: Mapping[str, object]) -> Asked:
    headers = {**_DYNAMODB, "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
    return Asked("/", headers, "POST", json.dumps(body).encode())


def _written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
