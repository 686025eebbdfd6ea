"""The tables of nbgrader's gradebook, as its models (nbgrader/api.py) have them at the last migration of 0.9.6."""

VERSION = "e43177bfe90b"  # of the migrations of nbgrader 0.9.6
SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
CREATE TABLE course (id VARCHAR(128) NOT NULL PRIMARY KEY UNIQUE);
CREATE TABLE student (id VARCHAR(128) NOT NULL PRIMARY KEY, first_name VARCHAR(128), last_name VARCHAR(128),
    email VARCHAR(128), lms_user_id VARCHAR(128));
CREATE TABLE assignment (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL UNIQUE, duedate DATETIME,
    course_id VARCHAR(128) NOT NULL REFERENCES course (id));
CREATE TABLE notebook (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,
    assignment_id VARCHAR(32) REFERENCES assignment (id), kernelspec VARCHAR(1024), UNIQUE (name, assignment_id));
CREATE TABLE base_cell (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,
    notebook_id VARCHAR(32) NOT NULL REFERENCES notebook (id), type VARCHAR(50), UNIQUE (name, notebook_id, type));
CREATE TABLE grade_cells (id VARCHAR(32) NOT NULL PRIMARY KEY REFERENCES base_cell (id), max_score FLOAT NOT NULL,
    cell_type VARCHAR(8) NOT NULL);
CREATE TABLE solution_cells (id VARCHAR(32) NOT NULL PRIMARY KEY REFERENCES base_cell (id));
CREATE TABLE task_cells (id VARCHAR(32) NOT NULL PRIMARY KEY REFERENCES base_cell (id), max_score FLOAT NOT NULL,
    cell_type VARCHAR(8) NOT NULL);
CREATE TABLE source_cell (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,
    cell_type VARCHAR(8) NOT NULL, locked BOOLEAN NOT NULL, source TEXT, checksum VARCHAR(128),
    notebook_id VARCHAR(32) REFERENCES notebook (id), UNIQUE (name, notebook_id));
CREATE TABLE submitted_assignment (id VARCHAR(32) NOT NULL PRIMARY KEY,
    assignment_id VARCHAR(32) REFERENCES assignment (id), student_id VARCHAR(128) REFERENCES student (id),
    timestamp DATETIME, extension DATETIME, UNIQUE (assignment_id, student_id));
CREATE TABLE submitted_notebook (id VARCHAR(32) NOT NULL PRIMARY KEY,
    assignment_id VARCHAR(32) REFERENCES submitted_assignment (id), notebook_id VARCHAR(32) REFERENCES notebook (id),
    flagged BOOLEAN, late_submission_penalty FLOAT, UNIQUE (notebook_id, assignment_id));
CREATE TABLE grade (id VARCHAR(32) NOT NULL PRIMARY KEY, notebook_id VARCHAR(32) REFERENCES submitted_notebook (id),
    cell_id VARCHAR(32) REFERENCES base_cell (id), auto_score FLOAT, manual_score FLOAT, extra_credit FLOAT,
    needs_manual_grade BOOLEAN NOT NULL, UNIQUE (cell_id, notebook_id));
CREATE TABLE comment (id VARCHAR(32) NOT NULL PRIMARY KEY, notebook_id VARCHAR(32) REFERENCES submitted_notebook (id),
    cell_id VARCHAR(32) REFERENCES base_cell (id), auto_comment TEXT, manual_comment TEXT, UNIQUE (cell_id, notebook_id));
"""
