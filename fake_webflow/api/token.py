"""Operations that tell a token about itself."""

from __future__ import annotations

from ..conditions.rate_limit import USUAL_LIMIT
from ..rules import Refusal
from ..world.instants import timestamp
from .call import Call, Reply


def introspect(call: Call) -> Reply:
    """``GET /token/introspect``: for tokens of OAuth apps; for others as ``token.introspect.site-token`` says."""
    token = call.token
    if token.kind != "app" and call.profile.token_introspect_site_token == "error-500":
        raise Refusal("errors.internal", choice="token.introspect.site-token")
    sites = [site for site in call.world.sites.values() if token.grants(site.id)]
    return Reply(
        {
            "authorization": {
                "id": token.authorization_id,
                "createdOn": timestamp(token.created_on),
                "lastUsed": timestamp(call.clock.now),
                "grantType": "authorization_code",
                "rateLimit": USUAL_LIMIT,
                "scope": ",".join(token.scopes),
                "authorizedTo": {
                    "siteIds": sorted(site.id for site in sites),
                    "workspaceIds": sorted({site.workspace_id for site in sites}),
                    "userIds": [token.user.id],
                },
            },
            "application": {
                "id": token.authorization_id,
                "description": "An application made up by fake-webflow",
                "homepage": "https://example.com",
                "displayName": "fake-webflow",
            },
        }
    )


def authorized_by(call: Call) -> Reply:
    """``GET /token/authorized_by``."""
    user = call.token.user
    return Reply({"id": user.id, "email": user.email, "firstName": user.first_name, "lastName": user.last_name})
