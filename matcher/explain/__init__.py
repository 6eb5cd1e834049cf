"""Why, why not, and what would change it: questions put to a plan, answered by numbers that are exact or say so."""
