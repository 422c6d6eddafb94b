"""The webhook receiver: real sockets, signed calls, a spool, and the way into the warehouse."""
