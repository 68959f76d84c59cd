"""Pages of this stage: public, for agents, for brands."""
