"""What this stage plugs into its own registries: the manual identity check and its kinds of requirements."""
