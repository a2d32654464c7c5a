"""Texts to check an export with when no data set is at hand: from one word to 512 tokens."""

import random

#: Things people say about things; not taken from any data set.
OPINIONS = (
    "good", "bad", "Great!", "Terrible.", "I love it", "I hate it", "not bad at all",
    "It works, most of the time.", "What a waste of two hours.",
    "An absolute joy from start to finish.", "The plot is thin but the actors are wonderful.",
    "My order arrived late and the box was crushed.",
    "Best coffee in town, and the staff remember your name.",
    "I would not recommend this to anyone.", "The battery lasts two days; I am impressed.",
    "It broke after a week and nobody answers my e-mails.",
    "Flight delayed 4 hours, no explanation, no water.",
    "Thank you @support, that was quick :)", "A dull, lifeless remake that nobody asked for.",
    "Funny, warm and surprisingly wise.", "The sound is tinny and the screen scratches easily.",
    "Five stars. Would buy again.", "I wanted to like it, but it left me cold.",
    "Neither the jokes nor the songs land.", "She gives the performance of her career.",
    "Room was clean, bed was soft, breakfast was superb.", "Refund refused!!! Never again!!!",
    "The update fixed every problem I had.", "It's fine, I suppose.", "An unexpected delight.",
    "Painfully slow and needlessly long.", "The camera is excellent in low light.",
    "Customer service hung up on me twice.", "Ein schöner Film, très bien, 素晴らしい.",
    "lol this is so goooood 😂😂", "???", "The book explains hard things in simple words.",
    "He mumbles through every scene.", "Cheap, sturdy, does what it says.",
    "You can see the twist coming from a mile away.",
)  # fmt: skip


def sample_texts(count: int, seed: int = 7) -> list[str]:
    """The opinions themselves, then joined ones, mostly short; some longer than 512 tokens."""
    rng = random.Random(seed)
    texts = list(OPINIONS)
    while len(texts) < count:
        parts = min(70, 2 + int(rng.expovariate(1 / 6)))
        texts.append(" ".join(rng.choice(OPINIONS) for _ in range(parts)))
    return texts[:count]
