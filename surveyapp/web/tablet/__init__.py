"""What the officer meets on the tablet: enrolment and the start of an occasion."""
