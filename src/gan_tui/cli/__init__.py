"""The shell: arguments, commands, a run followed as text, tables. Knows every room but training: no Keras here."""
