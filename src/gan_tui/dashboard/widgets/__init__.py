"""One widget a file, each thin around a drawing function; none knows a screen."""
