"""The executable contract: one suite for the fake and for the real API.

A test knows a target (base URL, token, a site to work in) and nothing else of the fake. It names the clauses of the
ledger it checks, so that results can be reported for each clause::

    pytest contracts                                                   a fake in the same process
    pytest contracts --webflow-url URL --webflow-token TOKEN --sandbox any other API
"""
