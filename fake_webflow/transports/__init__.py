"""The ways in: WSGI, Flask, the server, the transports of HTTP libraries, and what puts these in place."""
