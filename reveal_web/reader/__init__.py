"""What the holder of a link reaches: the shell, and the five things that can be said about a drop. Tiny on purpose."""
