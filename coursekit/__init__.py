"""What runs the course: authoring, grading, and the sandbox. Instructors and maintainers use it; no notebook imports it."""
