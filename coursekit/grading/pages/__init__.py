"""What people read: a page of feedback for each student, and the report on the class."""
