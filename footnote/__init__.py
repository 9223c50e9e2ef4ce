"""Footnote: a FAQ assistant that answers only from one article and cites its sentences."""

__version__ = "0.1.0"
