"""Texts to check an export with when no data set is at hand: from one word to 512 tokens."""

import random

#: Things people say about things; not taken from any data set.
PRAISE = (
    "good", "Great!", "I love it", "An absolute joy from start to finish.",
    "Best coffee in town, and the staff remember your name.",
    "The battery lasts two days; I am impressed.", "Thank you @support, that was quick :)",
    "Funny, warm and surprisingly wise.", "Five stars. Would buy again.",
    "She gives the performance of her career.",
    "Room was clean, bed was soft, breakfast was superb.",
    "The update fixed every problem I had.", "An unexpected delight.",
    "The camera is excellent in low light.", "Ein schöner Film, très bien, 素晴らしい.",
    "lol this is so goooood 😂😂", "The book explains hard things in simple words.",
    "Cheap, sturdy, does what it says.",
)  # fmt: skip
BLAME = (
    "bad", "Terrible.", "I hate it", "What a waste of two hours.",
    "My order arrived late and the box was crushed.", "I would not recommend this to anyone.",
    "It broke after a week and nobody answers my e-mails.",
    "Flight delayed 4 hours, no explanation, no water.",
    "A dull, lifeless remake that nobody asked for.",
    "The sound is tinny and the screen scratches easily.",
    "I wanted to like it, but it left me cold.", "Neither the jokes nor the songs land.",
    "Refund refused!!! Never again!!!", "Painfully slow and needlessly long.",
    "Customer service hung up on me twice.", "He mumbles through every scene.",
    "You can see the twist coming from a mile away.",
)  # fmt: skip
NEITHER = (
    "not bad at all", "It works, most of the time.",
    "The plot is thin but the actors are wonderful.", "It's fine, I suppose.", "???",
)  # fmt: skip


def sample_texts(count: int, seed: int = 7) -> list[str]:
    """Each opinion, then joined ones of one mind, as reviews are; some longer than 512 tokens."""
    rng = random.Random(seed)
    texts = [*PRAISE, *BLAME, *NEITHER, " ".join(PRAISE * 4), " ".join(BLAME * 4)]
    while len(texts) < count:
        opinions = rng.choice((PRAISE, BLAME))
        parts = min(70, 2 + int(rng.expovariate(1 / 6)))
        texts.append(" ".join(rng.choice(opinions) for _ in range(parts)))
    return texts[:count]
