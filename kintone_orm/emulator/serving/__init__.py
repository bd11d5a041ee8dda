"""Serving HTTP requests: from the request to its handler, and from the handler to the answer.

Faults, the journal and notifications are here too.
"""
