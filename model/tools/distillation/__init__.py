"""The coming recipe: a teacher, its opinion of a large transfer set, and a small student."""

import os

# Before transformers is imported: nothing is fetched while training, and no bars fill the log.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("TQDM_DISABLE", "1")
