"""What a request costs, how likely it fills, and what fixed staff would have cost."""
