"""The operating system, where it needs care: memory, signals, files that last or may be anything. Knows no room."""
