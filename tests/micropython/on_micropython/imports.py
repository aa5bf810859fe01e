"""Imports the modules that are named, each by itself, and prints how many there were."""

import sys

for name in sys.argv[1:]:
    __import__(name)
print(len(sys.argv) - 1)
