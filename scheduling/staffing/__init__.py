"""How many agents an interval needs: queueing mathematics over arrays."""
