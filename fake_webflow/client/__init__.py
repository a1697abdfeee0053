"""A thin client for Webflow's Data API v2, on requests.

::

    with WebflowClient(token) as client:
        site = client.sites.list()["sites"][0]
        client.assets.upload(site["id"], "photo.jpg")

It imports nothing else of this package and works against Webflow itself with nothing changed but the token.
"""

from ._answers import CLAUSE_HEADER, JsonObject
from ._assets import AssetFolders, Assets
from ._client import BASE_URL, WebflowClient
from ._collections import Collections
from ._errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    Forbidden,
    NotAuthorized,
    NotFound,
    ServerError,
    TooManyRequests,
    UnexpectedAnswer,
    UploadError,
    WebflowError,
)
from ._items import Items
from ._live_items import LiveItems
from ._sites import Sites, Token
from ._transport import LONGEST_WAIT
from ._webhooks import Webhooks
from ._wire import ItemFilters

__all__ = [
    "BASE_URL",
    "CLAUSE_HEADER",
    "LONGEST_WAIT",
    "ApiError",
    "AssetFolders",
    "Assets",
    "BadRequest",
    "Collections",
    "Conflict",
    "ConnectionFailed",
    "Forbidden",
    "ItemFilters",
    "Items",
    "JsonObject",
    "LiveItems",
    "NotAuthorized",
    "NotFound",
    "ServerError",
    "Sites",
    "Token",
    "TooManyRequests",
    "UnexpectedAnswer",
    "UploadError",
    "WebflowClient",
    "WebflowError",
    "Webhooks",
]
