"""Behavioural checks (Ribeiro et al. 2020): what any reader sees in a short text."""
