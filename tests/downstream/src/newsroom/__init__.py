"""Keeps a Webflow collection as a newsroom has its articles."""
