"""The rights of persons over their data: export, erasure, the register of accesses."""
