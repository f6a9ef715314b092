"""Orders versions as the Python packaging library does."""

import itertools
import sys

from packaging.version import InvalidVersion, Version

taken, refused = [], ["!"]
for text in sys.stdin.read().splitlines():
    try:
        taken.append((Version(text), text))
    except InvalidVersion:
        refused.append(text)
taken.sort(key=lambda t: t[0])
for _, same in itertools.groupby(taken, key=lambda t: t[0]):
    print(" ".join(text for _, text in same))
print(" ".join(refused))
