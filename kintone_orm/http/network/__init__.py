"""Sending a request over the network: connections, deadlines, and the errors of other libraries."""
