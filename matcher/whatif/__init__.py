"""What if: scenarios as declared changes of a programme, and what their plans differ in."""
