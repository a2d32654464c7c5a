"""What both models are trained on: texts with a target between the two labels."""

from typing import NamedTuple


class Aimed(NamedTuple):
    """A text and how positive it is: 0 NEGATIVE, 1 POSITIVE, 0.5 neither."""

    text: str
    target: float
