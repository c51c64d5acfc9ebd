"""Results of the city and of each unit, how they are made, and releasing them."""
