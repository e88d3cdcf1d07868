"""What authors get wrong: found, told in their words, and mended where one mend is meant.

Nothing here is needed to read a file that is right.
"""
