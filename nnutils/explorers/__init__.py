"""Explorers: figures with sliders, one module a lesson. They draw into an image that follows the slider."""
