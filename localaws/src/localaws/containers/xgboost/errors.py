"""Defines how a training ends that the user can avoid."""


class UserError(Exception):
    """What the user has to change, in the words of AWS's container."""
