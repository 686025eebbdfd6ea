"""What comes in: folders and zips of submissions, and the roster of a course."""
