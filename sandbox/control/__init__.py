"""What people do and see, and what a test does to the workspace: in Python and as JSON over HTTP."""
