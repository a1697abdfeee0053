"""A site as a scenario of its own, or as types: ``fake-webflow pull``. Nothing is ever written to the site."""

from .pull import PullResult, PullSettings, pull_site
from .source import PullFailed

__all__ = ["PullFailed", "PullResult", "PullSettings", "pull_site"]
