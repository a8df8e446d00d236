"""Tests of facts and deliveries."""
