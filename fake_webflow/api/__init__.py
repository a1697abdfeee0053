"""The operations of the API: one table, one pipeline, one short module for each resource."""
