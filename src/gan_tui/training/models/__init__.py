"""What a task is made of: networks, examples, the compiled step, validation. Knows no run, event or command."""
