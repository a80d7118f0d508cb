"""What gan-tui promises, in words a user understands; docs/promises.md says them at more length."""

PROMISES = {
    1: "Killed at any instant, a run has a checkpoint that loads, never older than the last one reported",
    2: "A power cut cannot lose a checkpoint that was reported",
    3: "A resumed run is, bit for bit, the run that never stopped",
    4: "A checkpoint that lacks or changes anything is refused by name, and the one before it is used",
    5: "No metric that was shown is lost by a kill, at most a second's by a power cut; a damaged line costs itself",
    6: "Viewers never slow the training",
    7: "A dropped link loses nothing",
    8: "A trainer that dies is explained within 2 seconds, with the way on, and restarted where asked",
    9: "SIGTERM and Ctrl-C save and stop, hanging up does not matter, and the resumed run is the same run",
    10: "A full disk neither kills a run nor corrupts what is there; the screen says so",
    11: "No string from a file, layer, metric or log can touch the terminal or act in the interface",
    12: "No input, however broken, ends or freezes the program",
    13: "A vanished terminal leaves no spinning process; signals and Ctrl-Z leave a sane terminal",
    14: "Any terminal is drawn as it can show, or refused in one sentence",
    15: "Nobody else gets in; stale sockets and locks heal; no process is ever signalled by a number",
    16: "Opening a foreign run, preset or checkpoint runs no code and cannot exhaust the machine",
    17: "Hours at full speed leak nothing",
    18: "Moved or deleted folders: a run is followed wherever it is moved; deleted, it ends, and nothing is made again",
    19: "Nothing is painted on the terminal once it was given back, and nothing typed into the shell",
    20: "Foreign locks and copies: what is not seen to be alive is not called dead, nor trained twice without a word",
}
