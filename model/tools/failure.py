"""The one exception whose message is meant for the person at the terminal."""


class Failure(Exception):
    """What is wrong with the input or the result, in one line."""
