"""The command line completed in a shell: what may stand at the cursor, and the shells' own scripts that ask for it.

A script asks the program at each TAB (`answer`), so it knows what there is now: runs, presets, the settings of one.
What may stand where is read off the parser (`places`), so a new command or option is completed without another change.
"""

ASKED = "__complete"
"""The first word of the command line by which a script asks; no command of a person's."""
SHELLS = ("bash", "zsh", "fish")
