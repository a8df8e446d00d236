"""Takes tables of other programs into any declared record type: understood, tried out, done in portions, undone as one."""
