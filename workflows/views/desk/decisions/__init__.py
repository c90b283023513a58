"""What may be decided at the desk: small forms, one module a stage, each calling one verb."""
