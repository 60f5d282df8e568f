"""A phone without a signal, drilled in a whole browser that is killed (row 36 of the assurance table)."""
