"""The control interface, ``/_fake/...``, and what else stands around a served fake: who is let in, and its pages."""
