"""A stateful, in-memory test double of Webflow's Data API v2."""
