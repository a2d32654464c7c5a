"""One behavioural check and what passes it."""

from typing import NamedTuple

#: A neutral text may win with this score at most.
NEUTRAL_CEILING = 0.9
#: How far a score may move where nothing has changed.
STILL = 0.1
#: A step this small against the right way is no step: near 0 and 1 there is no room.
ROUNDING = 0.01


class Case(NamedTuple):
    capability: str
    part: str
    kind: str
    """MFT: the right label. NEUTRAL: the winner's score is at most NEUTRAL_CEILING. INV: the same
    label, and the score hardly moves. DIR: the score moves the right way."""
    texts: tuple[str, ...]
    """one text, or the two to compare"""
    right: int
    """MFT: the label; DIR: 1 where the second text is to be more positive, 0 less"""

    def passes(self, scores: list[float]) -> bool:
        """`scores`: p(POSITIVE) of each text."""
        first, last = scores[0], scores[-1]
        if self.kind == "MFT":
            return (first >= 0.5) == bool(self.right)
        if self.kind == "NEUTRAL":
            return max(first, 1 - first) <= NEUTRAL_CEILING
        if self.kind == "INV":
            return (first >= 0.5) == (last >= 0.5) and abs(first - last) <= STILL
        return (last - first if self.right else first - last) > -ROUNDING
