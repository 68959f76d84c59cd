"""The ground floor: everything the seven stages share. Nothing in here imports a stage."""
