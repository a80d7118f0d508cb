"""`gan-tui doctor`: what this machine has, what would end a run that trains in the background, and what helps.

Each check is a function of what it reads, given as arguments; `examine` puts them together.
"""

from gan_tui.doctor.examine import doctor

__all__ = ["doctor"]
