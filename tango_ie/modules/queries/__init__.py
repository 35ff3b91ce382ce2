"""Queries beside a sentence: what a model that asks for types by their names is made of."""
