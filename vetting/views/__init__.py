"""Pages of this stage: translate, make one action or query call, translate back."""
