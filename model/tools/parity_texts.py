"""Three hundred texts of our own that tokenizers and runtimes are likely to disagree about."""

import random

PLAIN = [
    "I love you.", "I hate you.", "An honest, funny and surprisingly tender film.",
    "The plot makes no sense and nobody seems to care.", "Not bad at all!", "Meh.",
    "It's neither good nor bad; it simply is.", "I wouldn't recommend it to anyone.",
    "BEST. PURCHASE. EVER.", "worst customer service i have ever dealt with",
    "The food was cold, the waiter was colder.", "Two hours well spent :)", "3/10, would not return",
    "Don't you dare miss this one.", "e-mail me at someone@example.com or see https://example.com/a?b=c",
    "$19.99 for this? Really?!", "100% cotton, 0% comfort", "#fail @airline #neveragain",
]  # fmt: skip
SCRIPTS = [
    "Café crème, très déçu par l'accueil", "Das war großartig, wirklich schön", "¡Qué película más aburrida!",
    "Ångström naïve coöperate façade", "İstanbul’da güzel bir gün", "Zażółć gęślą jaźń", "Crème brûlée (decomposed: é è ê ñ)",
    "这部电影太好看了", "私はこの映画が大好きです", "정말 재미없는 영화였어요", "电影 film 映画 movie", "ﾊﾝｶｸｶﾅ ＦＵＬＬＷＩＤＴＨ ｔｅｘｔ １２３",
    "هذا الفيلم رائع جدا", "הסרט הזה היה נורא", "\u202ethis text is turned around\u202c", "mixed שלום and مرحبا in one line",
    "Это был худший фильм года", "Ήταν μια υπέροχη ταινία", "यह फिल्म बहुत अच्छी थी", "หนังเรื่องนี้สนุกมาก", "Bộ phim này thật tuyệt vời",
]  # fmt: skip
EMOJI = [
    "😀", "😡😡😡", "I ❤️ this", "👩‍👩‍👧‍👦 family approved", "👍🏽 great", "🇩🇪🇯🇵", "good 👍 bad 👎", "☹ sad ☺ glad",
    "1️⃣ star", "🫠 melted", "¯\\_(ツ)_/¯", "(╯°□°)╯︵ ┻━┻", "♥♥♥♥♥", "★★☆☆☆",
    "so good😍so bad😭", "🔥🔥🔥 what a night", "🙄", "💔", "❤️‍🔥", "🤦🏻‍♀️ again", "👍🏿👎🏻", "the food😋the service😡", "UNREAL😱!!!",
    "😂🤣😊😍🥰😘😁😀😃😄😆😉😋😎😇🙂🤗🤩🥳😌👏🙌🙏💪👌🎉✨⭐💯❤💕", "😭😢😡😠🤬😤😞😔😟😕🙁☹😣😩🥺😱😨😰😓🤢🤮👎🖕💩😒🙄😑😬🥱💀", "☹️☺️‼️⁉️🗑️ #️⃣ 🏳️‍🌈",
]  # fmt: skip
ODD = [
    "\u200b", "\u200b\u200c\u200d", "\ufeffwith a byte order mark", "\u00ad", "a\u00adb soft hyphen", "\ufffd", "\u0301", "...", "!", "-", "_", "'", "``quoted''",
    "tab\tseparated\tvalues", "line one\nline two\r\nline three", "nul\x00inside", "bell\x07 and escape\x1b[31mred", "\x01\x02\x03x",
    "no\u00a0break\u00a0space", "en\u2002em\u2003thin\u2009space", "line\u2028separator\u2029paragraph", "vertical\x0btab form\x0cfeed", "next\x85line",
    "[CLS] [SEP] [MASK] [PAD] [UNK]", "##ing ##ed", "<s> </s> <unk>", "{\"json\": true}", "<b>bold</b> &amp; &lt;", "SELECT * FROM reviews; --",
    "don't can't won't it's I'm you're they'd", "rock'n'roll o'clock", "U.S.A. e.g. i.e. Ph.D.", "1,234,567.89 -0.5e-10", "C++ C# F#", "ﬁne ﬂat ligatures", "Ⅷ ⅓ ² ™ © ®",
    "ｶﾞ", "가", "ᄀ\u1161\u11a8", "ß ẞ SS", "ŉ ǆ ΐ", "Σίσυφος ΣΑΣ", "𝓕𝓪𝓷𝓬𝔂 𝕥𝕖𝕩𝕥", "𠜎𠜱𠝹 rare ideographs", "\U0010fffd private", "\ue000 private",
]  # fmt: skip
WORDS = (
    "the a this film movie plot acting script camera music scene ending cast story dialogue pace humour "
    "is was felt seemed remains became good bad great awful dull brilliant tedious charming clumsy warm "
    "cold sharp flat moving silly honest hollow and but yet because although very rather never always not"
).split()


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words)) + rng.choice([".", "!", "?", "", " ..."])


def parity_texts(count: int = 300) -> list[str]:
    """The lists above, words of up to 10,000 characters, and sentences of 1 to 700 words."""
    rng = random.Random(20)
    long_words = ["a" * n for n in (99, 100, 101, 1000, 10_000)]
    long_words += ["é" * 10_000, "好" * 600, "😀" * 600, "ab-" * 3_000, "!" * 600]
    texts = [*PLAIN, *SCRIPTS, *EMOJI, *ODD, *long_words]
    texts += [f"{sentence(rng, 5)} {odd} {sentence(rng, 5)}" for odd in rng.sample(ODD + EMOJI, 40)]
    texts += [sentence(rng, words) for words in (200, 400, 505, 508, 509, 510, 511, 512, 520, 700)]
    while len(texts) < count:
        texts.append(sentence(rng, rng.randint(1, 60)))
    return texts[:count]
