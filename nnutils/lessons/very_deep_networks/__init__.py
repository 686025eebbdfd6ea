"""Lesson 16: networks of 40 layers and more: shortcuts, small branches, and a norm before each branch."""

NUMBER = 16
MINUTES = 90
