"""What those who seal reach: the composer's page, and the routes under which pages and clients hand a drop in."""
