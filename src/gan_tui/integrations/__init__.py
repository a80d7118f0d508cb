"""Others' scripts and formats: runs that scripts make, logs of other tools, export to them.

What is here knows runs alone; Keras only where a script has it.
"""
