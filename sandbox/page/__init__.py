"""The page in which a person plays Maya, Dana and Sam: plain HTML, CSS and JavaScript modules."""
