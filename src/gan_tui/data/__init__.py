"""Embedded data sets, and where fuller ones may be found."""
