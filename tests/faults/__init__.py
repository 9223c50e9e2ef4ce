"""Faults of a deployment of several servers, made with real servers and databases on loopback."""
