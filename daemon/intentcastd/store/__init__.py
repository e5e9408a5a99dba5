"""What must survive a restart: one writer, one module per noun, migrations."""
