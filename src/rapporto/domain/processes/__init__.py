"""What is done with them: activities, and later the processes made of activities."""
