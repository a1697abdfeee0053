"""Plan limits: how many collections and items a site may have. Off unless the choice ``plan.limits`` names a plan."""

from __future__ import annotations

from ..rules import Profile, Refusal
from .sites import Site
from .world import World

# Collections and items of each plan (``plan.limits``).
PLAN_LIMITS = {"starter": (1, 50), "basic": (2, 200), "cms": (20, 2_000), "business": (40, 10_000)}


def check_collection_limit(world: World, site: Site, profile: Profile) -> None:
    """Refuses one more collection than the plan has.

    Raises:
        Refusal: ``plan.collections``.
    """
    if profile.plan_limits == "off":
        return
    if len(world.collections_of(site)) >= PLAN_LIMITS[profile.plan_limits][0]:
        raise Refusal("plan.collections", choice="plan.limits")


def check_item_limit(world: World, site: Site, profile: Profile) -> None:
    """Refuses a world whose site has more items than the plan; an item counts once, whatever its locales.

    Raises:
        Refusal: ``plan.items``.
    """
    if profile.plan_limits == "off":
        return
    count = sum(len({item.id for item in collection.staged}) for collection in world.collections_of(site))
    if count > PLAN_LIMITS[profile.plan_limits][1]:
        raise Refusal("plan.items", choice="plan.limits")
