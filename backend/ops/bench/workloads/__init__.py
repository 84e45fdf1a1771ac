"""The workloads: each module offers functions from a rig to a result."""
